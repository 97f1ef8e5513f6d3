"""Mapping files: which rule applies, and what is said about each way to get one wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.files import SHOWN, faults, load
from tests.tml.real_files import REPOSITORY
from tsdeploy.errors import ConfigError, Finding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping, TableRule
from tsdeploy.mapping.reading import load_mapping

ORDERS = TableLocation("Dev", "DEV", "SALES", "ORDERS")


def moved(folder: Path, rules: str, table: TableLocation = ORDERS) -> TableLocation | None:
    mapping = load(folder, f"tables:\n{rules}")
    return mapping.move(table)[0] if mapping.table_rules(table) else None


def test_no_file_has_no_rules(tmp_path: Path) -> None:
    assert load_mapping(tmp_path / "mapping.yaml", SHOWN) == Mapping(file=SHOWN)


def test_every_section_is_read(tmp_path: Path) -> None:
    made = load(
        tmp_path,
        "connections: {Dev: Prod}\ntables:\n- {from: DEV.SALES, to: {db: PROD}}\nobjects: {g1: g2}\n"
        "text:\n- {find: a, to: b}\n- {in: 'liveboard:*', path: 'visualizations[].note_tile', find: c, to: ''}\n",
    )
    assert (made.connections.covering("Dev")[0].target, made.objects["g1"].target) == ("Prod", "g2")
    assert [(rule.scope, rule.path, rule.find, rule.to) for rule in made.text] == [
        ((), "", "a", "b"),
        (("liveboard:*",), "visualizations[].note_tile", "c", ""),
    ]


def test_rules_know_their_lines(tmp_path: Path) -> None:
    made = load(tmp_path, "connections:\n  Dev: Prod\ntables:\n- {from: DEV.SALES, to: {db: PROD}}\n")
    places = [str(rule.location) for rule in (made.connections.covering("Dev")[0], made.tables[0])]
    assert places == [f"{SHOWN}:3:3", f"{SHOWN}:5:3"]


def test_the_example_is_valid() -> None:
    made = load_mapping(REPOSITORY / "environments" / "prod" / "mapping.yaml", SHOWN)
    assert (len(made.connections), len(made.tables), len(made.hosts), len(made.text)) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("rules", "table"),
    [
        ("- {from: {db: DEV}, to: {db: A}}\n- {from: {db: DEV, schema: SALES}, to: {db: B}}\n", "B"),
        ("- {from: {db: DEV, schema: SALES}, to: {db: B}}\n- {from: {db: DEV}, to: {db: A}}\n", "B"),
        ("- {from: {db: DEV}, to: {db: A}}\n- {from: {table: ORDERS}, to: {db: B}}\n", "B"),
        ("- {from: {connection: Dev}, to: {db: A}}\n- {from: {db: DEV}, to: {db: B}}\n", "B"),
        ("- {from: {schema: SALES}, to: {db: B}}\n- {from: {db: DEV}, to: {db: A}}\n", "B"),
        ("- {from: {}, to: {db: A}}\n- {from: {connection: Dev}, to: {db: B}}\n", "B"),
        ("- {from: DEV.SALES.ORDERS, to: {db: B}}\n- {from: {connection: Dev, db: DEV}, to: {db: A}}\n", "B"),
        ("- {from: {db: OTHER}, to: {db: A}}\n- {from: {}, to: {db: B}}\n", "B"),
    ],
)
def test_the_most_specific_rule_wins(tmp_path: Path, rules: str, table: str) -> None:
    found = moved(tmp_path, rules)
    assert found is not None
    assert found.db == table


PARTS = st.builds(TableLocation, *(st.sampled_from(["", part]) for part in ("Dev", "DEV", "SALES", "ORDERS")))


@given(st.lists(PARTS, unique=True), st.randoms())
def test_the_winner_does_not_depend_on_the_order_of_rules(sources: list[TableLocation], random: object) -> None:
    here = Finding("", "").location
    rules = [TableRule(source, TableLocation(db="X"), here) for source in sources]  # type: ignore[arg-type]
    first = Mapping(tables=tuple(rules)).table_rules(ORDERS)
    random.shuffle(rules)  # type: ignore[attr-defined]
    assert Mapping(tables=tuple(rules)).table_rules(ORDERS) == first


@given(st.lists(PARTS, unique=True, min_size=1))
def test_no_covering_rule_names_more_parts_than_the_winner(sources: list[TableLocation]) -> None:
    here = Finding("", "").location
    rules = [TableRule(source, TableLocation(), here) for source in sources]  # type: ignore[arg-type]
    winner = Mapping(tables=tuple(rules)).table_rules(ORDERS)[0]
    assert max(source.specificity for source in sources) == winner.source.specificity


def test_each_part_is_decided_by_the_most_specific_rule_that_gives_it(tmp_path: Path) -> None:
    rules = "- {from: {db: DEV}, to: {db: PROD, schema: S}}\n- {from: DEV.SALES.ORDERS, to: {table: O2}}\n"
    assert moved(tmp_path, rules) == TableLocation("Dev", "PROD", "S", "O2")


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("PROD.S2", TableLocation("Dev", "PROD", "S2", "ORDERS")),
        ("PROD.S2.O2", TableLocation("Dev", "PROD", "S2", "O2")),
        ("{table: O2}", TableLocation("Dev", "DEV", "SALES", "O2")),
        ("{}", ORDERS),
    ],
)
def test_a_rule_changes_what_it_names_and_keeps_the_rest(tmp_path: Path, to: str, expected: TableLocation) -> None:
    assert moved(tmp_path, f"- {{from: DEV.SALES.ORDERS, to: {to}}}\n") == expected


@pytest.mark.parametrize("source", ["DEV.OTHER", "{table: orders}", "{connection: Prod}"])
def test_a_rule_for_another_table_does_not_apply(tmp_path: Path, source: str) -> None:
    assert moved(tmp_path, f"- {{from: {source}, to: {{db: X}}}}\n") is None


def test_variables_of_the_environment_are_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TD_TEST_DB", "PROD")
    made = load(
        tmp_path,
        'connections: {Dev: "C-${env:TD_TEST_DB}"}\ntables:\n- {from: {db: "${env:TD_TEST_DB}"}, '
        'to: {db: "${env:TD_TEST_DB}_X"}}\ntext:\n- {find: a, to: "${env:TD_TEST_DB}"}\n',
    )
    assert (made.connections.covering("Dev")[0].target, made.text[0].to) == ("C-PROD", "PROD")
    assert (made.tables[0].source.db, made.tables[0].target.db) == ("PROD", "PROD_X")


def test_thoughtspot_s_own_variables_are_left_alone(tmp_path: Path) -> None:
    made = load(tmp_path, 'tables:\n- {from: {db: "${db}"}, to: {db: "${prod_db}"}}\ntext:\n- {find: "${x}", to: y}\n')
    assert (made.tables[0].source.db, made.tables[0].target.db, made.text[0].find) == ("${db}", "${prod_db}", "${x}")


FAULTS = {
    "two rules for the same tables": (
        "tables:\n- {from: DEV.SALES, to: {db: A}}\n- {from: {db: DEV, schema: SALES}, to: {db: B}}\n",
        "TD308",
        "the first is in line 3",
        ":4:3",
    ),
    "two rules for all tables": (
        "tables:\n- {from: {}, to: {db: A}}\n- {from: {}, to: {db: B}}\n",
        "TD308",
        "all tables",
        ":4:3",
    ),
    "two sources for one object": ("objects:\n  a: x\n  b: x\n", "TD309", "b and a are bound", ":4:3"),
    "unset variable": ('objects:\n  a: "${env:TD_UNSET}"\n', "TD305", "TD_UNSET is not set", ":3:3"),
    "unknown section": ("conections: {}\n", "TD303", "unknown key conections", ":2:1"),
    "unknown part of a table": ("tables:\n- {from: {database: A}, to: {}}\n", "TD303", "unknown key database", ":3:11"),
    "one name for a table": ("tables:\n- {from: ORDERS, to: {}}\n", "TD303", "form", ":3:10"),
    "four names for a table": ("tables:\n- {from: a.b.c.d, to: {}}\n", "TD303", "form", ":3:10"),
    "no target": ("tables:\n- {from: A.B}\n", "TD303", "missing key to", ":3:3"),
    "nothing to find": ("text:\n- {find: '', to: x}\n", "TD303", "", ":3:10"),
    "empty target": ("connections: {A: ''}\n", "TD303", "", ":2:18"),
    "a list for a mapping": ("objects: [a]\n", "TD303", "must be a mapping", ":2:10"),
    "duplicate source": ("objects:\n  a: x\n  a: y\n", "TD106", "'a' stands twice", ":4:3"),
    "malformed": ("objects: {\n", "TD102", "not valid YAML", ":3:1"),
    "alias": ("objects: *x\n", "TD108", "aliases", ":2:10"),
}


@pytest.mark.parametrize(("text", "code", "message", "at"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_where_it_is(tmp_path: Path, text: str, code: str, message: str, at: str) -> None:
    (finding,) = faults(tmp_path, text)
    assert (finding.code, message in finding.message) == (code, True), finding.message
    assert str(finding.location) == SHOWN + at


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    text = 'objects: {a: x, b: x}\ntables:\n- {from: A.B, to: {db: "${env:TD_UNSET}"}}\n- {from: A.B, to: {}}\n'
    assert sorted(finding.code for finding in faults(tmp_path, text)) == ["TD305", "TD308", "TD309"]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_bytes(b"version: 1 # \xff")
    with pytest.raises(ConfigError, match="mapping file is not UTF-8"):
        load_mapping(tmp_path / "mapping.yaml", SHOWN)


def test_a_location_is_shown_by_its_parts() -> None:
    assert (str(ORDERS), str(TableLocation(db="DEV"))) == ("Dev.DEV.SALES.ORDERS", "DEV")
