"""Tiles of a layout: where they lie, in the grid of their tab or group, and what moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from tsdeploy.tml.difference.change import Difference, Phrase, Quoted, Weight
from tsdeploy.tml.difference.deltas import Delta, Scope
from tsdeploy.tml.difference.grouping import Group, tile_scope
from tsdeploy.tml.difference.labels import Names, items_at, text_at
from tsdeploy.tml.patterns import ITEM, Pattern
from tsdeploy.tml.syntax import Node

_FEWEST_SHIFTED = 3
_GRID = frozenset({"x", "y", "width", "height", "size"})


_TAB, _GROUP = "tab", "group"
_HOLDERS: Mapping[Pattern, str] = {("tabs", ITEM): _TAB, ("group_layouts", ITEM): _GROUP}


@dataclass(frozen=True, slots=True)
class Holder:
    """What a tile lies in: the word for it, and what it is called; both "" on a Liveboard without tabs."""

    word: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: what it lies in, its corner and its size, all as the document writes them."""

    holder: Holder
    corner: tuple[str, str]
    size: str

    def __str__(self) -> str:
        where = f"({self.corner[0]},{self.corner[1]}) {self.size}" if any(self.corner) else f"size {self.size}"
        return f"{self.holder.word} {self.holder.name} {where}" if self.holder.word else where


@dataclass(frozen=True, slots=True)
class WholeHolders:
    """The tiles of the tabs and groups that came or went as a whole, by what they show."""

    came: Mapping[str, Tile]
    went: Mapping[str, Tile]


def whole_holders(deltas: Iterable[Delta], names: Names) -> WholeHolders:
    """The tiles that no place of their own tells of, as all around them is new, or gone."""
    whole = [delta for delta in deltas if delta.pattern[-2:] in _HOLDERS and delta.verb in ("added", "removed")]
    came, went = (
        {shown: tile for delta in whole if delta.verb == verb for shown, tile in _held(delta, names)}
        for verb in ("added", "removed")
    )
    return WholeHolders(came, went)


def tab_content(delta: Delta, names: Names) -> str | None:
    """What lies on a tab that came or went, by name; None where the place is no such tab, or nothing does."""
    if _HOLDERS.get(delta.pattern[-2:]) != _TAB or delta.verb not in ("added", "removed"):
        return None
    return ", ".join(names.title(_shown(item)) for item in items_at(delta.node, "tiles")) or None


def _held(delta: Delta, names: Names) -> Iterator[tuple[str, Tile]]:
    """What the tiles of a whole tab or group show, each with the tile."""
    holder = _holder(delta.scopes[-1], names, new=delta.before is None)
    for item in items_at(delta.node, "tiles"):
        yield _shown(item), _tile(item, holder)
    for layout in items_at(delta.node, "group_layouts"):
        group = Holder(_GROUP, names.title(text_at(layout, "id")))
        yield from ((_shown(item), _tile(item, group)) for item in items_at(layout, "tiles"))


def tile_difference(group: Group, names: Names, whole: WholeHolders) -> Difference:
    """What became of the tile of one visualization; a tile that changed tabs is one that moved."""
    scope = tile_scope(group.first)
    shown = scope.label if scope else ""
    old = _side(group.deltas, names, new=False) or whole.went.get(shown)
    new = _side(group.deltas, names, new=True) or whole.came.get(shown)
    found = Difference("visualization.tile.changed", Weight.LAYOUT, group.first.at, names.tile(shown), "tile changed")
    if old is None or new is None:
        if new is not None:
            return replace(found, what="visualization.placed", predicate="placed", new=str(new))
        return replace(found, what="visualization.unplaced", predicate="taken off the layout", old=str(old))
    return _compared(found, old, new, group)


def _compared(found: Difference, old: Tile, new: Tile, group: Group) -> Difference:
    if (old.holder, old.corner) != (new.holder, new.corner):
        shown = new if old.holder != new.holder else replace(new, holder=Holder())
        predicate = _moved(old.holder, new.holder)
        return replace(found, what="visualization.moved", predicate=predicate, old=str(old), new=str(shown))
    if old.size != new.size:
        return replace(found, what="visualization.resized", predicate="resized", old=old.size, new=new.size)
    keys = sorted({delta.pattern[-1] for delta in group.deltas} - _GRID)
    return replace(found, new=", ".join(keys) or None)


def _moved(old: Holder, new: Holder) -> str:
    if old == new:
        return "moved"
    if new.word == _GROUP:
        return "moved to another group" if old.word == _GROUP else "moved into a group"
    return "moved out of its group" if old.word == _GROUP else "moved to another tab"


def _side(deltas: Iterable[Delta], names: Names, *, new: bool) -> Tile | None:
    """The tile in one version; the first that is there, as a tile can lie on a single tab only."""
    for delta in deltas:
        scope = tile_scope(delta)
        node = (scope.after if new else scope.before) if scope else None
        if node is not None:
            # Inside of a tab there may be a group: what is nearest to the tile holds it.
            around = [one for one in delta.scopes if one.pattern[-2:] in _HOLDERS]
            return _tile(node, _holder(around[-1], names, new=new) if around else Holder())
    return None


def _holder(scope: Scope, names: Names, *, new: bool) -> Holder:
    word = _HOLDERS[scope.pattern[-2:]]
    if word == _GROUP:
        return Holder(word, names.title(scope.label))
    return Holder(word, text_at(scope.after if new else scope.before, "name"))


def _shown(item: Node) -> str:
    return text_at(item, "visualization_id") or text_at(item, "id")


def _tile(node: Node, holder: Holder) -> Tile:
    width, height = text_at(node, "width"), text_at(node, "height")
    size = f"{width}×{height}" if width or height else text_at(node, "size")
    return Tile(holder, (text_at(node, "x"), text_at(node, "y")), size)


Shift: TypeAlias = "tuple[Holder, int, int]"
"""The tab or group, and how many columns and rows its tiles moved."""


def shifts(groups: Iterable[Group], names: Names) -> dict[Shift, list[Group]]:
    """Groups of tiles that moved alike within a tab, as saving a Liveboard often does."""
    found: dict[Shift, list[Group]] = {}
    for group in groups:
        old, new = _side(group.deltas, names, new=False), _side(group.deltas, names, new=True)
        step = _step(old, new) if old and new else None
        if step is not None and new is not None:
            found.setdefault((new.holder, *step), []).append(group)
    return {key: members for key, members in found.items() if len(members) >= _FEWEST_SHIFTED}


def _step(old: Tile, new: Tile) -> tuple[int, int] | None:
    if (old.holder, old.size) != (new.holder, new.size) or old.corner == new.corner:
        return None
    corners = (*old.corner, *new.corner)
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in corners):
        return None
    x, y, to_x, to_y = map(int, corners)
    return to_x - x, to_y - y


def shifted(key: Shift, groups: list[Group]) -> Difference:
    """One sentence for tiles that moved alike."""
    holder, columns, rows = key
    many = f"{len(groups)} tiles"
    tiles: Phrase = (f"{many} of {holder.word} ", Quoted(holder.name)) if holder.word else (many,)
    steps = ", ".join(_directions(columns, rows))
    return Difference("layout.shifted", Weight.LAYOUT, groups[0].first.at, tiles, "moved", new=steps)


def _directions(columns: int, rows: int) -> Iterator[str]:
    if columns:
        yield f"{abs(columns)} to the {'right' if columns > 0 else 'left'}"
    if rows:
        yield f"{abs(rows)} {'down' if rows > 0 else 'up'}"
