"""Three-way merge of ``objects.json`` by object instead of by line, for git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tsdeploy.config.objects import ObjectMap, ObjectRecord, map_text, record_line

Side: TypeAlias = "tuple[ObjectRecord, ...]"

_LAST_DEPLOY = ("hash", "live", "commit")
"""What was deployed last, which belongs together."""

_DECIDED = ("kind", "name", "guid", "obj_id", "source")
"""What cannot be two things at once."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records of the same objects that cannot both be true. An empty side deleted them."""

    ours: tuple[ObjectRecord, ...]
    theirs: tuple[ObjectRecord, ...]

    @property
    def name(self) -> str:
        """What people call the first of the objects."""
        first = (*self.ours, *self.theirs)[0]
        return f"{first.kind}:{first.name}"


@dataclass(frozen=True, slots=True)
class Merged:
    """The records of the merge, in the order of the file, with the conflicts among them."""

    parts: tuple[ObjectRecord | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The objects that a person has to decide on."""
        return tuple(part for part in self.parts if isinstance(part, Conflict))

    def text(self, marker: int = 7) -> str:
        """The file, with conflict markers of this many characters around what is not decided."""
        last = len(self.parts) - 1
        lines = (_part_text(part, marker, "," if number < last else "") for number, part in enumerate(self.parts))
        return map_text("\n".join(lines))


def merge_objects(base: ObjectMap, ours: ObjectMap, theirs: ObjectMap) -> Merged:
    """Merge by object. Records are of one object when they share its source or its identity here.

    Each side's additions stay, fields that one side changed are its; a conflict is an object with another identity,
    source or inner GUID on either side, one that a side deleted and the other changed, and a GUID that the two sides
    gave to different objects.
    """
    parts: list[ObjectRecord | Conflict] = []
    for group in _groups((base, ours, theirs)):
        parts += _merge_group(*group)
    return Merged(tuple(sorted(parts, key=_order)))


def _merge_group(base: Side, ours: Side, theirs: Side) -> Iterator[ObjectRecord | Conflict]:
    if ours == theirs or theirs == base:
        yield from ours
    elif ours == base:
        yield from theirs
    else:
        merged = _fields(base, ours[0], theirs[0]) if len(ours) == len(theirs) == 1 else None
        yield merged or Conflict(ours, theirs)


def _fields(base: Side, ours: ObjectRecord, theirs: ObjectRecord) -> ObjectRecord | None:
    """The record with each side's changes; None where they contradict each other."""
    before = base[0] if len(base) == 1 else ObjectRecord("", "")
    values: dict[str, Any] = {}
    for name in _DECIDED:
        old, own, other = (getattr(record, name) for record in (before, ours, theirs))
        if own != other and old not in (own, other):
            return None
        values[name] = other if own == old else own
    values |= _last_deploy(before, ours, theirs)
    inner = _inner(before.inner, ours.inner, theirs.inner)
    return None if inner is None else replace(ours, **values, inner=inner)


def _last_deploy(base: ObjectRecord, ours: ObjectRecord, theirs: ObjectRecord) -> dict[str, str]:
    """What the one side that deployed wrote down. Where both did, neither knows what is live: nothing is known."""
    old, own, other = ({name: getattr(one, name) for name in _LAST_DEPLOY} for one in (base, ours, theirs))
    if own == other or other == old:
        return own
    return other if own == old else dict.fromkeys(_LAST_DEPLOY, "")


def _inner(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str] | None:
    merged = {}
    for guid in {**base, **ours, **theirs}:
        old, own, other = base.get(guid), ours.get(guid), theirs.get(guid)
        if own != other and old not in (own, other):
            return None
        kept = other if own == old else own
        if kept is not None:
            merged[guid] = kept
    return merged


def _groups(sides: Sequence[ObjectMap]) -> Iterator[tuple[Side, Side, Side]]:
    """Records of the three sides that speak of the same objects, directly or through each other."""
    leader: dict[tuple[str, ...], tuple[str, ...]] = {}

    def find(name: tuple[str, ...]) -> tuple[str, ...]:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for record in (record for side in sides for record in side):
        first, *more = _names(record)
        for name in more:
            leader[find(name)] = find(first)
    found: dict[tuple[str, ...], tuple[list[ObjectRecord], ...]] = {}
    for number, side in enumerate(sides):
        for record in side:
            found.setdefault(find(_names(record)[0]), ([], [], []))[number].append(record)
    for base, ours, theirs in found.values():
        yield tuple(base), tuple(ours), tuple(theirs)


def _names(record: ObjectRecord) -> list[tuple[str, ...]]:
    """Every way to say which object a record is of."""
    given = (("source", record.kind, record.source), ("guid", record.guid), ("obj_id", record.kind, record.obj_id))
    return [name for name in given if name[-1]] or [("name", record.kind, record.name)]


def _order(part: ObjectRecord | Conflict) -> tuple[str, str, str, str]:
    return part.order if isinstance(part, ObjectRecord) else (*part.ours, *part.theirs)[0].order


def _part_text(part: ObjectRecord | Conflict, marker: int, comma: str) -> str:
    if isinstance(part, ObjectRecord):
        return record_line(part) + comma
    ours, theirs = ([record_line(record) + "," for record in side] for side in (part.ours, part.theirs))
    for side in (ours, theirs):
        if side and not comma:
            side[-1] = side[-1][:-1]
    return "\n".join(["<" * marker + " ours", *ours, "=" * marker, *theirs, ">" * marker + " theirs"])
