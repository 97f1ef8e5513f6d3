"""The main job end to end, over HTTP: export, plan, deploy, again, change, promote."""

from __future__ import annotations

import json

from tests.conftest import Cli, Estate
from tsdeploy.demo import change_liveboard


def promote(estate: Estate, cli: Cli) -> None:
    """Export dev and deploy it to prod."""
    assert cli("export", "dev", "--commit").code == 0
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    estate.commit("record")


def without_commits(objects: bytes) -> list[dict[str, object]]:
    """The records of an object map, but for the commit they were deployed from."""
    records = json.loads(objects)["objects"]
    return [{key: value for key, value in record.items() if key != "commit"} for record in records]


def test_first_deploy_creates_everything(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--commit").code == 0
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "Plan: 26 to create, 0 to update, 0 to delete, 0 unchanged." in outcome.out
    assert outcome.out.endswith("Deploy: 26 done.\n")


def test_plan_after_deploy_is_empty(retail: Estate, cli: Cli) -> None:
    promote(retail, cli)
    outcome = cli("plan", "prod", "--exit-code")
    assert (outcome.code, outcome.err.count("error")) == (0, 0)
    assert outcome.out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def test_second_deploy_makes_no_duplicates(retail: Estate, cli: Cli) -> None:
    promote(retail, cli)
    before = retail.count("prod")
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")
    assert retail.count("prod") == before


def test_lost_object_map_is_recomputed_without_duplicates(retail: Estate, cli: Cli) -> None:
    promote(retail, cli)
    objects = retail.project.root / "environments/prod/objects.json"
    recorded = objects.read_bytes()
    objects.unlink()
    retail.commit("lost")
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")
    assert without_commits(objects.read_bytes()) == without_commits(recorded)


def test_changed_liveboard_is_the_only_update(retail: Estate, cli: Cli) -> None:
    promote(retail, cli)
    with retail.session("dev") as dev:
        change_liveboard(dev)
    assert "~ liveboard:Store Performance" in cli("export", "dev", "--commit").out
    outcome = cli("plan", "prod")
    assert "Plan: 0 to create, 1 to update, 0 to delete, 25 unchanged." in outcome.out
    assert "chart type COLUMN → BAR" in outcome.out
    assert cli("deploy", "prod", "--yes").code == 0


def test_export_twice_makes_no_difference(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    outcome = cli("export", "dev", "--commit")
    assert outcome.out == "Export: 0 added, 0 changed, 26 unchanged.\n"
    assert retail.repository.dirty([retail.project.root]) == []


def test_plan_writes_nothing_to_a_server_or_the_project(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    before = retail.count("prod")
    cli("plan", "prod")
    assert retail.count("prod") == before
    assert retail.repository.dirty([retail.project.root]) == []
