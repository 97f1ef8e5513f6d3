"""Guards refuse before anything is sent, name the setting, and say what to do."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.config.guards import Window
from tsdeploy.demo import change_liveboard


def guarded(estate: Estate, guards: str) -> None:
    """Give prod guards; deploy once without, then change a Liveboard in dev."""
    text = environment_yaml(estate.servers["prod"].url, f"source: dev\nguards: {guards}\n")
    estate.write("environments/prod/environment.yaml", text)
    estate.commit("guards")


def deployed_and_changed(estate: Estate, cli: Cli) -> None:
    """Prod is as dev was; then a Liveboard changes in dev."""
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    with estate.session("dev") as session:
        change_liveboard(session)
    cli("export", "dev", "--commit")


def test_too_many_updates_are_refused(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    guarded(retail, "{max_update_percent: 3}")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD553]: the plan updates 4 % of the release; prod allows 3 %" in outcome.err
    assert "at guards.max_update_percent" in outcome.err
    assert "Plan: 0 to create, 1 to update" in cli("plan", "prod").out


def test_protected_object_is_refused(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    guarded(retail, '{protect: ["liveboard:store *"]}')
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD554]: liveboard:Store Performance is protected in prod by liveboard:store *" in outcome.err


def test_all_refusals_come_at_once(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    guarded(retail, '{branch: release, max_update_percent: 0, protect: ["liveboard:*"]}')
    retail.write("tml/note.txt", "not TML, but not committed")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    codes = {line.split("[")[1][:5] for line in outcome.err.splitlines() if line.startswith("error[")}
    assert codes == {"TD551", "TD552", "TD553", "TD554"}


def test_file_that_says_where_the_tml_is_has_to_be_committed_too(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    retail.write("tsdeploy.yaml", "version: 1\ntml: tml\n")
    outcome = cli("deploy", "prod", "--yes")
    assert (outcome.code, "error[TD552]: 1 file is not committed: tsdeploy.yaml\n" in outcome.err) == (4, True)


def test_rules_that_the_mapping_includes_have_to_be_committed_too(retail: Estate, cli: Cli) -> None:
    mapping = retail.project.root / "environments/prod/mapping.yaml"
    retail.write("environments/prod/mapping.yaml", mapping.read_text("utf-8") + "include: [../shared/rules.yaml]\n")
    retail.write("environments/shared/rules.yaml", "version: 1\n")
    cli("export", "dev", "--commit")
    retail.commit("rules")
    retail.write("environments/shared/rules.yaml", "version: 1\n# new\n")
    outcome = cli("deploy", "prod", "--yes")
    assert (outcome.code, "not committed: environments/shared/rules.yaml\n" in outcome.err) == (4, True), outcome.err


def test_dirty_tree_may_be_allowed(retail: Estate, cli: Cli) -> None:
    guarded(retail, "{clean_tree: false}")
    cli("export", "dev")
    assert cli("deploy", "prod", "--yes").code == 0


def test_guard_is_lifted_by_its_name_and_recorded(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    guarded(retail, "{max_updates: 0, max_update_percent: 0}")
    refused = cli("deploy", "prod", "--yes", "--override", "max_updates")
    assert refused.code == 4
    assert "max_updates" not in refused.err.replace("max_update_percent", "")
    outcome = cli(
        "deploy", "prod", "--yes", "--override", "max_updates", "--override", "max_update_percent", "--format", "json"
    )
    assert outcome.code == 0
    assert json.loads(outcome.out)["overrides"] == ["max_updates", "max_update_percent"]
    (released,) = (retail.project.root / "environments" / "prod").rglob(f"{json.loads(outcome.out)['release']}*")
    assert "max_update_percent" in released.read_text("utf-8")


def test_unknown_guard_cannot_be_lifted(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    outcome = cli("deploy", "prod", "--yes", "--override", "size")
    assert outcome.code == 2
    assert "error[TD558]: there is no guard size to override" in outcome.err
    assert retail.count("prod") == 1


def test_number_of_updates_is_limited(retail: Estate, cli: Cli) -> None:
    deployed_and_changed(retail, cli)
    guarded(retail, "{max_updates: 0}")
    assert "error[TD553]: the plan updates 1 object; prod allows 0" in cli("deploy", "prod", "--yes").err


def test_creation_may_be_forbidden(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    guarded(retail, "{allow_create: false}")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD555]: the plan creates sql_view:Weekly Stock Cover and 25 more" in outcome.err


def test_table_that_would_move_is_refused(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    path = retail.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8").replace("to: {db: HARBOR_PROD}", "to: {db: HARBOR_OTHER}"), "utf-8")
    guarded(retail, "{allow_location_changes: false}")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD556]: table:CUSTOMERS would move from Harbor Snowflake Prod.HARBOR_PROD." in outcome.err


@pytest.mark.parametrize(
    ("window", "moment", "allowed"),
    [
        ({"days": ("mon",), "start": "08:00", "end": "17:00"}, "2026-11-23T08:00", True),
        ({"days": ("mon",), "start": "08:00", "end": "17:00"}, "2026-11-23T17:00", False),
        ({"days": ("mon",), "start": "08:00", "end": "17:00"}, "2026-11-24T09:00", False),
        ({"days": ("fri",), "start": "22:00", "end": "02:00"}, "2026-11-27T23:00", True),
        ({"days": ("fri",), "start": "22:00", "end": "02:00"}, "2026-11-28T01:59", True),
        ({"days": ("fri",), "start": "22:00", "end": "02:00"}, "2026-11-27T01:00", False),
    ],
)
def test_window(window: dict[str, Any], moment: str, allowed: bool) -> None:
    start, end = time.fromisoformat(window["start"]), time.fromisoformat(window["end"])
    vienna = ZoneInfo("Europe/Vienna")
    at = datetime.fromisoformat(moment).replace(tzinfo=vienna)
    assert Window(window["days"], start, end, "Europe/Vienna").holds(at) is allowed


def test_deploy_outside_of_the_window_is_refused(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    # No moment lies in a window of no length.
    guarded(retail, '{windows: [{from: "08:00", to: "08:00", timezone: Europe/Vienna}]}')
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert (
        "error[TD557]: prod is deployed only at these times: mon, tue, wed, thu, fri, sat, sun 08:00-08:00"
        in outcome.err
    )


@pytest.mark.parametrize(
    "window", ['{from: "25:00", to: "08:00", timezone: UTC}', '{from: "07:00", to: "08:00", timezone: Mars}']
)
def test_time_that_is_none_is_a_located_error(window: str, retail: Estate, cli: Cli) -> None:
    guarded(retail, f"{{windows: [{window}]}}")
    outcome = cli("plan", "prod")
    assert outcome.code == 2
    assert "error[TD303]: no such time or time zone" in outcome.err
    assert "at guards.windows[0]" in outcome.err
