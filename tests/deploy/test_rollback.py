"""Rollback and history: an environment as it was before a release."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.release import RETAIL, TYPES, answer, assert_whole, exported
from tests.plan.editing import describe_in_file, edit_live, live_text
from tsdeploy.rest import ExportOptions, ObjectRef, SearchQuery, export_tml, search_metadata

BOARD = "Store Performance"


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """Prod is as dev."""
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    return retail


def texts(estate: Estate) -> dict[str, str]:
    """What prod exports, by GUID."""
    with estate.session("prod") as session:
        guids = [header.id for header in search_metadata(session, SearchQuery(types=TYPES))]
        found = export_tml(session, [ObjectRef(guid) for guid in guids], ExportOptions())
    return {item.id: item.edoc or "" for item in found}


def released(estate: Estate) -> list[Path]:
    """The files of prod's releases, oldest first."""
    return sorted((estate.project.root / "environments/prod/releases").glob("*.json"))


def test_update_is_taken_back(deployed: Estate, cli: Cli) -> None:
    before, records = texts(deployed), (deployed.project.root / "environments/prod/objects.json").read_text("utf-8")
    describe_in_file(deployed, BOARD, "Another one")
    assert cli("deploy", "prod", "--yes").code == 0
    assert texts(deployed) != before
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith("Rollback: 1 to restore, 0 to delete.\nRollback: 1 done.\n")
    assert texts(deployed) == before
    assert (deployed.project.root / "environments/prod/objects.json").read_text("utf-8") == records
    assert "Plan: 0 to create, 1 to update" in cli("plan", "prod").out


def test_plan_of_a_rollback_changes_nothing(deployed: Estate, cli: Cli) -> None:
    describe_in_file(deployed, BOARD, "Another one")
    cli("deploy", "prod", "--yes")
    before = texts(deployed)
    outcome = cli("rollback", "prod", "--plan")
    assert outcome.code == 0
    assert "~ liveboard:Store Performance" in outcome.out
    assert texts(deployed) == before


def test_who_only_looks_takes_no_lock_and_says_what_was_left_open(deployed: Estate, cli: Cli) -> None:
    state = deployed.project.root / ".tsdeploy"
    lock, journal = state / "locks/prod.json", state / "releases/prod/99990101T000000-abc/journal.jsonl"
    for file, text in ((lock, "left behind"), (journal, '{"event": "begin"}\n')):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    said = "release 99990101T000000-abc is under way, or was cut off; then  tsdeploy deploy prod  looks it up\n"
    for words in ("rollback prod --plan", "prune prod --plan", "plan prod", "plan prod --offline"):
        outcome = cli(*words.split())
        assert (outcome.code, outcome.err.count(said)) == (0, 1), outcome.err
        assert (lock.read_text("utf-8"), journal.read_text("utf-8")) == ("left behind", '{"event": "begin"}\n')
    assert "took over a lock" in cli("rollback", "prod", "--yes").err


def test_first_release_is_taken_back_to_nothing(deployed: Estate, cli: Cli) -> None:
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert deployed.count("prod") == 1
    assert json.loads((deployed.project.root / "environments/prod/objects.json").read_text("utf-8"))["objects"] == []
    assert cli("deploy", "prod", "--yes").code == 0
    assert_whole(deployed, cli, RETAIL)


def test_rollback_can_be_taken_back(deployed: Estate, cli: Cli) -> None:
    describe_in_file(deployed, BOARD, "Another one")
    cli("deploy", "prod", "--yes")
    after = texts(deployed)
    cli("rollback", "prod", "--yes")
    name = released(deployed)[-1].stem
    outcome = cli("rollback", "prod", name, "--yes")
    assert outcome.code == 0, outcome.err
    assert texts(deployed) == after
    assert cli("plan", "prod", "--exit-code").code == 0


def test_several_releases_are_taken_back_at_once(deployed: Estate, cli: Cli) -> None:
    before = texts(deployed)
    for text in ("One", "Two"):
        describe_in_file(deployed, BOARD, text)
        assert cli("deploy", "prod", "--yes").code == 0
    deployed.write("tml/answer/Stores 1.answer.tml", answer(1))
    deployed.commit()
    assert cli("deploy", "prod", "--yes").code == 0
    second = released(deployed)[1].stem
    outcome = cli("rollback", "prod", second, "--yes")
    assert outcome.code == 0, outcome.err
    assert "Rollback: 1 to restore, 1 to delete." in outcome.out
    assert outcome.out.count("Takes back") == 3
    assert texts(deployed) == before


def test_edit_since_the_release_is_not_lost(deployed: Estate, cli: Cli) -> None:
    describe_in_file(deployed, BOARD, "Another one")
    cli("deploy", "prod", "--yes")
    edit_live(deployed, "prod", BOARD, "Another one", "By hand")
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD618]: liveboard:Store Performance was changed in prod since the last deploy" in outcome.err
    assert "By hand" in live_text(deployed, "prod", BOARD)
    assert cli("rollback", "prod", "--yes", "--overwrite-remote", "liveboard:*").code == 0
    assert "By hand" not in live_text(deployed, "prod", BOARD)


def test_texts_that_are_not_here_are_asked_for(deployed: Estate, cli: Cli) -> None:
    shutil.rmtree(deployed.project.root / ".tsdeploy")
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 2
    assert "error[TD617]: this clone does not have the texts from before release" in outcome.err


def test_texts_that_are_cut_short_say_what_is_lost_and_what_can_be_done(deployed: Estate, cli: Cli) -> None:
    (kept,) = (deployed.project.root / ".tsdeploy/releases/prod").glob("*/before.jsonl")
    kept.write_bytes(kept.read_bytes()[:-100])
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 2
    said = rf"is cut short: how \d\d objects were is lost\n  in \.tsdeploy/releases/prod/{kept.parent.name}/before"
    assert re.search(said, outcome.err), outcome.err
    restored = re.search(r"hint: from a backup:  tsdeploy (restore prod --at \S+);  or revert the commits", outcome.err)
    assert restored
    assert "error[TD533]" in cli(*restored[1].split()).err, "there is no backup so old, and the moment is one"


def test_texts_come_from_the_branch_for_backups(retail: Estate, cli: Cli) -> None:
    record = "deploy: {record: {backup_branch: tsdeploy/backup}}\n"
    retail.write(
        "environments/prod/environment.yaml", environment_yaml(retail.servers["prod"].url, "source: dev\n" + record)
    )
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    describe_in_file(retail, BOARD, "Another one")
    before = texts(retail)
    assert cli("deploy", "prod", "--yes").code == 0
    shutil.rmtree(retail.project.root / ".tsdeploy")
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert texts(retail) == before
    paths = retail.repository.run("ls-tree", "-r", "--name-only", "tsdeploy/backup").splitlines()
    assert [path.rpartition("/")[2] for path in paths] == ["before.jsonl"] * 3


def test_deploy_that_fails_half_way_takes_itself_back(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    faults = retail.clusters["prod"].traffic.faults
    faults.add("status", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"}, nth=2, status=400, code=10002)
    outcome = cli("deploy", "prod", "--yes", "--on-error", "rollback")
    assert outcome.code == 1, outcome.err
    assert "info[TD609]" in outcome.err
    assert "taken back" in outcome.out
    assert retail.count("prod") == 1


def test_guards_of_the_environment_hold_for_a_rollback(deployed: Estate, cli: Cli) -> None:
    describe_in_file(deployed, BOARD, "Another one")
    deployed.write("tml/answer/Stores 1.answer.tml", answer(1))
    deployed.commit()
    assert cli("deploy", "prod", "--yes").code == 0
    guards = '{branch: release, clean_tree: true, max_updates: 0, max_delete: 0, protect: ["answer:Stores*"]}'
    text = environment_yaml(deployed.servers["prod"].url, f"source: dev\nguards: {guards}\n")
    deployed.write("environments/prod/environment.yaml", text)
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 4
    assert set(re.findall(r"error\[(\w+)\]", outcome.err)) == {"TD551", "TD553", "TD554", "TD624"}
    lifted = [word for name in ("branch", "max_updates", "max_delete", "protect") for word in ("--override", name)]
    assert cli("rollback", "prod", "--yes", *lifted[:6]).code == 4
    assert "error[TD558]: there is no guard nobody" in cli("rollback", "prod", "--yes", "--override", "nobody").err
    assert cli("rollback", "prod", "--yes", *lifted).code == 0
    assert "overrides  branch, max_updates, max_delete, protect" in cli("history", "prod", "latest").out


def test_rollback_that_was_done_in_part_is_run_again(deployed: Estate, cli: Cli) -> None:
    before = texts(deployed)
    for number, text in enumerate(("One", "Two")):
        describe_in_file(deployed, BOARD, text)
        deployed.write(f"tml/answer/{text}.answer.tml", answer(number, text))
        deployed.commit()
        assert cli("deploy", "prod", "--yes").code == 0
    fault = deployed.clusters["prod"].traffic.faults
    fault.add("status", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"}, times=1, status=400, code=10002)
    first = released(deployed)[1].stem
    assert cli("rollback", "prod", first, "--yes").code == 5
    assert cli("rollback", "prod", first, "--yes").code == 0
    assert texts(deployed) == before
    # All of that is taken back; what is left to take back is the deploy before it.
    assert f"Takes back {released(deployed)[0].stem}" in cli("rollback", "prod", "--plan").out


def test_history_tells_who_what_and_how(deployed: Estate, cli: Cli) -> None:
    describe_in_file(deployed, BOARD, "Another one")
    cli("deploy", "prod", "--yes")
    cli("rollback", "prod", "--yes")
    last, _, first = cli("history", "prod").out.splitlines()
    assert "  rollback  done " in last
    assert "  deploy    done " in first
    assert "26 of 26 done" in first
    name = released(deployed)[-1].stem
    shown = cli("history", "show", name).out
    assert "rollback of prod: done" in shown
    assert f"takes back {released(deployed)[1].stem}" in shown
    assert "liveboard:Store Performance" in shown
    assert cli("history", "prod", name).out == shown
    value = json.loads(cli("history", "prod", "latest", "--format", "json").out)
    assert value["user"] == "tsadmin"
    assert value["commit"] == deployed.repository.head().commit


def test_history_without_releases(estate: Estate, cli: Cli) -> None:
    assert cli("history", "prod").out == "prod has no releases yet.\n"
    assert "error[TD616]" in cli("history", "prod", "20").err
    assert "error[TD616]" in cli("history", "show", "20").err
    assert "error[TD616]" in cli("rollback", "prod").err


def test_nothing_to_do_is_no_release(deployed: Estate, cli: Cli) -> None:
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")
    assert len(released(deployed)) == 1


def test_overrides_are_remembered(deployed: Estate, cli: Cli) -> None:
    text = environment_yaml(deployed.servers["prod"].url, "source: dev\nguards: {max_updates: 0}\n")
    deployed.write("environments/prod/environment.yaml", text)
    describe_in_file(deployed, BOARD, "Another one")
    assert cli("deploy", "prod", "--yes", "--override", "max_updates").code == 0
    assert "overrides: max_updates" in cli("history", "prod").out
