"""Merging TML by item: what one side did is kept as it wrote it, contradictions are marked and named."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.merge import MergedText, merge_documents
from tsdeploy.tml.merge_lines import Unmergeable

BASE = """\
guid: g1
model:
  name: Sales
  columns:
  - name: Amount
    column_id: SALES::AMOUNT
    properties:
      column_type: MEASURE
      aggregation: SUM
      synonyms:
      - turnover
  - name: Region
    column_id: SALES::REGION
    properties:
      column_type: ATTRIBUTE
  properties:
    is_bypass_rls: false
"""
NEW = "  - name: {name}\n    column_id: SALES::{name}\n    properties:\n      column_type: ATTRIBUTE\n"
LIVEBOARD = next(one for one in documents_below(RETAIL) if one.label == "liveboard:Store Performance")


def merged(ours: str, theirs: str, base: str = BASE) -> MergedText:
    old, own, other = (parse_document(text, "Sales.model.tml") for text in (base, ours, theirs))
    return merge_documents(old, own, other)


def added(text: str, name: str, before: str) -> str:
    return text.replace(before, NEW.format(name=name) + before)


def test_columns_that_both_sides_add_in_one_place_both_stay() -> None:
    found = merged(added(BASE, "Store", "  properties:\n    is_b"), added(BASE, "Brand", "  properties:\n    is_b"))
    both = added(added(BASE, "Brand", "  properties:\n    is_b"), "Store", NEW.format(name="Brand"))
    assert found.conflicts == ()
    assert sorted(re.findall("- name: (.*)", found.text)) == ["Amount", "Brand", "Region", "Store"]
    assert sorted(found.text.splitlines()) == sorted(both.splitlines())


def test_different_fields_of_one_column_both_change() -> None:
    found = merged(BASE.replace("SUM", "AVERAGE"), BASE.replace("SALES::AMOUNT", "SALES::NET"))
    assert found == MergedText(BASE.replace("SUM", "AVERAGE").replace("SALES::AMOUNT", "SALES::NET"), ())


def test_synonyms_are_merged_as_a_set() -> None:
    ours = BASE.replace("      - turnover\n", "      - turnover\n      - sales\n")
    theirs = BASE.replace("      - turnover\n", "      - revenue\n")
    found = merged(ours, theirs)
    assert found.conflicts == ()
    assert sorted(re.findall("^      - (.*)", found.text, re.MULTILINE)) == ["revenue", "sales"]


def test_a_column_removed_here_and_untouched_there_is_gone() -> None:
    gone = BASE[: BASE.index("  - name: Region")] + BASE[BASE.index("  properties:\n    is_b") :]
    assert merged(gone, BASE.replace("SUM", "MAX")) == MergedText(gone.replace("SUM", "MAX"), ())
    assert merged(BASE.replace("SUM", "MAX"), gone) == MergedText(gone.replace("SUM", "MAX"), ())


def test_the_same_field_changed_in_two_ways_is_marked_and_named() -> None:
    found = merged(BASE.replace("SUM", "AVERAGE"), BASE.replace("SUM", "MAX").replace("ATTRIBUTE", "MEASURE"))
    assert [one.at for one in found.conflicts] == ["model.columns[Amount].properties.aggregation"]
    marked = (
        "<<<<<<< ours: model.columns[Amount].properties.aggregation\n      aggregation: AVERAGE\n=======\n"
        "      aggregation: MAX\n>>>>>>> theirs: model.columns[Amount].properties.aggregation\n"
    )
    assert found.text == BASE.replace("ATTRIBUTE", "MEASURE").replace("      aggregation: SUM\n", marked)


def test_a_column_changed_here_and_removed_there_is_a_conflict() -> None:
    gone = BASE[: BASE.index("  - name: Region")] + BASE[BASE.index("  properties:\n    is_b") :]
    found = merged(BASE.replace("SALES::REGION", "SALES::AREA"), gone)
    assert [one.at for one in found.conflicts] == ["model.columns[Region]"]
    assert "<<<<<<< ours: model.columns[Region]\n  - name: Region\n    column_id: SALES::AREA\n" in found.text
    other = merged(gone, BASE.replace("SALES::REGION", "SALES::AREA"))
    assert [one.at for one in other.conflicts] == ["model.columns[Region]"]


def test_a_renamed_column_is_the_same_column() -> None:
    found = merged(BASE.replace("name: Region", "name: Area"), BASE.replace("ATTRIBUTE", "MEASURE"))
    assert found == MergedText(BASE.replace("name: Region", "name: Area").replace("ATTRIBUTE", "MEASURE"), ())


def test_the_same_column_added_by_both_sides_is_there_once() -> None:
    both = added(BASE, "Store", "  properties:\n    is_b")
    assert merged(both.replace("SUM", "MAX"), both) == MergedText(both.replace("SUM", "MAX"), ())


def test_a_name_cannot_end_a_conflict() -> None:
    base = BASE.replace("name: Region", 'name: "Region\\n>>>>>>> theirs"')
    found = merged(base.replace("SALES::REGION", "A::B"), base.replace("SALES::REGION", "C::D"), base)
    assert [line[:14] for line in found.text.splitlines() if line.startswith(">>>>>>>")] == [">>>>>>> theirs"]


@pytest.mark.parametrize("text", ['{"guid": "g1", "model": {"name": "Sales"}}\n', BASE.replace("\n", "\r\n")])
def test_what_thoughtspot_does_not_write_is_left_to_git(text: str) -> None:
    with pytest.raises(Unmergeable):
        merged(text, BASE)


def test_a_chip_of_another_type_keeps_its_place_between_the_chips() -> None:
    region, date = "Region\n    type: FILTER", "Sale Date\n    type: FILTER"
    ours = LIVEBOARD.text.replace(region, region.replace("FILTER", "PARAMETER"))
    found = merged(ours, LIVEBOARD.text.replace(date, date.replace("FILTER", "PARAMETER")), LIVEBOARD.text)
    assert found == MergedText(ours.replace(date, date.replace("FILTER", "PARAMETER")), ())


def test_a_tile_moved_here_and_a_chart_changed_there() -> None:
    ours = LIVEBOARD.text.replace('        x: 3\n        "y": 0', '        x: 9\n        "y": 0', 1)
    theirs = LIVEBOARD.text.replace("type: COLUMN\n", "type: BAR\n", 1)
    found = merged(ours, theirs, LIVEBOARD.text)
    assert found.conflicts == ()
    sentences = [one.sentence for one in describe(LIVEBOARD, parse_document(found.text, "x"))]
    assert len(sentences) == 2
    assert any("chart type" in one for one in sentences)
    assert any("moved" in one for one in sentences)


KINDS = ("table", "model", "liveboard", "answer", "nls_feedback", "collection")
DOCUMENTS = [one for one in documents_below(RETAIL) if one.kind.name in KINDS]
CHANGED = re.compile(r" +(?:description|aggregation|expr|type|rating): [A-Za-z\[]")


def changed_lines(document: Document, numbers: list[int], *, odd: bool) -> str:
    """The document with other values in some of its descriptions, expressions and types: each second of them."""
    lines = document.text.splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if CHANGED.match(line)]
    for place in [places[number % len(places)] for number in numbers] if places else ():
        if places.index(place) % 2 == odd:
            lines[place] = re.sub(r": .*", ": Changed", lines[place])
    return "".join(lines)


NUMBERS = st.lists(st.integers(0, 60), max_size=6)


@given(st.sampled_from(DOCUMENTS), NUMBERS, NUMBERS)
def test_changes_in_different_places_never_conflict(document: Document, here: list[int], there: list[int]) -> None:
    ours, theirs = changed_lines(document, here, odd=True), changed_lines(document, there, odd=False)
    lines = zip(document.text.splitlines(), ours.splitlines(), theirs.splitlines(), strict=True)
    wanted = "".join(f"{own if own != old else other}\n" for old, own, other in lines)
    assert merged(ours, theirs, document.text) == MergedText(wanted, ())


@given(st.sampled_from(DOCUMENTS), NUMBERS)
def test_a_side_that_did_nothing_changes_nothing(document: Document, numbers: list[int]) -> None:
    other = changed_lines(document, numbers, odd=True)
    assert merged(other, document.text, document.text) == MergedText(other, ())
    assert merged(document.text, other, document.text) == MergedText(other, ())
