"""Who else feels a change: live objects that use it, whether git has them or not, and what breaks."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import edit_file, put
from tsdeploy.sandbox.store.marks import Mark

STRANGER = """\
answer:
  name: Made in prod
  tables:
  - id: Retail Sales
    name: Retail Sales
  search_query: "[Net Sales] [Customer Segment]"
  answer_columns:
  - name: Customer Segment
  - name: Total Net Sales
  table:
    table_columns:
    - column_id: Customer Segment
    - column_id: Total Net Sales
    ordered_column_ids:
    - Customer Segment
    - Total Net Sales
  display_mode: TABLE_MODE
"""


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """Prod is as dev, and somebody made an answer there."""
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    put(retail, "prod", STRANGER)
    return retail


def test_users_of_a_changed_model_are_listed(deployed: Estate, cli: Cli) -> None:
    change_model(deployed, "description: Store, Web.*", "description: how it was sold")
    plan = json.loads(cli("plan", "prod", "--format", "json").out)
    affected = {item["object"]: item for item in plan["affected"]}
    assert affected["answer:Made in prod"]["in_git"] is False
    assert affected["answer:Made in prod"]["uses"] == ["model:Retail Sales"]
    assert affected["liveboard:Store Performance"]["in_git"] is True
    assert not any(item["breaks"] for item in affected.values())


def test_text_lists_a_few_and_counts_all(deployed: Estate, cli: Cli) -> None:
    change_model(deployed, "description: Store, Web.*", "description: how it was sold")
    out = cli("plan", "prod").out
    assert "live objects use what changes" in out
    assert "more; see --detail" in out
    assert "answer:Made in prod (not in git)" in cli("plan", "prod", "--detail").out


def test_renamed_column_takes_its_users_along(deployed: Estate, cli: Cli) -> None:
    """It stands on the same column of its table: the server keeps its users together with it."""
    change_model(deployed, "  - name: Customer Segment\n", "  - name: Segment of Customer\n")
    plan = json.loads(cli("plan", "prod", "--format", "json").out)
    assert "answer:Made in prod" in {item["object"] for item in plan["affected"]}
    assert not any(item["breaks"] for item in plan["affected"])


def test_column_that_goes_is_a_warning_with_what_breaks(deployed: Estate, cli: Cli) -> None:
    change_model(deployed, r"  - name: Customer Segment\n(    .*\n)+", "")
    outcome = cli("plan", "prod")
    assert "warning[TD510]: answer:Made in prod breaks in prod, which is not in git" in outcome.err
    assert "model:Retail Sales::Customer Segment is used in search, answer column, table" in outcome.err
    assert "answer:Made in prod (not in git) breaks" in outcome.out


def test_user_whose_text_does_not_come_is_not_taken_for_unharmed(deployed: Estate, cli: Cli) -> None:
    cluster = deployed.clusters["prod"]
    (made,) = cluster.objects.named(0, "Made in prod")
    with cluster.database.transaction():
        cluster.marks.put(made.guid, [Mark.UNSERIALISABLE])
    change_model(deployed, r"  - name: Customer Segment\n(    .*\n)+", "")
    said = cli("plan", "prod").err
    assert "warning[TD510]: whether answer:Made in prod breaks in prod is not known: its TML cannot be read" in said


def change_model(estate: Estate, pattern: str, to: str) -> None:
    """Change the text of the model in the project."""
    (file,) = estate.project.tml.rglob("Retail Sales.*.model.tml")
    text = file.read_bytes().decode("utf-8")
    changed = re.sub(pattern, to, text, count=1)
    assert changed != text
    file.write_bytes(changed.encode("utf-8"))
    estate.commit("change the model")


def test_changed_row_level_security_is_a_warning(deployed: Estate, cli: Cli) -> None:
    edit_file(deployed, "STORES", "STORE_FORMAT] = 'Web' and", "STORE_FORMAT] = 'Kiosk' and")
    outcome = cli("plan", "prod")
    assert outcome.code == 0
    assert "warning[TD522]: table:STORES changes who sees which rows in prod: " in outcome.err
    assert "tml/table/STORES." in outcome.err
