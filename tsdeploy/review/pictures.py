"""Liveboards as pictures: tabs, and tiles in their grid with name and chart type, before and after a change.

The grid has 12 columns. Older releases write a size by name instead of corner and extent, and fill rows from left to
right; so does ``_flowed``. Source: layouts of public exports of both kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from tsdeploy.tml.difference.labels import items_at, note_blocks, text_at
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Node

COLUMNS = 12
_SIZES = {
    "EXTRA_SMALL": (3, 3),
    "SMALL": (4, 4),
    "MEDIUM_SMALL": (6, 4),
    "MEDIUM": (6, 6),
    "LARGE_SMALL": (8, 6),
    "LARGE": (12, 6),
    "EXTRA_LARGE": (12, 8),
}
_DEFAULT = (6, 6)
_LARGEST = 400
"""No number of a layout is believed beyond this: the picture must not be made of nothing but empty space."""
_NOTE = "NOTE"
_GROUP = "GROUP"
_TABLE = "TABLE"


class Mark(str, Enum):
    """What became of a tile; one that came or went has no other mark."""

    ADDED = "new"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RESIZED = "resized"
    BROKEN = "stops working"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: whose it is, what it shows, and where it lies in the grid of its tab, or of its group."""

    id: str
    name: str
    chart: str
    x: int
    y: int
    width: int
    height: int
    marks: tuple[Mark, ...] = ()
    inner: tuple[Tile, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a Liveboard; the name is "" where a Liveboard has no tabs."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A Liveboard before and after; a side that is not there has no tabs."""

    before: tuple[Tab, ...]
    after: tuple[Tab, ...]


def draw_liveboard(
    before: Document | None, after: Document | None, changed: Iterable[str] = (), broken: Iterable[str] = ()
) -> Picture:
    """The picture of both versions.

    ``changed`` are the ids of visualizations that are not what they were, ``broken`` of those that stop working.
    """
    old, new = _tabs(before), _tabs(after)
    differing, failing = frozenset(changed), frozenset(broken)
    places = _placed(old), _placed(new)
    return Picture(
        tuple(_marked(old, _Marker(places[0], places[1], differing, frozenset(), Mark.REMOVED))),
        tuple(_marked(new, _Marker(places[1], places[0], differing, failing, Mark.ADDED))),
    )


_Place = tuple[str, Tile]
"""The tab or group that a tile lies in, and the tile with its corner and extent."""


def _placed(tabs: Iterable[Tab]) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for tab in tabs:
        for tile in tab.tiles:
            found[tile.id] = (tab.name, tile)
            found |= {inner.id: (tile.id, inner) for inner in tile.inner}
    return found


@dataclass(frozen=True, slots=True)
class _Marker:
    """One side of a picture: where its tiles lie, where they lie on the other side, and the mark of a lonely one."""

    own: Mapping[str, _Place]
    other: Mapping[str, _Place]
    changed: frozenset[str]
    broken: frozenset[str]
    lonely: Mark

    def marks(self, id_: str) -> Iterator[Mark]:
        if id_ not in self.other:
            yield self.lonely
        else:
            yield from self._differences(id_)
        if id_ in self.broken:
            yield Mark.BROKEN

    def _differences(self, id_: str) -> Iterator[Mark]:
        (holder, tile), (other_holder, other) = self.own[id_], self.other[id_]
        if id_ in self.changed:
            yield Mark.CHANGED
        if (holder, tile.x, tile.y) != (other_holder, other.x, other.y):
            yield Mark.MOVED
        if (tile.width, tile.height) != (other.width, other.height):
            yield Mark.RESIZED


def _marked(tabs: Iterable[Tab], marker: _Marker) -> Iterator[Tab]:
    def mark(tile: Tile) -> Tile:
        return replace(tile, marks=tuple(marker.marks(tile.id)), inner=tuple(map(mark, tile.inner)))

    return (replace(tab, tiles=tuple(map(mark, tab.tiles))) for tab in tabs)


def _tabs(document: Document | None) -> tuple[Tab, ...]:
    if document is None:
        return ()
    shown = _Shown.of(document)
    tabs = items_at(document.body, "layout.tabs")
    if tabs:
        return tuple(Tab(text_at(tab, "name"), shown.tiles(tab)) for tab in tabs)
    layout = document.body
    tiles = shown.tiles(layout, "layout.tiles") or tuple(_flowed(shown.loose()))
    return (Tab("", tiles),) if tiles else ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What can stand on a tile: visualizations and groups by id, with name and chart type."""

    things: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, document: Document) -> _Shown:
        found = {text_at(item, "id"): _visualization(item) for item in items_at(document.body, "visualizations")}
        groups = items_at(document.body, "groups")
        return cls(found | {text_at(item, "id"): (text_at(item, "name"), _GROUP) for item in groups})

    def tiles(self, holder: Node, path: str = "tiles") -> tuple[Tile, ...]:
        """The tiles of a tab or group, placed, with those of the groups among them."""
        groups = {text_at(item, "id"): item for item in items_at(holder, "group_layouts")}
        tiles = (self._tile(item, groups) for item in items_at(holder, path))
        return tuple(_flowed(tiles))

    def loose(self) -> Iterator[Tile]:
        """Tiles for everything, of a Liveboard without a layout."""
        return (Tile(id_, name, chart, -1, -1, *_DEFAULT) for id_, (name, chart) in self.things.items())

    def _tile(self, item: Node, groups: Mapping[str, Node]) -> Tile:
        id_ = text_at(item, "visualization_id") or text_at(item, "id")
        name, chart = self.things.get(id_, (id_, ""))
        corner = (_number(text_at(item, "x"), -1), _number(text_at(item, "y"), -1))
        width, height = _SIZES.get(text_at(item, "size"), _DEFAULT)
        extent = (_number(text_at(item, "width"), width), _number(text_at(item, "height"), height))
        inner = self.tiles(groups[id_]) if id_ in groups else ()
        return Tile(id_, name, chart, *corner, max(1, min(COLUMNS, extent[0])), max(1, extent[1]), inner=inner)


def _visualization(item: Node) -> tuple[str, str]:
    note = text_at(item, "note_tile.html_parsed_string")
    if note:
        return " ".join(note_blocks(note))[:200], _NOTE
    is_table = text_at(item, "answer.display_mode") == "TABLE_MODE"
    return text_at(item, "answer.name"), _TABLE if is_table else text_at(item, "answer.chart.type")


def _number(text: str, otherwise: int) -> int:
    known = text.isascii() and text.isdigit() and len(text) < 6
    return min(int(text), _LARGEST) if known else otherwise


def _flowed(tiles: Iterable[Tile]) -> Sequence[Tile]:
    """Tiles without a corner, put into rows from left to right below those that have one."""
    given = list(tiles)
    placed = [tile for tile in given if min(tile.x, tile.y) >= 0]
    x, y, row = 0, max((tile.y + tile.height for tile in placed), default=0), 0
    for tile in given:
        if min(tile.x, tile.y) >= 0:
            continue
        if x + tile.width > COLUMNS:
            x, y, row = 0, y + row, 0
        placed.append(replace(tile, x=x, y=y))
        x, row = x + tile.width, max(row, tile.height)
    return placed
