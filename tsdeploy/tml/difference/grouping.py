"""Which places that differ one sentence speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tsdeploy.tml.catalogue import Holds, places
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.deltas import Delta, Scope
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.syntax import Scalar


class Sort(Enum):
    """What the places of a group have in common."""

    SINGLE = "single"
    LOCATION = "location"
    """Database, schema and table of the warehouse."""
    IDENTITY = "identity"
    """Name, GUID and obj_id of one reference."""
    TILE = "tile"
    """Where a visualization lies, and how large it is."""
    VALUES = "values"
    """The values of one plain list."""
    COLUMN = "column"
    """A column of an answer, and of its table and chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Places that one sentence speaks for, in document order."""

    sort: Sort
    deltas: tuple[Delta, ...]

    @property
    def first(self) -> Delta:
        """The place that the sentence is found at."""
        return self.deltas[0]


_LOCATION = frozenset({"db", "schema", "db_table"})
_IDENTITY = frozenset({"id", "name", "fqn", "obj_id"})
_ANSWER_LISTS = frozenset({"answer_columns", "table_columns", "chart_columns"})


def grouped(deltas: tuple[Delta, ...]) -> list[Group]:
    """The groups, in the order of their first places. Every place is in exactly one."""
    found: dict[tuple[object, ...], list[Delta]] = {}
    for number, delta in enumerate(deltas):
        key = (number,) if delta.weight is Weight.NOISE else _key(delta) or (number,)
        found.setdefault(key, []).append(delta)
    return [Group(_sort(key), tuple(members)) for key, members in found.items()]


def _sort(key: tuple[object, ...]) -> Sort:
    return key[0] if isinstance(key[0], Sort) else Sort.SINGLE


def _key(delta: Delta) -> tuple[object, ...] | None:
    tile = tile_scope(delta)
    if tile is not None and not delta.reordered:
        return (Sort.TILE, tile.label)
    if _is_plain_item(delta):
        return (Sort.VALUES, delta.steps[:-1])
    if delta.pattern[:-1] == ("table",) and delta.pattern[-1] in _LOCATION:
        return (Sort.LOCATION,)
    if delta.pattern[-1] in _IDENTITY and _is_reference(delta):
        return (Sort.IDENTITY, delta.steps[:-1])
    if _is_answer_column(delta):
        above = delta.steps[: -2 if delta.pattern[-2] == "answer_columns" else -3]
        return (Sort.COLUMN, above, delta.steps[-1], delta.verb)
    return None


def tile_scope(delta: Delta) -> Scope | None:
    """The tile of a layout that a place belongs to."""
    return next((scope for scope in delta.scopes if scope.pattern[-2:] == ("tiles", ITEM)), None)


def _is_plain_item(delta: Delta) -> bool:
    sides = [node for node in (delta.before, delta.after) if node is not None]
    return delta.pattern[-1] == ITEM and all(isinstance(node, Scalar) for node in sides)


def _is_reference(delta: Delta) -> bool:
    """Whether the place is in an identity block that both versions have."""
    above = delta.pattern[:-1]
    return any(place.holds is Holds.IDENTITY and place.pattern == above for place in places(delta.pattern[0]))


def _is_answer_column(delta: Delta) -> bool:
    return (
        delta.pattern[-1] == ITEM
        and len(delta.pattern) > 1
        and delta.pattern[-2] in _ANSWER_LISTS
        and delta.verb in ("added", "removed")
    )
