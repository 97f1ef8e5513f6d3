"""What kind of object a text is, who it is, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import alert, answer, document, feedback, guid, table
from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.kinds import KIND_NAMES, KINDS, Phase

G = guid(7)


def refusal(text: str) -> Finding:
    with pytest.raises(TmlError) as caught:
        document(text)
    return caught.value.findings[0]


@pytest.mark.parametrize("root", [root for root in KINDS if root != "monitor_alert"])
def test_the_kind_is_told_by_the_root_key(root: str) -> None:
    one = document(f"guid: {G}\n{root}:\n  name: Sales\n", "table/x.table.tml")
    assert (one.kind, one.name, one.guid) == (KINDS[root], "Sales", G)


def test_a_pinboard_is_a_liveboard() -> None:
    one = document("pinboard:\n  name: Old\n")
    assert (one.kind.name, one.kind.root, one.label) == ("liveboard", "pinboard", "liveboard:Old")


def test_a_model_may_be_called_worksheet_by_its_file() -> None:
    assert document("model:\n  name: x\n", "worksheet/x.worksheet.tml").kind.name == "model"


def test_an_alert_is_identified_by_its_first_item() -> None:
    one = document(alert(1, 2, 3) + f"- guid: {guid(9)}\n  name: Other\n")
    assert (one.guid, one.name, one.key) == (guid(1), "Low", guid(1))


@pytest.mark.parametrize("text", ["monitor_alert: []\n", "monitor_alert:\n- x\n", "monitor_alert: {}\n"])
def test_an_odd_alert_is_no_crash(text: str) -> None:
    assert document(text, "Alerts.tml").name == "Alerts"


def test_the_guid_may_stand_behind_the_content() -> None:
    assert document(f"answer:\n  name: x\nguid: {G}\n").guid == G


def test_guid_and_obj_id_may_both_stand() -> None:
    one = document(f"obj_id: o\nguid: {G}\nanswer:\n  name: x\n")
    assert (one.guid, one.obj_id, one.key) == (G, "o", G)


@pytest.mark.parametrize("flag", ["hidden: true", "is_demo_data: false", "belongs_to_all_orgs: true"])
def test_root_flags_are_no_content(flag: str) -> None:
    assert document(f"{flag}\nanswer:\n  name: x\n").kind.name == "answer"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (answer("x", 1, "S", 2), guid(1)),
        (answer("x", "o-1", "S", 2), "o-1"),
        (answer("x", "", "S", 2), "answer:x"),
        (feedback(1), f"nls_feedback:{guid(1)}"),
    ],
    ids=["GUID", "obj_id", "neither", "not its own"],
)
def test_an_object_is_named_by_the_best_it_has(text: str, key: str) -> None:
    assert document(text).key == key


def test_feedback_refers_to_the_model_whose_guid_it_carries() -> None:
    (reference,) = document(feedback(4)).references
    assert (reference.where, reference.guid) == ("guid", guid(4))


@pytest.mark.parametrize("body", ["{}", "{name: ''}", "{name: {a: b}}", "[]", "x"])
def test_an_object_without_a_name_is_called_by_its_file(body: str) -> None:
    assert document(f"answer: {body}\n", "a/Sales.1234.answer.tml").name == "Sales"


def test_an_object_without_any_name_is_called_by_its_kind() -> None:
    assert document("answer: {}\n", "a/.tml").name == "answer"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("model:\n  name: x\n", Dialect.SNAKEYAML),
        ("worksheet:\n  name: x\n", Dialect.JACKSON),
        ("liveboard:\n  name: x\n", Dialect.JACKSON),
        ('{"model": {"name": "x"}}', Dialect.JSON),
    ],
)
def test_the_dialect_follows_the_root_key(text: str, dialect: Dialect) -> None:
    assert document(text).dialect is dialect


def test_tml_may_be_json() -> None:
    text = json.dumps({"guid": G, "answer": {"name": 'é"', "tables": [{"fqn": guid(2)}]}}, indent="\t")
    one = document(text)
    assert (one.guid, one.name, [reference.guid for reference in one.references]) == (G, 'é"', [guid(2)])


def test_an_unknown_kind_passes_as_one() -> None:
    one = document(f"guid: {G}\nhologram:\n  name: x\n")
    assert (one.kind.name, one.kind.known, one.references, one.key) == ("hologram", False, (), G)


@pytest.mark.parametrize(("key", "line"), [("guid", 3), ("obj_id", 3)])
def test_an_identity_below_the_root_is_refused(key: str, line: int) -> None:
    finding = refusal(f"table:\n  name: x\n  {key}: {G}\n")
    assert (finding.code, finding.location, finding.at) == ("TD107", Location("x.tml", line, 3), f"table.{key}")
    assert "in front of table:" in finding.hint


def test_two_objects_in_a_file_are_refused_where_the_second_starts() -> None:
    finding = refusal("answer:\n  name: x\ntable:\n  name: y\n")
    assert (finding.code, finding.location) == ("TD103", Location("x.tml", 3, 1))


@pytest.mark.parametrize("text", ["x\n", "- a\n", "a: b\n", "a: {}\nb: {}\n", "guid: x\n", "{}\n", "null\n", "42\n"])
def test_what_is_no_object_is_refused(text: str) -> None:
    finding = refusal(text)
    assert (finding.code, finding.location) == ("TD103", Location("x.tml", 1, 1))


def test_a_place_in_the_text_is_file_line_and_column() -> None:
    one = document(table("ORDERS", 1), "tml/orders.tml")
    assert str(one.at(one.text.index("db:"))) == "tml/orders.tml:4:3"


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_random_bytes_end_in_an_error(content: bytes) -> None:
    with pytest.raises(TmlError):
        parse_document(content.decode("latin-1"), "x.tml")


@given(st.recursive(st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)))
@settings(max_examples=60, deadline=None)
def test_an_object_with_any_body_is_read_or_refused(body: object) -> None:
    for root in ("liveboard", "monitor_alert", "model"):
        try:
            parse_document(json.dumps({"guid": [body], root: body}), "x.tml")
        except TmlError as error:
            assert error.code in ("TD102", "TD107", "TD109")


def test_phases_follow_their_dependencies() -> None:
    phases = [KINDS[root].phase for root in ("model", "nls_feedback", "monitor_alert", "collection")]
    assert phases == [Phase.OBJECTS, Phase.AFTER_MODELS, Phase.ALERTS, Phase.COLLECTIONS]


def test_kind_names_are_those_of_the_kinds() -> None:
    assert set(KIND_NAMES) == {kind.name for kind in KINDS.values()}


def test_samples_have_their_own_identity_each() -> None:
    found = [*documents_below(RETAIL), *documents_below(RETAIL_OBJ_ID)]
    assert len({one.key for one in found}) == len(found)
