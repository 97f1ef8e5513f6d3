"""``objects.json``: written so that people and git can read it, and never losing an object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.yaml_documents import NASTY
from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.errors import ConfigError

A = ObjectRecord("model", "A", guid="g1", source="s1", inner={"b": "c", "a": "d"}, hash="h", commit="c")
B = ObjectRecord("answer", "B", guid="g2", source="s2")


def saved(path: Path, *records: ObjectRecord) -> str:
    save_objects(path, ObjectMap().with_records(records))
    return path.read_text("utf-8")


def test_one_object_a_line_sorted(tmp_path: Path) -> None:
    lines = saved(tmp_path / "objects.json", A, B).splitlines()
    assert lines[:3] == ["{", '"version": 1,', '"objects": [']
    assert [json.loads(line.rstrip(","))["name"] for line in lines[3:5]] == ["B", "A"]
    assert lines[5:] == ["]", "}"]


def test_what_is_empty_is_left_out(tmp_path: Path) -> None:
    assert '{"kind": "answer", "name": "B", "guid": "g2", "source": "s2"}' in saved(tmp_path / "x", B)


def test_inner_guids_are_sorted(tmp_path: Path) -> None:
    assert '"inner": {"a": "d", "b": "c"}' in saved(tmp_path / "x", A)


def test_an_empty_map_is_a_file_too(tmp_path: Path) -> None:
    assert json.loads(saved(tmp_path / "x")) == {"version": 1, "objects": []}
    assert load_objects(tmp_path / "x", "x") == ObjectMap()


def test_no_file_is_an_empty_map(tmp_path: Path) -> None:
    assert load_objects(tmp_path / "objects.json", "x") == ObjectMap()


def test_saving_the_same_again_does_not_touch_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert [save_objects(path, ObjectMap((A,))), save_objects(path, ObjectMap((A,)))] == [True, False]


TEXT = st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8"), max_size=12)
RECORDS = st.builds(
    ObjectRecord,
    kind=st.sampled_from(["table", "model"]),
    name=TEXT,
    guid=st.sampled_from(["", "g1", "g2", "g3"]),
    obj_id=TEXT,
    source=st.sampled_from(["", "s1", "s2", "s3"]),
    inner=st.dictionaries(TEXT, TEXT, max_size=2),
)


@given(records=st.lists(RECORDS, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_map_survives_a_round_trip(tmp_path_factory: pytest.TempPathFactory, records: list[ObjectRecord]) -> None:
    path = tmp_path_factory.mktemp("x") / "objects.json"
    written = ObjectMap().with_records(records)
    save_objects(path, written)
    assert load_objects(path, "x") == written


@given(records=st.lists(RECORDS, min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_names_cannot_break_out_of_their_line(
    tmp_path_factory: pytest.TempPathFactory, records: list[ObjectRecord]
) -> None:
    written = ObjectMap().with_records(records)
    text = saved(tmp_path_factory.mktemp("x") / "objects.json", *written.records)
    assert len(text.splitlines()) == 5 + len(written.records)


def test_half_a_surrogate_pair_does_not_spoil_the_file(tmp_path: Path) -> None:
    saved(tmp_path / "x", ObjectRecord("model", "a\ud800b"))
    assert [record.name for record in load_objects(tmp_path / "x", "x")] == ["a\ufffdb"]


def test_records_are_found_by_source_and_by_guid() -> None:
    made = ObjectMap((A, B, ObjectRecord("table", "C")))
    assert (made.by_source(), made.guids()) == ({"s1": A, "s2": B}, {"g1": A, "g2": B})


def test_a_record_replaces_the_one_of_its_source() -> None:
    new = ObjectRecord("model", "A", guid="g9", source="s1")
    assert tuple(ObjectMap((A, B)).with_records([new])) == (B, new)


def test_a_record_replaces_the_one_of_its_guid() -> None:
    new = ObjectRecord("model", "A", guid="g1", source="s9")
    assert tuple(ObjectMap((A,)).with_records([new])) == (new,)


def test_an_export_only_brings_names_up_to_date() -> None:
    (record,) = ObjectMap((A,)).with_records([ObjectRecord("model", "New", guid="g1", obj_id="o")])
    assert (record.name, record.obj_id, record.source, record.hash) == ("New", "o", "s1", "h")


def test_an_export_without_an_obj_id_keeps_the_known_one() -> None:
    known = ObjectRecord("model", "A", guid="g1", obj_id="o")
    (record,) = ObjectMap((known,)).with_records([ObjectRecord("model", "A", guid="g1")])
    assert record.obj_id == "o"


def test_kinds_do_not_mix() -> None:
    feedback = ObjectRecord("nls_feedback", "A", guid="g1", source="s1")
    assert len(ObjectMap((A,)).with_records([feedback]).records) == 2


def test_two_objects_may_swap_their_targets() -> None:
    swapped = [ObjectRecord("model", "B", guid="g1", source="s2"), ObjectRecord("model", "A", guid="g2", source="s1")]
    before = [ObjectRecord("model", "A", guid="g1", source="s1"), ObjectRecord("model", "B", guid="g2", source="s2")]
    made = ObjectMap().with_records(before).with_records(swapped)
    assert {record.source: record.guid for record in made} == {"s1": "g2", "s2": "g1"}


@given(st.lists(RECORDS, max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_source_and_a_guid_stand_once(records: list[ObjectRecord]) -> None:
    made = ObjectMap().with_records(records)
    for field in ("source", "guid"):
        keys = [(record.kind, getattr(record, field)) for record in made if getattr(record, field)]
        assert len(keys) == len(set(keys))


@given(st.lists(RECORDS, max_size=6))
@settings(max_examples=50, deadline=None)
def test_the_last_word_on_a_source_counts(records: list[ObjectRecord]) -> None:
    made = ObjectMap().with_records(records)
    assert all(record in made.records for record in records[-1:] if record.source)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "TD102"),
        ('{"version": 1}', "TD303"),
        ('{"version": 1, "objects": [{"kind": "x"}]}', "TD303"),
        ('{"version": 1, "objects": [{"kind": "x", "name": "y", "extra": 1}]}', "TD303"),
        ('{"version": 1, "objects": [{"kind": "x", "name": 1}]}', "TD303"),
        ('{"version": 1, "objects": [{"kind": "x", "name": "y", "inner": {"a": 1}}]}', "TD303"),
        ("<<<<<<< HEAD\n{}\n", "TD303"),
        ("\0", "TD102"),
    ],
)
def test_a_damaged_file_is_an_error(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "x").write_bytes(text.encode("utf-8"))
    with pytest.raises(ConfigError) as caught:
        load_objects(tmp_path / "x", "prod/objects.json")
    assert (caught.value.code, str(caught.value.findings[0].location)[:17]) == (code, "prod/objects.json")


def test_marks_of_a_merge_are_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{\n"version": 1,\n"objects": [\n<<<<<<< HEAD\n{},\n=======\n>>>>>>> other\n]}\n')
    with pytest.raises(ConfigError, match="TD102") as caught:
        load_objects(tmp_path / "x", "prod/objects.json")
    assert "settle line 4 " in caught.value.findings[0].hint
