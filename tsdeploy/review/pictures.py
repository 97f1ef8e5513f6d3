"""Liveboards as pictures: tabs, and tiles in their grid with name and chart type, before and after a change.

The grid has 12 columns. Older releases write a size by name instead of corner and extent, and fill rows from left to
right; so does ``_flowed``. Source: layouts of public exports of both kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from tsdeploy.tml.difference.align import align
from tsdeploy.tml.difference.labels import items_at, note_blocks, text_at
from tsdeploy.tml.difference.lists import rule_of
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node

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
_TABS = ("liveboard", "layout", "tabs")
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
    """One tile: whose it is, what it shows, and where it lies in the grid of its tab, or of its group.

    ``elsewhere`` is the tab or group that it lies in on the other side, where that is another one.
    """

    id: str
    name: str
    chart: str
    x: int
    y: int
    width: int
    height: int
    marks: tuple[Mark, ...] = ()
    inner: tuple[Tile, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a Liveboard; the name is "" where a Liveboard has no tabs."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class TabPair:
    """A tab before and after, perhaps under another name; None where it is not there."""

    before: Tab | None
    after: Tab | None


def draw_liveboard(
    before: Document | None, after: Document | None, changed: Iterable[str] = (), broken: Iterable[str] = ()
) -> tuple[TabPair, ...]:
    """The pictures of both versions: the tabs of the newer one in their order, then those that it has no more.

    ``changed`` are the ids of visualizations that are not what they were, ``broken`` of those that stop working.
    """
    pairs = _paired(before, after)
    differing, failing = frozenset(changed), frozenset(broken)
    old, new = _placed([pair.before for pair in pairs]), _placed([pair.after for pair in pairs])
    olds = _Marker(old, new, differing, frozenset(), Mark.REMOVED)
    news = _Marker(new, old, differing, failing, Mark.ADDED)
    return tuple(TabPair(olds.tab(pair.before), news.tab(pair.after)) for pair in pairs)


def _paired(before: Document | None, after: Document | None) -> list[TabPair]:
    old, new = _tabs(before), _tabs(after)
    if None in (*old, *new):
        # What has no tabs becomes the first tab of what has some.
        return [TabPair(*sides) for sides in zip_longest(old.values(), new.values())]
    olds, news = ([node for node in side if node is not None] for side in (old, new))
    aligned = align(olds, news, rule_of(_TABS)).pairs
    partners = {one.after: one.before for one in aligned}
    gone = (old[one.before] for one in aligned if one.after is None)
    changed = (TabPair(old[partners[node]] if partners[node] else None, tab) for node, tab in new.items())
    return [*changed, *(TabPair(tab, None) for tab in gone)]


@dataclass(frozen=True, slots=True)
class _Place:
    """A tile and what holds it: the number of a pair of tabs, or the id of a group; and what that is called."""

    holder: int | str
    called: str
    tile: Tile


def _placed(tabs: Iterable[Tab | None]) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for number, tab in enumerate(tabs):
        for tile in tab.tiles if tab else ():
            found[tile.id] = _Place(number, tab.name if tab else "", tile)
            found |= {inner.id: _Place(tile.id, tile.name, inner) for inner in tile.inner}
    return found


@dataclass(frozen=True, slots=True)
class _Marker:
    """One side of a picture: where its tiles lie, where they lie on the other side, and the mark of a lonely one."""

    own: MappingType[str, _Place]
    other: MappingType[str, _Place]
    changed: frozenset[str]
    broken: frozenset[str]
    lonely: Mark

    def tab(self, tab: Tab | None) -> Tab | None:
        """The tab with its tiles marked."""
        return replace(tab, tiles=tuple(map(self._marked, tab.tiles))) if tab else None

    def _marked(self, tile: Tile) -> Tile:
        own, other = self.own[tile.id], self.other.get(tile.id)
        elsewhere = other.called if other and other.holder != own.holder else ""
        inner = tuple(map(self._marked, tile.inner))
        return replace(tile, marks=tuple(self._marks(tile.id)), inner=inner, elsewhere=elsewhere)

    def _marks(self, id_: str) -> Iterator[Mark]:
        if id_ not in self.other:
            yield self.lonely
        else:
            yield from self._differences(id_)
        if id_ in self.broken:
            yield Mark.BROKEN

    def _differences(self, id_: str) -> Iterator[Mark]:
        own, other = self.own[id_], self.other[id_]
        if id_ in self.changed:
            yield Mark.CHANGED
        if (own.holder, own.tile.x, own.tile.y) != (other.holder, other.tile.x, other.tile.y):
            yield Mark.MOVED
        if (own.tile.width, own.tile.height) != (other.tile.width, other.tile.height):
            yield Mark.RESIZED


def _tabs(document: Document | None) -> dict[Node | None, Tab]:
    """The tabs by their places in the document; a single one at None where a Liveboard has no tabs."""
    if document is None:
        return {}
    shown = _Shown.of(document)
    tabs = items_at(document.body, "layout.tabs")
    if tabs:
        return {tab: Tab(text_at(tab, "name"), shown.tiles(tab)) for tab in tabs}
    layout = document.body.get("layout") if isinstance(document.body, Mapping) else None
    tiles = shown.tiles(layout) or tuple(_flowed(shown.loose()))
    return {None: Tab("", tiles)} if tiles else {}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What can stand on a tile: visualizations and groups by id, with name and chart type."""

    things: MappingType[str, tuple[str, str]]

    @classmethod
    def of(cls, document: Document) -> _Shown:
        found = {text_at(item, "id"): _visualization(item) for item in items_at(document.body, "visualizations")}
        groups = items_at(document.body, "groups")
        return cls(found | {text_at(item, "id"): (text_at(item, "name"), _GROUP) for item in groups})

    def tiles(self, holder: Node | None) -> tuple[Tile, ...]:
        """The tiles of a tab, a group or a layout without tabs, placed, with those of the groups among them."""
        groups = {text_at(item, "id"): item for item in items_at(holder, "group_layouts")}
        tiles = (self._tile(item, groups) for item in items_at(holder, "tiles"))
        return tuple(_flowed(tiles))

    def loose(self) -> Iterator[Tile]:
        """Tiles for everything, of a Liveboard without a layout."""
        return (Tile(id_, name, chart, -1, -1, *_DEFAULT) for id_, (name, chart) in self.things.items())

    def _tile(self, item: Node, groups: MappingType[str, Node]) -> Tile:
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
