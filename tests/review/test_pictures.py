"""Liveboards as pictures: where tiles lie, and what became of them."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.review.changes import liveboard_redesigned
from tests.review.repositories import Workshop
from tsdeploy.review.page import page_data
from tsdeploy.review.pictures import Mark, Tab, Tile, draw_liveboard
from tsdeploy.tml.document import Document, parse_document

HEAD = "guid: g\nliveboard:\n  name: L\n  visualizations:\n"
VIZ = "  - id: {id}\n    answer:\n      name: {id}\n      chart:\n        type: {chart}\n"
TILE = '    - visualization_id: {id}\n      x: {x}\n      "y": 0\n      height: 4\n      width: {width}\n'


def board(*tiles: tuple[str, int, int]) -> str:
    things = "".join(VIZ.format(id=id_, chart="KPI") for id_, _, _ in tiles)
    layout = "".join(TILE.format(id=id_, x=x, width=width) for id_, x, width in tiles)
    return f"{HEAD}{things}  layout:\n    tiles:\n{layout}"


def drawn(before: str, after: str, *changed: str) -> dict[str, tuple[Mark, ...]]:
    old, new = (parse_document(text, "x") if text else None for text in (before, after))
    pairs = draw_liveboard(old, new, changed)
    sides = (*(pair.before for pair in pairs), *(pair.after for pair in pairs))
    return {tile.id: tile.marks for tab in sides if tab for tile in tab.tiles}


def only_tab(document: Document) -> Tab:
    (pair,) = draw_liveboard(None, document)
    assert pair.after is not None
    return pair.after


def test_tiles_are_marked_by_what_became_of_them() -> None:
    old = board(("A", 0, 4), ("B", 4, 4), ("C", 8, 4), ("D", 0, 6))
    new = board(("A", 0, 4), ("B", 0, 4), ("C", 8, 2), ("E", 0, 6))
    assert drawn(old, new, "A") == {
        "A": (Mark.CHANGED,),
        "B": (Mark.MOVED,),
        "C": (Mark.RESIZED,),
        "D": (Mark.REMOVED,),
        "E": (Mark.ADDED,),
    }


def test_a_liveboard_that_is_new_has_only_new_tiles() -> None:
    assert drawn("", board(("A", 0, 4))) == {"A": (Mark.ADDED,)}


@pytest.mark.parametrize(
    ("sizes", "places"),
    [
        (["MEDIUM", "MEDIUM", "LARGE"], [(0, 0), (6, 0), (0, 6)]),
        (["EXTRA_SMALL", "LARGE", "SMALL"], [(0, 0), (0, 3), (0, 9)]),
        (["unheard of", ""], [(0, 0), (6, 0)]),
    ],
)
def test_sizes_by_name_fill_rows_from_left_to_right(sizes: list[str], places: list[tuple[int, int]]) -> None:
    things = "".join(VIZ.format(id=f"Viz_{n}", chart="LINE") for n in range(len(sizes)))
    tiles = "".join(f"    - visualization_id: Viz_{n}\n      size: {size}\n" for n, size in enumerate(sizes))
    document = parse_document(f"{HEAD}{things}  layout:\n    tiles:\n{tiles}", "x")
    tab = only_tab(document)
    assert [(tile.x, tile.y) for tile in tab.tiles] == places


def test_numbers_without_measure_are_not_believed() -> None:
    document = parse_document(board(("A", 99999999999, 99999)).replace("height: 4", "height: -3"), "x")
    (tile,) = only_tab(document).tiles
    assert tile == Tile("A", "A", "KPI", 0, 0, 12, 6, (Mark.ADDED,))


GROUPED = (
    f"{HEAD}{VIZ.format(id='Viz_1', chart='LINE')}{VIZ.format(id='Viz_2', chart='BAR')}"
    "  groups:\n  - id: Group_1\n    name: Money\n    visualizations:\n    - Viz_1\n    - Viz_2\n  layout:\n"
)
GROUP = (
    "    tiles:\n    - visualization_id: Group_1\n      x: 0\n      height: 8\n      width: 12\n    group_layouts:\n"
    "    - id: Group_1\n      tiles:\n      - visualization_id: Viz_1\n      - visualization_id: Viz_2\n"
)


@pytest.mark.parametrize("layout", [GROUP, "    tabs:\n    - name: T\n" + indent(GROUP, "  ")], ids=["layout", "tab"])
def test_groups_hold_their_tiles(layout: str) -> None:
    (group,) = only_tab(parse_document(GROUPED + layout, "x")).tiles
    assert (group.name, group.chart, [one.id for one in group.inner]) == ("Money", "GROUP", ["Viz_1", "Viz_2"])


def test_a_tile_out_of_its_group_says_where_it_was() -> None:
    out = GROUP.replace("      - visualization_id: Viz_2\n", "").replace("tiles:\n", "tiles:\n    - id: Viz_2\n", 1)
    old, new = (parse_document(GROUPED + layout, "x") for layout in (GROUP, out))
    (pair,) = draw_liveboard(old, new)
    assert pair.after is not None
    assert {one.id: one.elsewhere for one in pair.after.tiles} == {"Group_1": "", "Viz_2": "Money"}


def test_a_renamed_tab_is_the_same_tab_and_nothing_in_it_moved() -> None:
    layout = "    tabs:\n    - name: {name}\n      id: 1\n" + indent(GROUP, "  ")
    old, new = (parse_document(GROUPED + layout.format(name=name), "x") for name in ("Old", "New"))
    (pair,) = draw_liveboard(old, new)
    assert pair.before is not None
    assert pair.after is not None
    assert (pair.before.name, pair.after.name, pair.after.tiles[0].marks) == ("Old", "New", ())


def test_a_redesign_on_the_page(workshop: Workshop) -> None:
    (item,) = page_data(workshop.review(liveboard_redesigned))["objects"]
    tabs = [pair["after"] for pair in item["picture"]]
    after = {tab["name"]: {tile["id"]: tile["marks"] for tile in tab["tiles"]} for tab in tabs}
    assert after["Products"] == {"Viz_7": ["moved", "resized"]}
    assert after["Overview"]["Viz_3"] == ["changed"]
    assert after["Overview"]["Viz_6"] == ["resized"]
    assert after["Overview"]["Viz_1"] == []
