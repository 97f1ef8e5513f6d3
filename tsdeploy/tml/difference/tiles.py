"""Tiles of a layout: where they lie, in the grid of their tab, and what moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tsdeploy.tml.catalogue import ITEM
from tsdeploy.tml.difference.change import Difference, Phrase, Quoted, Weight
from tsdeploy.tml.difference.deltas import Delta
from tsdeploy.tml.difference.grouping import Group, tile_scope
from tsdeploy.tml.difference.labels import Names, text_at
from tsdeploy.tml.syntax import Node

_FEWEST_SHIFTED = 3
_GRID = frozenset({"x", "y", "width", "height", "size"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its tab ("" without tabs), its corner and its size, all as the document writes them."""

    tab: str
    corner: tuple[str, str]
    size: str

    def __str__(self) -> str:
        where = f"({self.corner[0]},{self.corner[1]}) {self.size}" if any(self.corner) else f"size {self.size}"
        return f"tab {self.tab} {where}" if self.tab else where


def tile_difference(group: Group, names: Names) -> Difference:
    """What became of the tile of one visualization; a tile that changed tabs is one that moved."""
    old, new = _side(group.deltas, new=False), _side(group.deltas, new=True)
    scope = tile_scope(group.first)
    subject = names.tile(scope.label if scope else "")
    found = Difference("visualization.tile.changed", Weight.LAYOUT, group.first.at, subject, "tile changed")
    if old is None or new is None:
        if new is not None:
            return replace(found, what="visualization.placed", predicate="placed", new=str(new))
        return replace(found, what="visualization.unplaced", predicate="taken off the layout", old=str(old))
    return _compared(found, old, new, group)


def _compared(found: Difference, old: Tile, new: Tile, group: Group) -> Difference:
    if (old.tab, old.corner) != (new.tab, new.corner):
        shown = new if old.tab != new.tab else replace(new, tab="")
        return replace(found, what="visualization.moved", predicate="moved", old=str(old), new=str(shown))
    if old.size != new.size:
        return replace(found, what="visualization.resized", predicate="resized", old=old.size, new=new.size)
    keys = sorted({delta.pattern[-1] for delta in group.deltas} - _GRID)
    return replace(found, new=", ".join(keys) or None)


def _side(deltas: Iterable[Delta], *, new: bool) -> Tile | None:
    """The tile in one version; the first that is there, as a tile can lie on a single tab only."""
    for delta in deltas:
        scope = tile_scope(delta)
        node = (scope.after if new else scope.before) if scope else None
        if node is not None:
            return _tile(node, _tab(delta, new=new))
    return None


def _tab(delta: Delta, *, new: bool) -> str:
    for scope in delta.scopes:
        if scope.pattern[-2:] == ("tabs", ITEM):
            return text_at(scope.after if new else scope.before, "name")
        if scope.pattern[-2:] == ("group_layouts", ITEM):
            return scope.label
    return ""


def _tile(node: Node, tab: str) -> Tile:
    width, height = text_at(node, "width"), text_at(node, "height")
    size = f"{width}×{height}" if width or height else text_at(node, "size")
    return Tile(tab, (text_at(node, "x"), text_at(node, "y")), size)


def shifts(groups: Iterable[Group]) -> dict[tuple[str, int, int], list[Group]]:
    """Groups of tiles that moved alike within a tab, as saving a Liveboard often does; by tab, columns and rows."""
    found: dict[tuple[str, int, int], list[Group]] = {}
    for group in groups:
        old, new = _side(group.deltas, new=False), _side(group.deltas, new=True)
        step = _step(old, new) if old and new else None
        if step is not None and new is not None:
            found.setdefault((new.tab, *step), []).append(group)
    return {key: members for key, members in found.items() if len(members) >= _FEWEST_SHIFTED}


def _step(old: Tile, new: Tile) -> tuple[int, int] | None:
    if (old.tab, old.size) != (new.tab, new.size) or old.corner == new.corner:
        return None
    corners = (*old.corner, *new.corner)
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in corners):
        return None
    x, y, to_x, to_y = map(int, corners)
    return to_x - x, to_y - y


def shifted(key: tuple[str, int, int], groups: list[Group]) -> Difference:
    """One sentence for tiles that moved alike."""
    tab, columns, rows = key
    tiles: Phrase = (f"{len(groups)} tiles of tab ", Quoted(tab)) if tab else (f"{len(groups)} tiles",)
    steps = ", ".join(_directions(columns, rows))
    return Difference("layout.shifted", Weight.LAYOUT, groups[0].first.at, tiles, "moved", new=steps)


def _directions(columns: int, rows: int) -> Iterator[str]:
    if columns:
        yield f"{abs(columns)} to the {'right' if columns > 0 else 'left'}"
    if rows:
        yield f"{abs(rows)} {'down' if rows > 0 else 'up'}"
