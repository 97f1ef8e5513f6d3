"""What the target lacks is told before anything is sent."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import put
from tsdeploy.sandbox.store.warehouses import WarehouseColumn


@pytest.fixture
def exported(retail: Estate, cli: Cli) -> Estate:
    """Dev's objects are in git."""
    cli("export", "dev", "--commit")
    return retail


def add_rules(estate: Estate, text: str) -> None:
    """Rules of sections that prod's mapping does not have yet."""
    path = estate.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    estate.commit("rules")


NAMESAKE = """\
table:
  name: {name}
  db: HARBOR_PROD
  schema: {schema}
  db_table: {table}
  connection:
    name: Harbor Snowflake Prod
  columns:
  - name: REGION
    db_column_name: REGION
    properties:
      column_type: ATTRIBUTE
    db_column_properties:
      data_type: VARCHAR
"""


def test_namesake_is_a_warning(exported: Estate, cli: Cli) -> None:
    put(exported, "prod", NAMESAKE.format(name="PROMOTIONS", schema="ELSEWHERE", table="PROMO"))
    outcome = cli("plan", "prod")
    assert outcome.code == 0
    assert "warning[TD518]: prod has another table:PROMOTIONS, " in outcome.err
    assert "tsdeploy map bind prod" in outcome.err


def test_namesake_has_the_name_that_the_mapping_gives(exported: Estate, cli: Cli) -> None:
    put(exported, "prod", NAMESAKE.format(name="PROMOS", schema="ELSEWHERE", table="PROMO"))
    add_rules(exported, 'properties: [{in: "table:PROMOTIONS", path: name, to: PROMOS}]\n')
    assert "warning[TD518]: prod has another table:PROMOS, " in cli("plan", "prod").err


def test_place_of_a_table_that_is_bound_elsewhere_is_taken(exported: Estate, cli: Cli) -> None:
    put(exported, "prod", NAMESAKE.format(name="PROMOTIONS", schema="RETAIL", table="PROMOTIONS"))
    add_rules(exported, "objects: {'table:PROMOTIONS': 0c8a4a52-4f1b-4f3a-9a0f-3d4a8d1b2c33}\n")
    outcome = cli("plan", "prod")
    assert "error[TD519]: prod has a Table for " in outcome.err
    assert ".PROMOTIONS already: " in outcome.err


def test_nothing_is_asked_when_nothing_is_sent(exported: Estate, cli: Cli) -> None:
    cli("deploy", "prod", "--yes")
    put(exported, "prod", NAMESAKE.format(name="PROMOTIONS", schema="ELSEWHERE", table="PROMO"))
    assert "TD518" not in cli("plan", "prod").err


def test_group_that_is_not_there_is_a_warning(exported: Estate, cli: Cli) -> None:
    path = exported.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8").replace("Web Shop: Web Shop", "Web Shop: Online Team"), "utf-8")
    exported.commit("another group")
    outcome = cli("plan", "prod")
    assert "warning[TD520]: table:STORES names the group Online Team, which prod does not have" in outcome.err
    assert ".table.tml:149:13\n" in outcome.err
    exported.add_group("prod", "Online Team")
    assert "TD520" not in cli("plan", "prod").err


def declare(estate: Estate, *columns: tuple[str, str], reachable: bool = True) -> None:
    """Prod's warehouse has nothing but STORES with these columns."""
    place = ("HARBOR_PROD", "RETAIL", "STORES", "TABLE")
    found = [WarehouseColumn(*place, number, name, kind) for number, (name, kind) in enumerate(columns)]
    cluster = estate.clusters["prod"]
    with cluster.database.transaction():
        cluster.warehouses.declare("Harbor Snowflake Prod", found, reachable=reachable)


def test_warehouse_is_asked_for_tables_columns_and_types(exported: Estate, cli: Cli) -> None:
    kept = (("STORE_CODE", "VARCHAR"), ("STORE_NAME", ""), ("STORE_FORMAT", "CHAR"), ("STATE", ""))
    declare(exported, ("STORE_ID", "INT32"), ("CITY", "DATE"), *kept)
    outcome = cli("plan", "prod", "--warehouse")
    assert "error[TD514]: the warehouse has no table " in outcome.err
    assert "table.tml:1:1: the warehouse has no table " in outcome.err, "each table is named"
    assert "RETAIL.STORES has no column REGION" in outcome.err
    assert "RETAIL.STORES has no column POSTAL_CODE" in outcome.err
    assert ".STORES.CITY is DATE in the warehouse and VARCHAR here" in outcome.err
    assert "STORES.STORE_ID is" not in outcome.err, "INT32 and INT64 are taken for one another"
    assert outcome.code != 0


@pytest.mark.parametrize(("reachable", "said"), [(True, "warning[TD521]"), (False, "error[TD521]")])
def test_warehouse_that_says_nothing_is_told(exported: Estate, cli: Cli, reachable: bool, said: str) -> None:
    declare(exported, reachable=reachable)
    assert f"{said}: the warehouse of Harbor Snowflake Prod" in cli("plan", "prod", "--warehouse").err
