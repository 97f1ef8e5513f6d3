"""Two versions of a document become differences in the user's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tsdeploy.tml.difference.change import Difference, Weight
from tsdeploy.tml.difference.deltas import Delta, body_deltas, root_deltas
from tsdeploy.tml.difference.fields import FieldChange, field_change
from tsdeploy.tml.difference.grouping import Group, Sort, grouped, tile_scope
from tsdeploy.tml.difference.labels import text_at
from tsdeploy.tml.difference.tiles import shifted, shifts, tab_content, tile_difference, whole_holders
from tsdeploy.tml.difference.words import Wording
from tsdeploy.tml.document import Document
from tsdeploy.tml.lines import Positions
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.syntax import Plain


def describe(before: Document, after: Document) -> tuple[Difference, ...]:
    """Everything that differs between two versions of an object, in document order, noise included.

    Each place that differs is covered by exactly one difference. Where only the writing differs (quotes, order of
    keys, line ends) there is one difference that says so; for the same text there is none.
    """
    if before.text == after.text:
        return ()
    deltas = (*root_deltas(before, after), *body_deltas(before, after))
    if not deltas:
        return (_rewritten(after),)
    return tuple(_Telling(before, after, deltas).tell(grouped(deltas)))


def _rewritten(after: Document) -> Difference:
    return Difference("text.rewritten", Weight.NOISE, "", ("written differently, same content",), location=after.at(0))


class _Telling:
    def __init__(self, before: Document, after: Document, deltas: Iterable[Delta]) -> None:
        self._sides = before, after
        self._wording = Wording(before, after)
        self._whole = whole_holders(deltas, self._wording.names)
        self._positions = Positions(before.text, before.path), Positions(after.text, after.path)

    def tell(self, groups: list[Group]) -> Iterator[Difference]:
        merged = _with_their_tiles(groups)
        tiles = [group for group in merged if group.sort is Sort.TILE]
        moved = {
            id(group): (key, members)
            for key, members in shifts(tiles, self._wording.names).items()
            for group in members
        }
        for group in merged:
            if id(group) not in moved:
                yield self._completed(self._words(group), group.deltas)
                continue
            key, members = moved[id(group)]
            if group is members[0]:
                yield self._completed(shifted(key, members), [one for member in members for one in member.deltas])

    def _words(self, group: Group) -> Difference:
        wording = self._wording
        if group.sort is Sort.LOCATION:
            return wording.location(group, *self._sides)
        if group.sort is Sort.IDENTITY:
            return wording.reference(group)
        if group.sort is Sort.TILE:
            return tile_difference(group, wording.names, self._whole)
        if group.sort is Sort.VALUES:
            return wording.values(group)
        found = wording.single(group.first)
        content = tab_content(group.first, wording.names)
        if content is not None:
            return replace(found, old=content) if group.first.after is None else replace(found, new=content)
        tile = next((delta for delta in group.deltas if tile_scope(delta) is not None), None)
        if tile is not None and tile is not group.first:
            placed = tile_difference(Group(Sort.TILE, (tile,)), wording.names, self._whole)
            found = replace(found, old=placed.old, new=placed.new)
        return found

    def _completed(self, found: Difference, deltas: Iterable[Delta]) -> Difference:
        """With the values, the place in the file, and all places it covers."""
        covered = tuple(deltas)
        first = covered[0]
        fields = [field_change(delta) for delta in covered]
        positions = self._positions[0 if first.after is None else 1]
        return replace(
            found,
            before=_value({field.at: field.before for field in fields if field.before is not None}, fields),
            after=_value({field.at: field.after for field in fields if field.after is not None}, fields),
            location=positions.at(first.node.start),
            covers=tuple(field.at for field in fields),
        )


def _value(values: dict[str, Plain], fields: list[FieldChange]) -> Plain | None:
    """The value of one field; of several fields each under its place."""
    if not values:
        return None
    return dict(values) if len(fields) > 1 else next(iter(values.values()))


def _with_their_tiles(groups: list[Group]) -> list[Group]:
    """A visualization that came or went takes its tile along."""
    tiles = {key: group for group in groups if (key := _tile_key(group)) is not None}
    made: list[Group] = []
    merged: set[int] = set()
    for group in groups:
        tile = tiles.get(_visualization_key(group))
        if tile is not None:
            merged.add(id(tile))
        made.append(Group(group.sort, (*group.deltas, *tile.deltas)) if tile else group)
    return [group for group in made if id(group) not in merged]


def _tile_key(group: Group) -> tuple[str, str] | None:
    """Which visualization's tiles came or went, where the group is nothing else."""
    verbs = {delta.verb for delta in group.deltas}
    scope = tile_scope(group.first)
    if group.sort is not Sort.TILE or scope is None or len(verbs) > 1 or not verbs <= {"added", "removed"}:
        return None
    is_whole = all(delta.pattern == scope.pattern for delta in group.deltas)
    return (scope.label, group.first.verb) if is_whole else None


def _visualization_key(group: Group) -> tuple[str, str]:
    delta = group.first
    if delta.pattern[-2:] == ("visualizations", ITEM) and group.sort is Sort.SINGLE:
        return (text_at(delta.node, "id"), delta.verb)
    return ("", "")
