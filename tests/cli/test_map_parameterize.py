"""``tsdeploy map parameterize``: variables are proposed from files, and created on a server when asked."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Desk
from tests.conftest import Cli, Estate
from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.pairing.parameterize import parameterization
from tsdeploy.rest.variables import create_variable, search_variables, set_variable

MAPPING = "environments/prod/mapping.yaml"


def proposed(desk: Desk, rules: str) -> tuple[list[tuple[str, str]], list[str]]:
    path = desk.write(MAPPING, f"version: 1\ntables:\n{rules}")
    file = load_config(path, load_schema("tsdeploy.mapping", "mapping"), what="mapping", shown=MAPPING)
    found = parameterization(file)
    return [(one.name, one.value) for one in found.variables], [value for _, value in found.edits]


def test_variables_are_called_after_what_the_rules_are_for(desk: Desk) -> None:
    rules = (
        "- {from: {db: DEV}, to: {db: PROD}}\n"
        "- {from: DEV.SALES, to: PROD.SALES_V2}\n"
        "- {from: {schema: X}, to: {table: T}}\n"
    )
    assert proposed(desk, rules) == (
        [("dev_db", "PROD"), ("sales_schema", "SALES_V2")],
        ["${dev_db}", "${dev_db}.${sales_schema}"],
    )


def test_one_name_for_two_values_is_numbered_and_variables_stay(desk: Desk) -> None:
    rules = "- {from: {db: DEV}, to: {db: A}}\n- {from: DEV.S.T, to: {db: B, schema: '${mine}'}}\n"
    assert proposed(desk, rules) == ([("dev_db", "A"), ("dev_db_2", "B")], ["${dev_db}", "${dev_db_2}"])


def test_a_mapping_becomes_variables_on_the_server(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--commit").code == 0
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    before = (retail.project.root / MAPPING).read_text("utf-8")
    dry = json.loads(cli("map", "parameterize", "prod", "--format", "json").out)
    assert dry["variables"] == [{"name": "harbor_dev_db", "part": "db", "value": "HARBOR_PROD"}]
    assert dry["tables"] == 8
    assert (retail.project.root / MAPPING).read_text("utf-8") == before
    outcome = cli("map", "parameterize", "prod", "--apply")
    assert outcome.code == 0, outcome.err
    assert (retail.project.root / MAPPING).read_text("utf-8") == before.replace(
        "to: {db: HARBOR_PROD}", "to: {db: '${harbor_dev_db}'}"
    )
    with retail.session("prod") as session:
        assert [one.name for one in search_variables(session)] == ["harbor_dev_db"]
    retail.commit("parameterized")
    plan = cli("plan", "prod")
    assert "0 to create, 0 to update" in plan.out, plan.out + plan.err


@pytest.mark.parametrize(("type_", "value"), [("CONNECTION_PROPERTY", ""), ("TABLE_MAPPING", "HARBOR_TEST")])
def test_a_variable_of_another_type_or_value_stops_it(type_: str, value: str, retail: Estate, cli: Cli) -> None:
    with retail.session("prod") as session:
        create_variable(session, "harbor_dev_db", type_)
        if value:
            set_variable(session, "harbor_dev_db", value, "")
    before = (retail.project.root / MAPPING).read_text("utf-8")
    outcome = cli("map", "parameterize", "prod", "--apply")
    assert (outcome.code, "error[TD327]" in outcome.err) == (1, True), outcome.err
    assert (retail.project.root / MAPPING).read_text("utf-8") == before
