"""References, warehouse names and text: rewritten where a rule says so, a finding where none does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.tml_texts import answer, collection, documents, guid, liveboard, model, reference, table
from tests.tml.yaml_documents import values
from tests.transform.releases import DEV_HOST, PROD, codes, errors, inputs, one, rendered, rule_set, text_rule
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.syntax import path_text, walk
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Known, Namespace

T1 = PROD.derive(guid(1))
SQL_VIEW = "sql_view:\n  name: V\n  connection:\n    name: Dev\n  sql_query: {}\n"


def finding(item: Rendered) -> Finding:
    (found,) = item.findings
    return found


def values_of(item: Rendered) -> dict[str, str]:
    return {path_text(path): scalar.value for path, scalar in walk(item.document().root)}


def test_a_reference_by_guid_becomes_the_target_s() -> None:
    item = one(model("M", 3, ("T", 1)), beside=[table("T", 1)])
    assert f"  - name: T\n    fqn: {T1}\n" in item.text


def test_a_reference_by_name_only_is_pinned() -> None:
    item = one(model("M", 3, ("T", "")), beside=[table("T", 1)])
    assert f"  - name: T\n    fqn: {T1}\n" in item.text


def test_a_reference_by_alias_is_pinned_behind_the_alias() -> None:
    text = "model:\n  name: M\n  model_tables:\n  - name: T\n    alias: A\n"
    assert f"    alias: A\n    fqn: {T1}\n" in one(text, beside=[table("T", 1)]).text


def test_a_reference_by_name_to_an_obj_id_gets_the_obj_id() -> None:
    assert "name: T\n    obj_id: t\n" in one(model("M", 3, ("T", "")), beside=[table("T", "t")]).text


def test_a_reference_by_guid_to_an_obj_id_gets_the_obj_id() -> None:
    beside = f"guid: {guid(1)}\nobj_id: t\n" + table("T", "")
    item = one(model("M", 3, ("T", 1)), beside=[beside])
    assert "  - name: T\n    obj_id: t\n" in item.text
    assert "fqn" not in item.text


def test_a_reference_with_both_keeps_one() -> None:
    text = model("M", "m", ("T", "t")) + f"    fqn: {guid(1)}\n"
    assert one(text, beside=[table("T", "t")]).text == model("M", "m", ("T", "t"))


def test_a_reference_by_obj_id_out_of_the_release_is_trusted() -> None:
    item = one(model("M", "m", ("T", "elsewhere")))
    assert (item.findings, item.text) == ((), model("M", "m", ("T", "elsewhere")))


def test_a_reference_to_what_the_server_will_name_loses_its_guid() -> None:
    item = one(model("M", 3, ("T", 1)), inputs(namespace=Namespace("x", "server")), beside=[table("T", 1)])
    assert "fqn" not in item.text


def test_a_bare_name_stays_a_name() -> None:
    text = f"guid: {guid(5)}\ncohort:\n  name: C\n  worksheet: M\n"
    item = one(text, beside=[model("M", 3)])
    assert (item.findings, item.text.endswith("cohort:\n  name: C\n  worksheet: M\n")) == ((), True)


def test_an_aggregated_model_named_by_id_alone() -> None:
    text = f"model:\n  name: M\n  aggregated_models:\n  - id: {guid(1)}\n"
    item = one(text, beside=[model("Agg", 1)])
    assert (item.findings, item.text.endswith(f"  - id: {T1}\n")) == ((), True)


@pytest.mark.parametrize(
    ("reached", "records"),
    [({guid(1): guid(0x77)}, []), ({}, [ObjectRecord("table", "T", guid=guid(0x77), source=guid(1))])],
    ids=["bound", "recorded"],
)
def test_a_reference_out_of_the_release(reached: dict[str, str], records: list[ObjectRecord]) -> None:
    item = one(model("M", 3, ("T", 1)), inputs(rule_set(objects=reached), records=records))
    assert (item.findings, f"fqn: {guid(0x77)}" in item.text) == ((), True)


def test_a_reference_to_nothing_is_refused_with_the_line_to_add() -> None:
    found = finding(one(model("M", 3, ("T", 1))))
    assert (found.code, str(found.location), found.at) == ("TD204", "0.tml:5:5", "model.model_tables[0]")
    assert f"objects: {{{guid(1)}: GUID-in-prod}}" in found.hint


def test_a_name_out_of_the_release_is_never_guessed() -> None:
    records = [ObjectRecord("table", "T", guid=guid(0x77), source=guid(1))]
    assert codes(one(model("M", 3, ("T", "")), inputs(records=records)).findings) == ["TD204"]


def test_an_ambiguous_name_is_refused_with_the_files_it_may_be() -> None:
    found = finding(one(model("M", 3, ("T", "")), beside=[table("T", 1), table("T", 2)]))
    assert (found.code, "1.tml, 2.tml" in found.message) == ("TD207", True)


def test_a_guid_decides_between_equal_names() -> None:
    item = one(model("M", 3, ("T", 2)), beside=[table("T", 1), table("T", 2)])
    assert (item.findings, PROD.derive(guid(2)) in item.text) == ((), True)


def test_a_collection_lists_the_target_s_objects() -> None:
    item = one(collection("C", 8, 3), beside=[model("M", 3)])
    assert f"id: {PROD.derive(guid(3))}" in item.text


def test_a_reference_that_only_an_import_can_tell_is_pending() -> None:
    item = one(collection("C", 8, 3), inputs(namespace=Namespace("x", "server")), beside=[model("M", 3)])
    assert item.pending == (guid(3),)


LINK = "see https://{}/#/pinboard/{} and https://{}/#/saved-answer/{}/x"


def test_links_are_mapped_and_the_rest_of_the_text_kept() -> None:
    text = answer("A", 5, "M", 3, description=LINK.format("x", guid(4), "y", guid(5)))
    item = one(text, beside=[model("M", 3), liveboard("L", 4, "M", 3)])
    expected = LINK.format("x", PROD.derive(guid(4)), "y", PROD.derive(guid(5)))
    assert f"  description: {expected}\n" in item.text


def test_a_link_to_nothing_is_refused() -> None:
    text = answer("A", 5, "M", 3, description=f"https://x/#/pinboard/{guid(9)}")
    assert codes(one(text, beside=[model("M", 3)]).findings) == ["TD204"]


def test_links_and_text_rules_work_together() -> None:
    text = answer("A", 5, "M", 3, description=f"https://{DEV_HOST}/#/pinboard/{guid(4)}")
    mapping = rule_set(text=[text_rule(DEV_HOST, "prod.example")])
    item = one(text, inputs(mapping), beside=[model("M", 3), liveboard("L", 4, "M", 3)])
    assert f"  description: https://prod.example/#/pinboard/{PROD.derive(guid(4))}\n" in item.text


def test_a_connection_is_named_as_in_the_target() -> None:
    assert "  connection:\n    name: Prod\n" in one(table("T", 1)).text


def test_a_connection_s_guid_is_the_target_s() -> None:
    text = table("T", 1).replace("name: Dev\n", f"name: Dev\n    {reference(2)}\n")
    known = Known(connections={"Prod": (guid(0x22),)}, online=True)
    assert f"    name: Prod\n    fqn: {guid(0x22)}\n" in one(text, inputs(known=known)).text


def test_a_connection_s_guid_is_removed_where_the_target_s_is_not_known() -> None:
    text = table("T", 1).replace("name: Dev\n", f"name: Dev\n    {reference(2)}\n")
    assert "fqn" not in one(text).text


@pytest.mark.parametrize("connections", [{}, {"Dev": "Dev"}], ids=["no rule", "kept name"])
def test_a_connection_by_obj_id_does_not_leak_its_guid(connections: dict[str, str]) -> None:
    text = table("T", 1).replace("name: Dev\n", f"name: Dev\n    {reference(2)}\n    obj_id: c\n")
    item = one(text, inputs(rule_set(connections=connections)))
    assert (item.findings, "    name: Dev\n    obj_id: c\n" in item.text) == ((), True)


def test_a_connection_without_a_rule_is_refused_with_the_line_to_add() -> None:
    found = finding(one(table("T", 1), inputs(rule_set(connections={}))))
    assert (found.code, found.at, "Dev: NAME-IN-PROD" in found.hint) == ("TD201", "table.connection", True)


@pytest.mark.parametrize("there", [(), (guid(1), guid(2))], ids=["none", "two"])
def test_a_connection_that_the_target_does_not_have_once_is_refused(there: tuple[str, ...]) -> None:
    known = Known(connections={"Prod": there} if there else {"Other": (guid(3),)}, online=True)
    assert codes(one(table("T", 1), inputs(known=known)).findings) == ["TD202"]


def test_a_table_moves_as_its_rule_says() -> None:
    tables = [(TableLocation(db="DEV"), TableLocation(db="PROD", schema="S2"))]
    item = one(table("T", 1), inputs(rule_set(tables=tables)))
    assert "  db: PROD\n  schema: S2\n  db_table: T\n" in item.text


def test_a_table_without_a_rule_is_refused_with_the_line_to_add() -> None:
    found = finding(one(table("T", 1), inputs(rule_set(tables=[]))))
    assert (found.code, str(found.location)) == ("TD205", "0.tml:4:7")
    assert "{from: {db: DEV, schema: SALES}, to: {db: DEV, schema: SALES}}" in found.hint


def test_variables_of_thoughtspot_stay() -> None:
    text = table("T", 1).replace("DEV", '"${db}"').replace("SALES", '"${schema}"')
    item = one(text, inputs(rule_set(tables=[])))
    assert (item.findings, 'db: "${db}"\n  schema: "${schema}"' in item.text) == ((), True)


def test_a_variable_is_left_alone_by_a_rule_for_the_rest() -> None:
    tables = [(TableLocation(schema="SALES"), TableLocation(db="PROD", schema="S2"))]
    item = one(table("T", 1).replace("DEV", '"${db}"'), inputs(rule_set(tables=tables)))
    assert 'db: "${db}"\n  schema: S2' in item.text


def test_a_table_in_memory_needs_no_rule() -> None:
    text = f"guid: {guid(1)}\ntable:\n  name: T\n"
    assert one(text, inputs(rule_set(tables=[]))).findings == ()


@pytest.mark.parametrize("query", ["select * from DEV.S.T", "select * from dev.s.t", 'select * from "DEV".S.T'])
def test_a_database_left_in_sql_is_refused(query: str) -> None:
    found = finding(one(SQL_VIEW.format(json.dumps(query))))
    assert (found.code, found.at, "sql_view:V" in found.hint) == ("TD206", "sql_view.sql_query", True)


@pytest.mark.parametrize("query", ["select * from DEVELOP.S.T", "select * from MY_DEV.S.T", "select * from PROD.S.T"])
def test_a_name_that_only_holds_the_database_is_no_leftover(query: str) -> None:
    assert one(SQL_VIEW.format(query)).findings == ()


@pytest.mark.parametrize("host", [DEV_HOST, DEV_HOST.upper()])
def test_a_host_left_in_a_link_is_refused(host: str) -> None:
    text = answer("A", 5, "M", 3, description=f"https://{host}/#/home")
    assert codes(one(text, beside=[model("M", 3)]).findings) == ["TD206"]


def test_a_text_rule_reaches_what_is_escaped_in_the_file() -> None:
    text = answer("A", 5, "M", 3, description='"say \\"hi\\"\\nthere\\_x"')
    mapping = rule_set(text=[text_rule('"hi"\nthere\xa0', "z")])
    assert "  description: say zx\n" in one(text, inputs(mapping), beside=[model("M", 3)]).text


@pytest.mark.parametrize(
    ("selector", "path", "hit"),
    [
        ("*", "", True),
        ("answer:*", "", True),
        ("liveboard:*", "", False),
        ("A", "description", True),
        ("*", "answer.description", True),
        ("*", "name", False),
        ("*", "tables[].name", False),
        ("*", "descr", False),
    ],
)
def test_a_text_rule_keeps_to_its_scope(selector: str, path: str, hit: bool) -> None:
    mapping = rule_set(text=[text_rule("secret word", "z", selector=selector, path=path)])
    made = rendered([answer("A", 5, "M", 3, description="the secret word"), model("M", 3)], inputs(mapping))
    assert ("description: the z\n" in made.rendered[0].text, codes(errors(made.findings))) == (
        hit,
        [] if hit else ["TD310"],
    )


def test_an_unused_text_rule_points_at_its_line() -> None:
    (found,) = errors(rendered([], inputs(rule_set(text=[text_rule("never", "x")]))).findings)
    assert (found.code, found.severity, str(found.location)) == ("TD310", Severity.ERROR, "mapping.yaml:1:1")


def test_text_rules_apply_one_after_the_other() -> None:
    mapping = rule_set(text=[text_rule("aaa", "bbb"), text_rule("bbb", "ccc")])
    assert "description: ccc\n" in one(answer("A", 5, "M", 3, description="aaa"), inputs(mapping)).text


def test_every_finding_of_a_release_is_reported_at_once() -> None:
    texts = [table("T", 1, ("U", 2)), model("M", 3, ("X", ""))]
    found = rendered(texts, inputs(rule_set(connections={}, tables=[]))).all_findings()
    assert sorted(codes(found)) == ["TD201", "TD204", "TD204", "TD205"]


def test_a_document_in_json_stays_json() -> None:
    text = json.dumps({"guid": guid(5), "answer": {"name": "A", "tables": [{"name": "M"}]}}, indent=2)
    expected = {"guid": PROD.derive(guid(5)), "answer": {"name": "A", "tables": [{"name": "M", "fqn": T1}]}}
    assert json.loads(one(text, beside=[model("M", 1)]).text) == expected


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("guid", "\ufeffguid")])
def test_line_ends_and_bom_stay(change: tuple[str, str]) -> None:
    text = model("M", 3, ("T", ""))
    plain = one(text, beside=[table("T", 1)]).text
    assert one(text.replace(*change), beside=[table("T", 1)]).text == plain.replace(*change)


def test_a_rendered_document_has_the_hash_of_its_text() -> None:
    item = one(table("T", 1))
    assert (item.hash, item.key) == (one(table("T", 1)).hash, guid(1))
    assert item.hash != one(table("T", 2)).hash


@given(values(), values())
@settings(max_examples=80, deadline=None)
def test_any_name_and_text_is_carried_through(name: str, description: str) -> None:
    body = {"guid": guid(5), "answer": {"name": name, "description": description, "tables": [{"name": "M"}]}}
    sources = [parse_document(json.dumps(body, ensure_ascii=True), "x.tml"), *documents([model("M", 1)])]
    found = {path: scalar.value for path, scalar in walk(render(sources, inputs()).rendered[0].document().root)}
    assert (found["answer", "name"], found["answer", "description"]) == (name, description)


@given(find=st.text("ab\n\"'\\ é", min_size=1, max_size=3), text=st.text("ab\n\"'\\ é", max_size=12))
@settings(max_examples=150, deadline=None)
def test_a_text_rule_is_plain_replacement(find: str, text: str) -> None:
    source = answer("A", 5, "M", 3, description=json.dumps(f"x{text}x"))
    mapping = rule_set(text=[text_rule(find, "Z\n", path="description")])
    item = one(source, inputs(mapping), beside=[model("M", 3)])
    assert values_of(item)["answer.description"] == f"x{text}x".replace(find, "Z\n")
