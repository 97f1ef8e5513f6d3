"""Object maps are merged by object: additions of both sides stay, contradictions are marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.mapping.merge import Merged, merge_objects

SALES = ObjectRecord("model", "Sales", "g1", source="s1", inner={"i1": "j1"}, hash="h", live="l", commit="c")
COSTS = ObjectRecord("model", "Costs", "g2", source="s2")


def merged(base: list[ObjectRecord], ours: list[ObjectRecord], theirs: list[ObjectRecord]) -> Merged:
    return merge_objects(*(ObjectMap(tuple(side)) for side in (base, ours, theirs)))


def changed(record: ObjectRecord, **values: object) -> ObjectRecord:
    return ObjectRecord(**{**{name: getattr(record, name) for name in record.__dataclass_fields__}, **values})


def test_additions_of_both_sides_stay_in_order() -> None:
    assert merged([], [SALES], [COSTS]).parts == (COSTS, SALES)


def test_a_deletion_of_an_untouched_object_holds() -> None:
    assert merged([SALES, COSTS], [SALES], [SALES, COSTS]).parts == (SALES,)


def test_each_side_s_fields_are_taken_over() -> None:
    ours, theirs = changed(SALES, name="Sales EU"), changed(SALES, inner={"i1": "j1", "i2": "j2"})
    assert merged([SALES], [ours], [theirs]).parts == (changed(theirs, name="Sales EU"),)


def test_what_was_deployed_last_is_unknown_where_both_sides_deployed() -> None:
    ours, theirs = changed(SALES, hash="x", live="x", commit="x"), changed(SALES, hash="y", live="y", commit="y")
    assert merged([SALES], [ours], [theirs]).parts == (changed(SALES, hash="", live="", commit=""),)
    assert merged([SALES], [ours], [SALES]).parts == (ours,)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ([], [SALES], [changed(SALES, guid="g9")]),
        ([SALES], [changed(SALES, guid="g8")], [changed(SALES, guid="g9")]),
        ([], [SALES], [changed(SALES, source="s9")]),
        ([SALES], [changed(SALES, inner={"i1": "x"})], [changed(SALES, inner={"i1": "y"})]),
        ([SALES], [], [changed(SALES, guid="g9")]),
        ([], [SALES], [changed(COSTS, guid="g1")]),
    ],
    ids=["other GUID", "both changed it", "other source", "other inner GUID", "deleted and changed", "two to one"],
)
def test_contradictions_are_marked(
    base: list[ObjectRecord], ours: list[ObjectRecord], theirs: list[ObjectRecord]
) -> None:
    found = merged(base, ours, theirs)
    assert len(found.conflicts) == 1
    text = found.text()
    assert [text.count(mark) for mark in ("<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n")] == [1, 1, 1]


def test_an_object_that_was_exported_and_then_deployed_is_one_object() -> None:
    exported = ObjectRecord("model", "Sales", "g1")
    assert merged([exported], [changed(exported, source="s1")], [changed(exported, name="Sales EU")]).parts == (
        ObjectRecord("model", "Sales EU", "g1", source="s1"),
    )


@pytest.mark.parametrize("keep", ["ours", "theirs"])
def test_a_file_with_one_side_of_each_conflict_is_valid(tmp_path: Path, keep: str) -> None:
    others = [ObjectRecord("answer", "A", "g0", source="s0"), ObjectRecord("table", "Z", "g4", source="s4")]
    text = merged([], [SALES, *others], [changed(SALES, guid="g9"), COSTS]).text()
    path = tmp_path / "objects.json"
    path.write_text(decided(text, keep), "utf-8")
    assert {record.name for record in load_objects(path, "objects.json")} == {"A", "Costs", "Sales", "Z"}


def decided(text: str, keep: str) -> str:
    """The file after a person kept one side."""
    kept, side = [], ""
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<<"):
            side = "ours"
        elif line.startswith("=======") and side:
            side = "theirs"
        elif line.startswith(">>>>>>>"):
            side = ""
        elif side in ("", keep):
            kept.append(line)
    return "".join(kept)


WORDS = st.sampled_from(["", "a", "b", "c"])
RECORDS = st.builds(ObjectRecord, st.sampled_from(["model", "table"]), st.sampled_from(["X", "Y"]), WORDS, WORDS, WORDS)
MAPS = st.lists(RECORDS, max_size=5).map(lambda records: ObjectMap().with_records(records))


@given(MAPS, MAPS)
def test_one_side_alone_wins_and_no_change_is_no_change(base: ObjectMap, other: ObjectMap) -> None:
    for found in (
        merge_objects(base, base, other),
        merge_objects(base, other, base),
        merge_objects(base, other, other),
    ):
        assert sorted(found.parts, key=repr) == sorted(other.records, key=repr)


@given(MAPS, MAPS, MAPS)
@settings(max_examples=200)
def test_every_guid_that_a_side_brought_is_in_the_file(base: ObjectMap, ours: ObjectMap, theirs: ObjectMap) -> None:
    text = merge_objects(base, ours, theirs).text()
    known = {record.guid for record in base}
    brought = {record.guid for side in (ours, theirs) for record in side} - known
    assert all(f'"guid": "{guid}"' in text or f'"guid":"{guid}"' in text for guid in brought if guid)


@given(MAPS, MAPS, MAPS)
def test_a_merge_is_the_same_from_both_sides(base: ObjectMap, ours: ObjectMap, theirs: ObjectMap) -> None:
    here, there = merge_objects(base, ours, theirs), merge_objects(base, theirs, ours)
    assert len(here.conflicts) == len(there.conflicts)
    assert sorted(map(repr, _records(here))) == sorted(map(repr, _records(there)))


def _records(found: Merged) -> list[ObjectRecord]:
    return [part for part in found.parts if isinstance(part, ObjectRecord)]


@given(MAPS)
def test_the_text_of_a_merge_is_the_text_of_the_map(tmp_path_factory: pytest.TempPathFactory, some: ObjectMap) -> None:
    path = tmp_path_factory.mktemp("map") / "objects.json"
    save_objects(path, some)
    assert merge_objects(some, some, some).text().encode() == path.read_bytes()
