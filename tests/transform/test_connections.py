"""Connections that a project deploys itself: nothing of the source is left in them, and no secret is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mapping.files import load
from tests.tml.tml_texts import guid, table
from tests.transform.releases import codes, errors, inputs, rendered
from tsdeploy.errors import ConfigError
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.secrets import revealed
from tsdeploy.transform.targets import Known, Origin

CONNECTION = f"""\
guid: {guid(2)}
connection:
  name: Dev
  type: RDBMS_SNOWFLAKE
  properties:
  - key: accountName
    value: dev-account
  - key: password
    value: ""
  table:
  - id: T
    external_table:
      db_name: DEV
      schema_name: SALES
      table_name: T
  selected_databases:
  - DEV
"""
RULES = """\
manage_connections: true
connections: {Dev: Prod}
tables: [{from: {db: DEV}, to: {db: PROD}}]
properties:
- {in: "connection:*", path: "properties[key=accountName].value", to: prod-account}
- {in: "connection:*", path: "properties[key=password].value", secret: "${env:PW}"}
"""
SECRET = 'p"w: #1\n'


def given(folder: Path, rules: str = RULES, *, known: Known | None = None) -> Inputs:
    return inputs(load(folder, rules), known=known)


def connection(given_: Inputs) -> Rendered:
    (made,) = (item for item in rendered([CONNECTION], given_).rendered if item.source.kind.name == "connection")
    return made


def test_a_connection_gets_the_target_s_names_and_values(tmp_path: Path) -> None:
    item = connection(given(tmp_path))
    assert errors(item.findings) == []
    for text in ("  name: Prod\n", "value: prod-account\n", 'value: "${env:PW}"\n', "db_name: PROD\n", "  - PROD\n"):
        assert text in item.text
    assert "dev" not in item.text.lower()


def test_a_secret_is_in_the_request_alone(tmp_path: Path) -> None:
    item = connection(given(tmp_path))
    sent = revealed(item, {"PW": SECRET})
    assert "value: |" in sent or 'p\\"w' in sent or 'p"w' in sent
    assert sent != item.text
    assert not [text for text in (item.text, str(item.rewrites), repr(item.secrets)) if "w: #1" in text]


def test_a_secret_that_is_not_set_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TD305"):
        revealed(connection(given(tmp_path)), {})


def test_what_is_sent_is_compared_without_the_secret(tmp_path: Path) -> None:
    assert 'value: ""' in connection(given(tmp_path)).document().text


@pytest.mark.parametrize(
    ("drop", "message"),
    [("accountName", "the property accountName"), ("password", "the secret password")],
)
def test_a_property_without_a_rule_is_refused_with_the_line_to_add(tmp_path: Path, drop: str, message: str) -> None:
    rules = "".join(line for line in RULES.splitlines(keepends=True) if f"key={drop}" not in line)
    (found,) = connection(given(tmp_path, rules)).findings
    assert (found.code, message in found.message, f"properties[key={drop}].value" in found.hint) == (
        "TD229",
        True,
        True,
    )


def test_a_secret_that_is_written_out_in_the_mapping_is_refused(tmp_path: Path) -> None:
    rules = RULES.replace('secret: "${env:PW}"', "to: hunter2")
    found = connection(given(tmp_path, rules)).findings
    assert codes(found) == ["TD229"]
    assert "hunter2" not in str(found)


def test_a_value_that_is_right_in_the_target_is_kept_by_a_rule(tmp_path: Path) -> None:
    rules = RULES.replace("to: prod-account", "keep: true")
    item = connection(given(tmp_path, rules))
    assert (errors(item.findings), "value: dev-account" in item.text) == ([], True)


def test_a_rule_for_another_value_does_not_speak_of_this_one(tmp_path: Path) -> None:
    rules = RULES.replace("to: prod-account", "from: test-account, to: prod-account")
    item = connection(given(tmp_path, rules))
    assert (codes(item.findings), "value: dev-account" in item.text) == (["TD229"], True)
    there = RULES.replace("to: prod-account", "from: dev-account, to: prod-account")
    assert errors(connection(given(tmp_path, there)).findings) == []


@pytest.mark.parametrize(
    ("bound", "expected"),
    [(f"{guid(8)}: {guid(0x88)}", []), (f"{guid(8)}: obj_id:staff", ["TD204"]), (f"{guid(9)}: {guid(8)}", ["TD204"])],
    ids=["a GUID", "no GUID", "another group"],
)
def test_groups_of_a_connection_are_bound_by_guid(tmp_path: Path, bound: str, expected: list[str]) -> None:
    configured = f"  connection_configurations:\n  - name: C\n    user_group_ids:\n    - {guid(8)}\n"
    made = rendered([CONNECTION + configured], given(tmp_path, f"{RULES}objects: {{{bound}}}\n"))
    (item,) = made.rendered
    assert codes(item.findings) == expected
    assert (guid(0x88) in item.text) is not bool(expected)


def test_a_connection_without_a_rule_is_refused(tmp_path: Path) -> None:
    item = connection(given(tmp_path, RULES.replace("{Dev: Prod}", "{Test: Prod}")))
    (found,) = (one for one in item.findings if one.code == "TD201")
    assert "Dev: NAME-IN-PROD" in found.hint


def test_a_connection_that_is_there_by_its_name_is_updated(tmp_path: Path) -> None:
    known = Known(connections={"Prod": (guid(0x22),)}, online=True)
    item = connection(given(tmp_path, known=known))
    assert (item.target.guid, item.target.origin) == (guid(0x22), Origin.FOUND)


def test_tables_refer_to_the_connection_of_the_release(tmp_path: Path) -> None:
    text = table("T", 1).replace("name: Dev\n", f"name: Dev\n    fqn: {guid(2)}\n")
    made = rendered([text, CONNECTION], given(tmp_path))
    assert f"name: Prod\n    fqn: {made.rendered[1].target.guid}\n" in made.rendered[0].text


def test_connections_are_not_written_unless_the_mapping_says_so(tmp_path: Path) -> None:
    made = rendered([CONNECTION], given(tmp_path, "connections: {Dev: Prod}\n"))
    assert (made.rendered, [document.name for document in made.referenced]) == ((), ["Dev"])
