"""Which object of the target each object becomes: the rules, and their order."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tml.tml_texts import alert, answer, feedback, guid, liveboard, model, table
from tests.transform.releases import PROD, codes, errors, inputs, one, rendered, rule_set, text_rule
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.tml.references import is_guid
from tsdeploy.transform.targets import Known, Namespace, Origin

T = guid(0x77)
THERE = TableLocation("Prod", "PROD", "SALES", "T")
RECORD = ObjectRecord("table", "T", guid=T, source=guid(1))


def root_guid(text: str) -> str:
    return text.split("guid: ")[1].split("\n")[0] if text.startswith("guid: ") else ""


def test_an_obj_id_is_kept_and_nothing_else_is_needed() -> None:
    item = one(table("T", "o"))
    assert (item.target.origin, item.target.obj_id, item.text.startswith("obj_id: o\ntable")) == (
        Origin.OBJ_ID,
        "o",
        True,
    )


def test_a_guid_beside_an_obj_id_is_removed() -> None:
    item = one(f"guid: {guid(1)}\nobj_id: o\n" + table("T", ""))
    assert item.text.startswith("obj_id: o\ntable:")


def test_an_object_bound_by_hand() -> None:
    given_ = inputs(rule_set(objects={guid(1): T}), records=[ObjectRecord("table", "T", guid=guid(9), source=guid(1))])
    item = one(table("T", 1), given_)
    assert (item.target.origin, root_guid(item.text)) == (Origin.BOUND, T)


def test_an_object_that_is_recorded() -> None:
    item = one(table("T", 1), inputs(records=[RECORD], known=Known(tables={THERE: guid(9)})))
    assert (item.target.origin, root_guid(item.text)) == (Origin.RECORDED, T)


def test_a_table_that_is_found_at_its_place_in_the_warehouse() -> None:
    item = one(table("T", 1), inputs(known=Known(tables={THERE: T})))
    assert (item.target.origin, root_guid(item.text)) == (Origin.FOUND, T)


@pytest.mark.parametrize(
    "elsewhere", [TableLocation("Dev", "PROD", "SALES", "T"), TableLocation("Prod", "PROD", "S", "T")]
)
def test_a_table_at_another_place_is_not_it(elsewhere: TableLocation) -> None:
    assert one(table("T", 1), inputs(known=Known(tables={elsewhere: T}))).target.origin is Origin.DERIVED


def test_a_new_object_is_derived() -> None:
    item = one(table("T", 1))
    assert item.target.origin is Origin.DERIVED
    assert root_guid(item.text) == PROD.derive(guid(1)) == item.target.guid


def test_a_new_object_may_keep_its_guid() -> None:
    item = one(table("T", 1), inputs(namespace=Namespace("x", "keep")))
    assert (item.target.origin, root_guid(item.text)) == (Origin.KEPT, guid(1))


def test_a_new_object_may_be_left_to_the_server() -> None:
    item = one(table("T", 1), inputs(namespace=Namespace("x", "server")))
    assert (item.target.origin, item.target.guid, item.text.startswith("table:")) == (Origin.SERVER, "", True)


@pytest.mark.parametrize("new_guids", ["derived", "keep"])
def test_an_object_without_an_identity_gets_one(new_guids: str) -> None:
    item = one(table("T", ""), inputs(namespace=Namespace("x", new_guids)))  # type: ignore[arg-type]
    assert is_guid(root_guid(item.text))
    assert item.text.endswith(one(table("T", 1)).text.split("\n", 1)[1])


def test_an_object_without_an_identity_is_recorded_by_its_name() -> None:
    record = ObjectRecord("table", "T", guid=T, source="table:T")
    assert root_guid(one(table("T", ""), inputs(records=[record])).text) == T


def test_feedback_follows_its_model() -> None:
    made = rendered([model("M", 3), feedback(3)])
    assert {root_guid(item.text) for item in made.rendered} == {PROD.derive(guid(3))}


def test_feedback_without_its_model_is_refused() -> None:
    assert codes(one(feedback(3)).findings) == ["TD204"]


def test_feedback_of_an_obj_id_model_stays() -> None:
    text = "obj_id: m\n" + feedback(1).split("\n", 1)[1]
    assert one(text, beside=[model("M", "m")]).text == text


def test_two_objects_cannot_become_one() -> None:
    records = [ObjectRecord("table", name, guid=T, source=guid(at)) for name, at in (("T", 1), ("U", 2))]
    (finding,) = rendered([table("T", 1), table("U", 2)], inputs(records=records)).findings
    assert (finding.code, "table:U and table:T" in finding.message, "objects:" in finding.hint) == ("TD203", True, True)


@pytest.mark.parametrize("obj_ids", [("", ""), ("x", "")], ids=["both bound", "one has it of its own"])
def test_two_objects_cannot_become_one_by_obj_id(obj_ids: tuple[str, str]) -> None:
    """Neither is there yet, so that only the obj_id says that they would be one."""
    texts = [table(name, own or number) for number, (name, own) in enumerate(zip("TU", obj_ids, strict=True), 1)]
    bound = {guid(number): "obj_id:x" for number, own in enumerate(obj_ids, 1) if not own}
    assert codes(errors(rendered(texts, inputs(rule_set(objects=bound))).findings)) == ["TD203"]


def test_feedback_and_its_model_have_one_obj_id() -> None:
    texts = [model("M", "m"), "obj_id: m\nnls_feedback:\n  feedback:\n  - id: '1'\n"]
    assert errors(rendered(texts).all_findings()) == []


@pytest.mark.parametrize("target", ["obj_id:x", "answer:Sales"])
def test_an_inner_guid_is_bound_to_a_guid_or_not_at_all(target: str) -> None:
    """A rule for something else would put its name where the server reads a GUID."""
    item = one(alert(7, 4, 6), inputs(rule_set(objects={guid(4): guid(0x44), guid(6): target})))
    assert codes(item.findings) == ["TD204"]
    assert target not in item.text


def test_a_kind_that_is_not_known_passes_with_a_warning() -> None:
    text = f"guid: {guid(1)}\nhologram:\n  name: x\n"
    item = one(text)
    assert (codes(item.findings), item.text) == (["TD111"], text)


def test_an_alert_takes_the_inner_guid_that_was_read_back() -> None:
    board = ObjectRecord("liveboard", "L", guid=guid(0x44), source=guid(4), inner={guid(6): guid(0x66)})
    texts = [alert(7, 4, 6), liveboard("L", 4, "M", 3, viz=6), model("M", 3)]
    made = rendered(texts, inputs(records=[board]))
    assert f"pinboard_id: {guid(0x44)}\n      viz_id: {guid(0x66)}\n" in made.rendered[0].text
    assert f"viz_guid: {guid(0x66)}" in made.rendered[1].text


def test_an_alert_keeps_its_identity_when_it_is_recorded() -> None:
    record = ObjectRecord("monitor_alert", "Low", guid=T, source=guid(7), inner={guid(7): T})
    item = one(alert(7, 4, 6), inputs(records=[record]), beside=[liveboard("L", 4, "M", 3, viz=6), model("M", 3)])
    assert (item.target.guid, f"- guid: {T}\n" in item.text) == (T, True)


@pytest.mark.parametrize("new_guids", ["keep", "derived", "server"])
def test_inner_guids_follow_the_choice_for_new_ones(new_guids: str) -> None:
    given_ = inputs(namespace=Namespace("x", new_guids))  # type: ignore[arg-type]
    item = one(liveboard("L", 4, "M", 3, viz=6), given_, beside=[model("M", 3)])
    kept = f"viz_guid: {guid(6)}" in item.text
    assert (kept, "viz_guid: " in item.text) == (new_guids == "keep", True)


def test_an_inner_id_that_is_no_guid_is_local_and_stays() -> None:
    text = "model:\n  name: M\n  parameters:\n  - id: Top_N\n    name: Top N\n"
    assert one(text).text.endswith(text)


@given(st.uuids(), st.text(max_size=20))
def test_a_derived_guid_is_stable_and_a_guid(source: uuid.UUID, target: str) -> None:
    made = Namespace(target).derive(str(source))
    assert is_guid(made)
    assert made == Namespace(target).derive(str(source).upper()) != str(source)


@given(st.lists(st.uuids(), unique=True, max_size=20), st.lists(st.text(max_size=9), unique=True, max_size=5))
def test_derived_guids_are_distinct(sources: list[uuid.UUID], targets: list[str]) -> None:
    made = [Namespace(target).derive(str(source)) for target in targets for source in sources]
    assert len(set(made)) == len(made)


def test_a_text_rule_does_not_trip_over_what_was_removed() -> None:
    text = f"guid: {guid(1)}\nobj_id: o\n" + answer("A", "", "M", 3)
    given_ = inputs(rule_set(text=[text_rule("00000001-0000", "x")]))
    assert one(text, given_, beside=[model("M", 3)]).text.startswith("obj_id: o\nanswer:")
