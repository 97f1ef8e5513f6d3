"""Rules of every section at work: where they apply, what they change, and what is said of those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mapping.files import load
from tests.tml.tml_texts import answer, guid, liveboard, model, table
from tests.transform.releases import PROD, codes, errors, inputs, rendered
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.errors import Severity
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering
from tsdeploy.transform.targets import Known, Origin

BASE = "connections: {Dev: Prod}\ntables: [{from: {db: DEV}, to: {db: PROD}}]\n"
COLUMNS = """\
  columns:
  - name: AMT
    db_column_name: AMT
  - name: Region
    db_column_name: REG
"""
SALES = table("T", 1) + COLUMNS


def given(folder: Path, rules: str = "", *, base: str = BASE, known: Known | None = None) -> Inputs:
    return inputs(load(folder, base + rules), known=known)


def one(made: Rendering) -> Rendered:
    return made.rendered[0]


@pytest.mark.parametrize(
    ("scope", "hit"),
    [
        ("'*'", "TU"),
        ("'table:T'", "T"),
        ("'table:*'", "TU"),
        ("['table:*', '!U']", "T"),
        ("['!table:T']", "U"),
        ("'+model:M'", "T"),
        ("'table:T+'", "T"),
        ("'path:1*'", "U"),
        (guid(2), "U"),
        ("'liveboard:*'", ""),
    ],
)
def test_a_rule_keeps_to_its_scope(tmp_path: Path, scope: str, hit: str) -> None:
    rules = f"tables:\n- {{from: {{db: DEV}}, to: {{db: PROD}}}}\n- {{in: {scope}, from: {{db: DEV}}, to: {{db: X}}}}\n"
    if scope == "'*'":
        rules = "tables:\n- {in: '*', from: {db: DEV}, to: {db: X}}\n"
    made = rendered(
        [table("T", 1), table("U", 2), model("M", 3, ("T", 1))],
        given(tmp_path, base="connections: {Dev: Prod}\n" + rules),
    )
    assert "".join(item.source.name for item in made.rendered if "db: X" in item.text) == hit


def test_a_connection_can_differ_by_scope(tmp_path: Path) -> None:
    base = "connections:\n- {from: Dev, to: Prod}\n- {in: 'table:U', from: Dev, to: Archive}\n"
    made = rendered([table("T", 1), table("U", 2)], given(tmp_path, base=base + "tables: [{from: {}, to: {}}]\n"))
    assert ["name: Prod" in item.text for item in made.rendered] == [True, False]
    assert "name: Archive" in made.rendered[1].text


def test_a_rule_for_a_table_can_name_its_connection(tmp_path: Path) -> None:
    rules = "tables:\n- {from: {db: DEV}, to: {db: PROD}}\n- {from: {table: U}, to: {connection: Archive}}\n"
    made = rendered([table("T", 1), table("U", 2)], given(tmp_path, base="connections: {Dev: Prod}\n" + rules))
    assert [("name: Prod" in item.text, "name: Archive" in item.text) for item in made.rendered] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("rules", "fine"),
    [
        ("{from: {schema: SALES}, to: {schema: S2}}", False),
        ("{from: {table: T}, to: {schema: S2}}", False),
        ("{from: {schema: SALES}, to: {db: PROD}}", True),
        ("{from: {db: DEV}, to: {}}", True),
        ("{from: {}, to: {}}", True),
        ("{from: {connection: Dev}, to: {}}", True),
        ("{from: {db: DEV, schema: SALES}, to: {schema: S2}}", True),
    ],
)
def test_a_database_that_no_rule_speaks_of_is_left_over(tmp_path: Path, rules: str, fine: bool) -> None:
    item = one(rendered([table("T", 1)], given(tmp_path, base=f"connections: {{Dev: Prod}}\ntables: [{rules}]\n")))
    assert codes(item.findings) == ([] if fine else ["TD205"])


def test_hosts_are_renamed_in_links_alone(tmp_path: Path) -> None:
    text = "see https://dev.x:8443/#/home and HTTPS://user@DEV.x/a, not dev.x or https://dev.x.y/ or xdev.x"
    made = rendered(
        [answer("A", 5, "M", 3, description=text), model("M", 3)],
        given(tmp_path, "hosts: {dev.x: prod.x, 'dev.x:8443': 'prod.x:443'}\n"),
    )
    expected = text.replace("//dev.x:8443", "//prod.x:443").replace("@DEV.x", "@prod.x")
    assert f"description: {expected}\n" in one(made).text.replace('"', "")


def test_a_column_of_the_warehouse_is_renamed_and_thoughtspot_s_name_stays(tmp_path: Path) -> None:
    item = one(rendered([SALES], given(tmp_path, "columns: [{from: T.AMT, to: AMOUNT}, {from: T.REG, to: REGION}]\n")))
    assert "- name: AMT\n    db_column_name: AMOUNT\n  - name: Region\n    db_column_name: REGION\n" in item.text


def test_a_rule_for_a_column_of_one_table_wins(tmp_path: Path) -> None:
    rules = "columns: [{from: {column: AMT}, to: ANY}, {from: T.AMT, to: OWN}]\n"
    made = rendered([SALES, table("U", 2) + COLUMNS], given(tmp_path, rules))
    assert ["OWN" in item.text for item in made.rendered] == [True, False]
    assert "ANY" in made.rendered[1].text


USERS = f"""\
guid: {guid(3)}
model:
  name: M
  model_tables:
  - name: T
    fqn: {guid(1)}
  formulas:
  - id: formula_X
    name: X
    expr: sum ( [T::AMT] ) + strlen ( 'T::AMT' )
  columns:
  - name: AMT
    column_id: T::AMT
  - name: X
    formula_id: formula_X
"""
JOIN = f"""\
  joins_with:
  - name: j
    destination:
      name: U
      fqn: {guid(2)}
    'on': "[T::AMT] = [U::AMT]"
"""


def test_a_carried_column_is_renamed_wherever_it_is_used(tmp_path: Path) -> None:
    rules = "columns: [{from: T.AMT, to: AMOUNT, carry: true}]\n"
    source = answer("A", 5, "M", 3) + '  search_query: "[AMT]"\n'
    texts = [SALES + JOIN, table("U", 2) + COLUMNS, USERS, source]
    made = rendered(texts, given(tmp_path, rules))
    assert errors(made.all_findings()) == []
    first, other, user, search = (item.text for item in made.rendered)
    assert "- name: AMOUNT\n    db_column_name: AMOUNT\n" in first
    assert "[T::AMOUNT] = [U::AMT]" in first
    assert "- name: AMT\n    db_column_name: AMT\n" in other
    assert "sum ( [T::AMOUNT] ) + strlen ( 'T::AMT' )" in user
    assert "- name: AMT\n    column_id: T::AMOUNT\n" in user
    assert '"[AMT]"' in search


def test_a_column_that_thoughtspot_calls_otherwise_is_not_carried(tmp_path: Path) -> None:
    item = one(rendered([SALES], given(tmp_path, "columns: [{from: T.REG, to: REGION, carry: true}]\n")))
    assert "- name: Region\n    db_column_name: REGION\n" in item.text


def test_a_carried_column_must_not_meet_another(tmp_path: Path) -> None:
    item = one(rendered([SALES], given(tmp_path, "columns: [{from: T.AMT, to: Region, carry: true}]\n")))
    assert codes(item.findings) == ["TD231"]


def test_a_carried_column_and_a_link_in_one_formula(tmp_path: Path) -> None:
    text = USERS.replace("strlen ( 'T::AMT' )", f"concat ( 'https://h/#/pinboard/{guid(4)}' , [T::AMT] )")
    rules = "columns: [{from: T.AMT, to: AMOUNT, carry: true}]\nhosts: {h: g}\n"
    made = rendered([text, SALES, liveboard("L", 4, "M", 3)], given(tmp_path, rules))
    assert f"'https://g/#/pinboard/{PROD.derive(guid(4))}' , [T::AMOUNT] )" in one(made).text


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{path: 'columns[].db_column_name', to: X}", "X X"),
        ("{path: 'columns[name=AMT].db_column_name', to: X}", "X REG"),
        ("{path: 'columns[1].db_column_name', to: X}", "AMT X"),
        ("{path: 'columns[].db_column_name', from: REG, to: X}", "AMT X"),
        ("{in: 'model:*', path: 'columns[].db_column_name', to: X}", "AMT REG"),
        ("{path: 'columns[].db_column_name', keep: true}", "AMT REG"),
    ],
)
def test_a_property_is_set_where_its_path_leads(tmp_path: Path, rule: str, value: str) -> None:
    item = one(rendered([SALES], given(tmp_path, f"properties: [{rule}]\n")))
    found = [line.split(": ")[1] for line in item.text.splitlines() if "db_column_name" in line]
    assert " ".join(found) == value


IDLE = {
    "connection": ("connections: {Dev: Prod, Gone: X}\n", ["TD220"]),
    "table": ("connections: {Dev: Prod}\ntables: [{from: {db: DEV}, to: {}}, {from: {db: GONE}, to: {}}]\n", ["TD220"]),
    "object": (f"{BASE}objects: {{{guid(9)}: {guid(8)}}}\n", ["TD220"]),
    "group": (f"{BASE}groups: {{g: h}}\n", ["TD220"]),
    "column": (f"{BASE}columns: [{{from: T.NONE, to: X}}]\n", ["TD220"]),
    "host": (f"{BASE}hosts: {{h: g}}\n", ["TD220"]),
    "property": (f"{BASE}properties: [{{path: none, to: x}}]\n", ["TD220"]),
    "text": (f"{BASE}text: [{{find: none, to: x}}]\n", ["TD310"]),
    "shadowed table": (
        "connections: {Dev: Prod}\ntables: [{from: {db: DEV}, to: {db: X}}, {from: DEV.SALES, to: {db: PROD}}]\n",
        ["TD221"],
    ),
    "shadowed name": ("connections: {Dev: Prod, 'D*': 'P*'}\ntables: [{from: {}, to: {}}]\n", ["TD221"]),
    "all used": (BASE, []),
    "a part of a cascade": (
        "connections: {Dev: Prod}\ntables: [{from: {db: DEV}, to: {db: PROD}}, {from: DEV.SALES, to: {schema: S2}}]\n",
        [],
    ),
}


@pytest.mark.parametrize(("rules", "expected"), IDLE.values(), ids=IDLE)
def test_a_rule_that_does_nothing_is_named_at_its_line(tmp_path: Path, rules: str, expected: list[str]) -> None:
    made = rendered([SALES], given(tmp_path, base=rules))
    assert codes(made.findings) == expected
    assert all((finding.severity is Severity.ERROR) == (finding.code == "TD310") for finding in made.findings)
    assert all(finding.location is not None and finding.location.line > 1 for finding in made.findings)


def test_rules_of_included_files_may_be_idle(tmp_path: Path) -> None:
    shared = tmp_path / "environments" / "shared.yaml"
    shared.parent.mkdir()
    shared.write_text("version: 1\nconnections: {Gone: X}\n", "utf-8")
    assert rendered([SALES], given(tmp_path, base=f"include: [../shared.yaml]\n{BASE}")).findings == ()


BINDINGS = {
    "by GUID to GUID": (f"{guid(1)}: {guid(7)}", table("T", 1), f"guid: {guid(7)}\ntable"),
    "by GUID to obj_id": (f"{guid(1)}: obj_id:sales", table("T", 1), "obj_id: sales\ntable"),
    "by obj_id to GUID": (f"obj_id:t: {guid(7)}", table("T", "t"), f"guid: {guid(7)}\ntable"),
    "by obj_id to obj_id": ("t: u", table("T", "t"), "obj_id: u\ntable"),
    "by name to GUID": (f"'table:T': {guid(7)}", table("T", 1), f"guid: {guid(7)}\ntable"),
    "by name to name": ("'table:T': 'table:U'", table("T", 1), f"guid: {guid(0x99)}\ntable"),
    "without an identity": (f"'table:T': {guid(7)}", table("T", ""), f"guid: {guid(7)}\ntable"),
}


@pytest.mark.parametrize(("binding", "text", "expected"), BINDINGS.values(), ids=BINDINGS)
def test_an_object_is_bound_by_any_identity(tmp_path: Path, binding: str, text: str, expected: str) -> None:
    known = Known(names={"table:U": (guid(0x99),)}, connections={"Prod": (guid(0x55),)}, online=True)
    made = rendered([text], given(tmp_path, f"objects: {{{binding}}}\n", known=known))
    assert (one(made).text.startswith(expected), one(made).target.origin) == (True, Origin.BOUND), one(made).text
    assert codes(made.all_findings()) == []


@pytest.mark.parametrize("there", [(), (guid(1), guid(2))], ids=["none", "two"])
def test_a_bound_name_must_be_there_once(tmp_path: Path, there: tuple[str, ...]) -> None:
    known = Known(names={"table:U": there}, connections={"Prod": (guid(0x55),)}, online=True)
    made = rendered([table("T", 1)], given(tmp_path, "objects: {'table:T': 'table:U'}\n", known=known))
    assert codes(made.findings) == ["TD227"]


def test_references_follow_a_binding_to_an_obj_id(tmp_path: Path) -> None:
    made = rendered(
        [model("M", 3, ("T", 1)), table("T", 1)], given(tmp_path, f"objects: {{{guid(1)}: obj_id:sales}}\n")
    )
    assert "  - name: T\n    obj_id: sales\n" in one(made).text


def test_a_reference_out_of_the_release_may_be_bound_by_name(tmp_path: Path) -> None:
    made = rendered([model("M", 3, ("T", ""))], given(tmp_path, f"objects: {{'table:T': {guid(7)}}}\n"))
    assert (codes(one(made).findings), f"name: T\n    fqn: {guid(7)}\n" in one(made).text) == ([], True)


def test_a_recorded_object_is_not_taken_for_another_of_its_name(tmp_path: Path) -> None:
    """A GUID that is out of the release but known says more than a name that is in it."""
    records = [ObjectRecord("table", "T", guid=guid(0x77), source=guid(9))]
    made = rendered([model("M", 3, ("T", 9)), table("T", 1)], inputs(load(tmp_path, BASE), records=records))
    assert f"fqn: {guid(0x77)}" in one(made).text


def test_names_are_left_where_they_are_not_to_be_pinned(tmp_path: Path) -> None:
    made = rendered([model("M", 3, ("T", "")), table("T", 1)], given(tmp_path, "pin_names: false\n"))
    assert "fqn" not in one(made).text


STRATEGIES = {
    ("auto", "both"): (Origin.OBJ_ID, ""),
    ("auto", "guid"): (Origin.DERIVED, ""),
    ("obj_id", "both"): (Origin.OBJ_ID, ""),
    ("obj_id", "guid"): (Origin.NONE, "TD232"),
    ("recorded", "both"): (Origin.NONE, "TD232"),
    ("recorded", "known"): (Origin.RECORDED, ""),
    ("found", "guid"): (Origin.NONE, "TD232"),
    ("found", "known"): (Origin.RECORDED, ""),
    ("derived", "both"): (Origin.DERIVED, ""),
    ("derived", "obj_id"): (Origin.DERIVED, ""),
    ("derived", "known"): (Origin.RECORDED, ""),
}


@pytest.mark.parametrize(("case", "expected"), STRATEGIES.items(), ids=[" ".join(case) for case in STRATEGIES])
def test_a_strategy_decides_what_identity_an_object_gets(
    tmp_path: Path, case: tuple[str, str], expected: tuple[Origin, str]
) -> None:
    strategy, has = case
    head = {"both": f"guid: {guid(1)}\nobj_id: t\n", "obj_id": "obj_id: t\n"}.get(has, f"guid: {guid(1)}\n")
    records = [ObjectRecord("table", "T", guid=guid(0x77), source=guid(1))] if has == "known" else []
    made = one(
        rendered([head + table("T", "")], inputs(load(tmp_path, f"{BASE}identity: {strategy}\n"), records=records))
    )
    assert (made.target.origin, "".join(codes(made.findings))) == expected
    if expected[0] is Origin.DERIVED:
        assert "obj_id" not in made.text


def test_a_mixed_release_has_obj_ids_and_guids_side_by_side(tmp_path: Path) -> None:
    texts = [model("M", "m", ("T", 1), ("U", "u")), table("T", 1), table("U", "u")]
    made = one(rendered(texts, given(tmp_path)))
    assert f"name: T\n    fqn: {PROD.derive(guid(1))}\n  - name: U\n    obj_id: u\n" in made.text
    assert made.text.startswith("obj_id: m\n")
