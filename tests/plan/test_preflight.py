"""What the target lacks is told before anything is sent."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import put


@pytest.fixture
def exported(retail: Estate, cli: Cli) -> Estate:
    """Dev's objects are in git."""
    cli("export", "dev", "--commit")
    return retail


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
    exported.add_group("prod", "Online Team")
    assert "TD520" not in cli("plan", "prod").err
