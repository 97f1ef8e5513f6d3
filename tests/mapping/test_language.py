"""The sections of mapping.yaml: what each reads, what wins, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.files import SHOWN, faults, load
from tsdeploy.config.secrets import Secret
from tsdeploy.mapping.bindings import Binding, parse_binding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.places import Item, parse_path

GUID = "11111111-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("rules", "name", "expected"),
    [
        ("{a: b}", "a", "b"),
        ("{a: b}", "x", None),
        ("{'*': '*'}", "anything", "anything"),
        ("{'dev_*': 'prod_*'}", "dev_sales", "prod_sales"),
        ("{'dev_*': all}", "dev_sales", "all"),
        ("{'*_dev': '*', '*': '*'}", "sales_dev", "sales"),
        ("{'dev_*': 'x', dev_sales: exact}", "dev_sales", "exact"),
        ("{'a*a': '*'}", "a", None),
        ("[{from: a, to: b}, {in: 'table:T', from: a, to: c}]", "a", "c"),
    ],
)
def test_a_name_becomes_what_the_narrowest_rule_says(
    tmp_path: Path, rules: str, name: str, expected: str | None
) -> None:
    found = load(tmp_path, f"groups: {rules}\n").groups.covering(name)
    assert (found[0].apply(name) if found else None) == expected


@given(st.text("ab*", max_size=4), st.text("abc", max_size=6))
def test_a_pattern_matches_as_its_star_says(pattern: str, name: str) -> None:
    rule = NameRule(pattern, pattern, None)  # type: ignore[arg-type]
    if pattern.count("*") == 1:
        before, after = pattern.split("*")
        fits = len(name) >= len(before) + len(after) and name.startswith(before) and name.endswith(after)
        assert rule.apply(name) == (name if fits else None)
        assert bool(NameRules((rule,)).covering(name)) == fits


@pytest.mark.parametrize(
    ("text", "table", "column"),
    [
        ("ORDERS.AMT", TableLocation(table="ORDERS"), "AMT"),
        ("SALES.ORDERS.AMT", TableLocation(schema="SALES", table="ORDERS"), "AMT"),
        ("DEV.SALES.ORDERS.AMT", TableLocation("", "DEV", "SALES", "ORDERS"), "AMT"),
        ("Dev.DEV.SALES.ORDERS.AMT", TableLocation("Dev", "DEV", "SALES", "ORDERS"), "AMT"),
        ("{db: DEV, column: AMT}", TableLocation(db="DEV"), "AMT"),
        ("{column: A.B}", TableLocation(), "A.B"),
    ],
)
def test_a_column_is_named_short_or_by_its_parts(tmp_path: Path, text: str, table: TableLocation, column: str) -> None:
    (rule,) = load(tmp_path, f"columns: [{{from: {text}, to: AMOUNT}}]\n").columns
    assert (rule.table, rule.column, rule.target, rule.carry) == (table, column, "AMOUNT", False)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("name", ("name",)),
        ("a.b", ("a", "b")),
        ("properties[key=warehouse].value", ("properties", Item(key="key", value="warehouse"), "value")),
        ("columns[].name", ("columns", Item(), "name")),
        ("[3].x", (Item(3), "x")),
        ("names[]", ("names", Item())),
        ("", None),
        (".a", None),
        ("a..b", None),
        ("a[b", None),
        ("a[b=c", None),
        ("a]", None),
    ],
)
def test_a_path_is_read_into_its_steps(text: str, steps: object) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    ("text", "binding"),
    [
        (GUID.upper().replace("E", "e"), Binding(guid=GUID)),
        ("model:Sales: gold", Binding(kind="model", name="Sales: gold")),
        ("pinboard:Old", Binding(kind="liveboard", name="Old")),
        ("obj_id:sales", Binding(obj_id="sales")),
        ("sales-1234", Binding(obj_id="sales-1234")),
        ("obj_id:model:x", Binding(obj_id="model:x")),
    ],
)
def test_either_side_of_a_binding_is_a_guid_an_obj_id_or_a_name(text: str, binding: Binding) -> None:
    assert parse_binding(text) == binding


def test_a_property_is_set_kept_or_secret(tmp_path: Path) -> None:
    rules = "- {path: a, to: x}\n- {path: b, keep: true}\n- {path: c, from: y, to: ''}\n"
    rules += '- {in: ["connection:*", "!connection:X"], path: d, secret: "${env:PW}"}\n'
    made = load(tmp_path, f"properties:\n{rules}").properties
    assert [(rule.to, rule.only, str(rule.secret)) for rule in made] == [
        ("x", None, "None"),
        (None, None, "None"),
        ("", "y", "None"),
        (None, None, "${env:PW}"),
    ]
    assert isinstance(made[3].secret, Secret)
    assert made[3].scope == ("connection:*", "!connection:X")


def test_settings_have_their_defaults(tmp_path: Path) -> None:
    made = load(tmp_path, "")
    assert (made.identity, made.pin_names, made.manage_connections, made.source) == ("auto", True, False, "")


def test_hosts_are_alike_in_upper_and_lower_case(tmp_path: Path) -> None:
    assert load(tmp_path, "hosts: {DEV.Example.com: prod}\n").hosts.covering("dev.example.com")


def test_a_secret_is_not_read_when_the_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PW", raising=False)
    assert load(tmp_path, 'properties: [{path: x, secret: "${env:PW}"}]\n').properties[0].secret == Secret(
        "PW", load(tmp_path, 'properties: [{path: x, secret: "${env:PW}"}]\n').properties[0].location
    )


FAULTS = {
    "two stars": ("groups:\n  '*a*': b\n", "TD303", "a * too many", ":3:3"),
    "a star from nowhere": ("groups:\n  a: '*'\n", "TD303", "a * too many", ":3:3"),
    "no path": ("properties:\n- {path: 'a[', to: x}\n", "TD303", "a[ is no path", ":3:3"),
    "a secret that is written out": (
        "properties:\n- {path: a, secret: hunter2}\n",
        "TD304",
        "must be a reference",
        ":3:3",
    ),
    "nothing to do": ("properties:\n- {path: a}\n", "TD303", "one of to, secret, keep", ":3:3"),
    "unknown kind": ("text:\n- {in: 'modle:x', find: a, to: b}\n", "TD010", "no kind modle", ":3:8"),
    "a tag": ("tables:\n- {in: 'tag:x', from: {}, to: {}}\n", "TD012", "not known here", ":3:8"),
    "an empty selector": ("text:\n- {in: ['!'], find: a, to: b}\n", "TD013", "names nothing", ":3:8"),
    "a column without a table": ("columns:\n- {from: AMT, to: X}\n", "TD303", "form", ":3:10"),
    "the same object twice": (
        f"objects:\n  {GUID}: x\n  {GUID.upper().replace('E', 'e')[:-1]}1: y\n".replace("1: y", "1 : y"),
        "TD106",
        "stands twice",
        ":4:3",
    ),
    "a kind under two names": (
        "objects:\n  'liveboard:A': x\n  'pinboard:A': y\n",
        "TD308",
        "the first is in line 3",
        ":4:3",
    ),
    "the same name in one scope": (
        "groups:\n- {in: 'table:A', from: a, to: b}\n- {in: 'table:A', from: a, to: c}\n",
        "TD308",
        "the first is in line 3",
        ":4:3",
    ),
    "an unknown strategy": ("identity: guess\n", "TD303", "must be one of", ":2:11"),
}


@pytest.mark.parametrize(("text", "code", "message", "at"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_where_it_is(tmp_path: Path, text: str, code: str, message: str, at: str) -> None:
    (finding,) = faults(tmp_path, text)
    assert (finding.code, message in finding.message) == (code, True), finding.message
    assert str(finding.location) == SHOWN + at


def test_the_secret_is_in_no_message(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, "properties:\n- {path: a, secret: hunter2}\n")
    assert "hunter2" not in f"{finding} {finding.hint}"


def test_the_same_name_in_two_scopes_is_no_fault(tmp_path: Path) -> None:
    rules = "- {from: a, to: x}\n- {in: 'table:A', from: a, to: b}\n- {in: 'table:B', from: a, to: c}\n"
    assert len(load(tmp_path, f"groups:\n{rules}").groups) == 3
