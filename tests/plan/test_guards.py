"""Guards refuse before anything is sent, name the setting, and say what to do."""

from __future__ import annotations

from tests.conftest import Cli, Estate, environment_yaml
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


def test_dirty_tree_may_be_allowed(retail: Estate, cli: Cli) -> None:
    guarded(retail, "{clean_tree: false}")
    cli("export", "dev")
    assert cli("deploy", "prod", "--yes").code == 0
