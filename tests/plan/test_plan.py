"""What a plan says: why each object is created or updated, and in JSON for machines."""

from __future__ import annotations

import json

from tests.conftest import Cli, Estate
from tsdeploy.demo import change_liveboard


def test_plan_says_why_an_object_is_created_and_what_guid_it_gets(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    out = cli("plan", "prod", "--detail").out
    (line,) = (line for line in out.splitlines() if "view:Store Monthly Sales" in line)
    reason = out.splitlines()[out.splitlines().index(line) + 1]
    assert reason.startswith("    not in prod yet; gets GUID ")
    assert reason.endswith(", derived from the source's")


def test_plan_as_json_lists_each_object_with_its_differences(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    with retail.session("dev") as session:
        change_liveboard(session)
    cli("export", "dev", "--commit")
    plan = json.loads(cli("plan", "prod", "--format", "json").out)
    assert plan["summary"] == {"create": 0, "update": 1, "adopt": 0, "unchanged": 25, "blocked": 0}
    (change,) = (change for change in plan["changes"] if change["action"] == "update")
    assert change["object"] == "liveboard:Store Performance"
    assert [one["sentence"] for one in change["differences"]] == [
        'visualization "Net Sales by Region, Ranked" (Viz_3): title Net Sales by Region → Net Sales by Region, Ranked',
        'visualization "Net Sales by Region, Ranked" (Viz_3): chart type COLUMN → BAR',
    ]


def test_plan_exit_code_says_whether_there_are_changes(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    assert cli("plan", "prod").code == 0
    assert cli("plan", "prod", "--exit-code").code == 3


def test_object_that_the_server_will_not_show_is_an_error_not_a_creation(retail: Estate, cli: Cli) -> None:
    """Were it planned as new, the deploy would overwrite what nobody has seen."""
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    retail.clusters["prod"].traffic.faults.add("item", object="Sales by Outdoor Range")
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert outcome.out == ""
    assert "error[TD503]: the server would not export Sales by Outdoor Range: Error Code: FORBIDDEN" in outcome.err
