"""What stands around a release: hooks, the queue, the record in git, the state beside the TML, an interrupt."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import git
import pytest

from tests.conftest import KEY, Cli, Estate, Outcome, environment_yaml
from tests.deploy.killing import start_deploy
from tests.deploy.liar import as_asked, lying
from tests.deploy.release import RETAIL, assert_whole, exported, refuse_pushes
from tests.plan.editing import describe_in_file
from tsdeploy.config.deploying import DesiredState, Grant
from tsdeploy.deploy.desired import make_so
from tsdeploy.deploy.lock import locked
from tsdeploy.plan.desired import Aim
from tsdeploy.rest import ObjectRef, SearchQuery, search_metadata
from tsdeploy.rest.sharing import Permission, shared_with
from tsdeploy.rest.tags import unassign_tags
from tsdeploy.sandbox.principals import NewUser, add_user
from tsdeploy.sessions import connect

BOARD = "Store Performance"


def prod(estate: Estate, more: str) -> None:
    """Give prod settings."""
    text = environment_yaml(estate.servers["prod"].url, f"source: dev\n{more}")
    estate.write("environments/prod/environment.yaml", text)
    estate.commit("settings")


def hook(estate: Estate, name: str, then: str = "") -> tuple[str, Path]:
    """A hook that writes down what it is told, and what the environment file says of it."""
    told = estate.project.root / f"{name}.told"
    script = f"import sys; open({str(told)!r}, 'wb').write(sys.stdin.buffer.read()); {then}"
    return f"{name}: {json.dumps([sys.executable, '-c', script])}", told


def test_hooks_get_the_result(retail: Estate, cli: Cli) -> None:
    (before, told_before), (after, told_after) = hook(retail, "before"), hook(retail, "after")
    exported(retail, cli)
    prod(retail, f'state: [{{objects: ["{BOARD}"], tags: [hot]}}]\ndeploy: {{hooks: {{{before}, {after}}}}}\n')
    assert cli("deploy", "prod", "--yes").code == 0
    assert json.loads(told_before.read_bytes())["hook"] == "before"
    result = json.loads(told_after.read_bytes())
    assert (result["status"], len(result["objects"])) == ("done", RETAIL)
    assert result["settings"] == ["made tag hot; tagged 1 with hot"]


def test_failing_hook_stops_before_anything_is_sent(retail: Estate, cli: Cli) -> None:
    (before, _), (failed, told) = hook(retail, "before", "sys.exit('the window is closed')"), hook(retail, "on_failure")
    exported(retail, cli)
    prod(retail, f"deploy: {{hooks: {{{before}, {failed}}}}}\n")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD625]: hook before failed with 1: the window is closed" in outcome.err
    assert retail.count("prod") == 1
    assert json.loads(told.read_bytes())["status"] == "failed"
    (file,) = (retail.project.root / "environments/prod/releases").glob("*.json")
    hooks = json.loads(file.read_text("utf-8"))["hooks"]
    assert hooks == {"before": "failed with 1: the window is closed", "on_failure": "done"}


def test_words_of_a_hook_are_recorded_without_secrets(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    script = f"import sys; sys.exit('key is {KEY}\\x1b[31m')"
    prod(retail, f"deploy: {{hooks: {{after: {json.dumps([sys.executable, '-c', script])}}}}}\n")
    assert cli("deploy", "prod", "--yes").code == 0
    (file,) = (retail.project.root / "environments/prod/releases").glob("*.json")
    said = json.loads(file.read_text("utf-8"))["hooks"]["after"]
    assert said.startswith("failed with 1: key is ")
    assert KEY not in said
    assert said.isprintable()


@pytest.mark.parametrize("command", [["/no/such/command"], [sys.executable, "-c", "import time; time.sleep(9)"]])
def test_hook_that_is_not_there_or_too_slow(command: list[str], retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    prod(retail, f"deploy: {{hooks: {{after: {json.dumps(command)}, timeout: 0.2}}}}\n")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0
    assert "warning[TD625]: hook after" in outcome.err
    assert "hooks      after " in cli("history", "prod", "latest").out


def test_large_release_goes_through_the_queue(retail: Estate, cli: Cli) -> None:
    objects = exported(retail, cli, 10)
    prod(retail, "deploy: {async_from: 10, async_poll: 0.05, batch_size: 10}\n")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    asked = retail.clusters["prod"].traffic.requests
    assert len(asked.of("metadata/tml/async/import")) >= 4
    assert_whole(retail, cli, objects)


def test_queue_that_is_never_done_has_a_deadline(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    prod(retail, "deploy: {async_from: 1, async_poll: 0.02, async_deadline: 0.2}\n")
    retail.clusters["prod"].traffic.faults.add("slow", "metadata/tml/async/status", milliseconds=300)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code in (0, 1, 5)
    retail.clusters["prod"].traffic.faults.clear()
    assert cli("deploy", "prod", "--yes").code == 0
    assert_whole(retail, cli, RETAIL)


def test_state_is_made_so_once(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    state = (
        'state:\n- {objects: ["liveboard:*"], tags: [certified, release], '
        "share: [{group: All Group, access: READ_ONLY}], owner: tsadmin}\n"
    )
    groups = {group.name for group in retail.clusters["prod"].groups.all()}
    prod(retail, state.replace("All Group", sorted(groups)[0]))
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "made tag certified" in outcome.err
    with retail.session("prod") as session:
        boards = list(search_metadata(session, SearchQuery(types=("LIVEBOARD",))))
        shares = shared_with(session, [ObjectRef(one.id) for one in boards])
    assert boards
    assert all(set(one.tags) == {"certified", "release"} for one in boards)
    assert all(Permission(sorted(groups)[0], "USER_GROUP", "READ_ONLY") in found for found in shares.values())
    again = cli("deploy", "prod", "--yes")
    assert again.code == 0
    assert "tag" not in again.err and "shared" not in again.err


def test_a_plan_shows_what_state_would_set_and_a_deploy_records_it(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    group = retail.clusters["prod"].groups.all()[0].name
    granted = f"share: [{{group: {group}, access: READ_ONLY}}]"
    prod(retail, f'state:\n- {{objects: ["liveboard:*"], tags: [certified], {granted}}}\n')
    boards = [f"liveboard:{one.name}" for one in retail.clusters["dev"].objects.of_kind(0, "liveboard")]
    first = json.loads(cli("plan", "prod", "--format", "json").out)["settings"]
    assert {one["what"] for one in first} == {"the tags certified", f"the access of {group}"}
    assert all(one["objects"] == sorted(boards) for one in first)
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 26 done, 2 set.\n")
    assert cli("plan", "prod", "--exit-code").code == 0
    with retail.session("prod") as session:
        (board,) = search_metadata(session, SearchQuery(types=("LIVEBOARD",), name_pattern=BOARD))
        unassign_tags(session, [ObjectRef(board.id, "LIVEBOARD")], ["certified"])
    planned = cli("plan", "prod", "--exit-code")
    assert planned.code == 3
    assert f"    the tags certified: liveboard:{BOARD}\n" in planned.out
    assert planned.out.endswith("Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged. 1 to set.\n")
    asked = cli("deploy", "prod")
    assert (asked.code, "TD0" in asked.err) == (2, True)
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 0 done, 1 set.\n")
    assert "tagged 1 with certified" in cli("history", "prod", "latest").out
    assert "  1 set  " in cli("history", "prod").out.splitlines()[0]
    assert "changed no objects, and none did since" in cli("rollback", "prod", "latest", "--yes").err
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")


def test_access_that_the_server_does_not_tell_may_be_set(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    group = retail.clusters["prod"].groups.all()[0].name
    prod(retail, f'state:\n- {{objects: ["{BOARD}"], share: [{{group: {group}, access: READ_ONLY}}]}}\n')
    retail.clusters["prod"].traffic.faults.add("status", "security/metadata/fetch-permissions", status=403)
    planned = cli("plan", "prod", "--exit-code")
    assert planned.code == 3
    assert f"warning[TD547]: whether objects of prod have the access of {group} cannot be told" in planned.err
    retail.clusters["prod"].traffic.faults.clear()
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 0 done, 1 set.\n")


@pytest.mark.parametrize(
    ("path", "state", "what"),
    [
        ("security/metadata/assign", DesiredState((), owner="guest"), "the owner guest"),
        ("metadata/update-obj-id", DesiredState((), obj_id=True), "the obj_id that git has"),
        ("tags/assign", DesiredState((), tags=("certified",)), "the tags certified"),
        (
            "security/metadata/share",
            DesiredState((), share=(Grant("guest", "USER", "MODIFY"),)),
            "the access of guest",
        ),
    ],
)
def test_state_that_is_accepted_and_not_there_is_told(
    path: str, state: DesiredState, what: str, retail: Estate
) -> None:
    """A proxy makes of each call one that changes nothing."""
    nothing = {"principal": {"identifier": "guest", "type": "USER"}, "share_mode": "NO_ACCESS"}
    vain = {"permissions": [nothing]} if state.share else {"metadata": []}
    dev = retail.project.environment("dev")
    with retail.clusters["dev"].database.transaction():
        add_user(retail.clusters["dev"], NewUser(name="guest"))
    with lying(dev.url) as liar, connect(replace(dev, url=liar.url)) as session:
        (board,) = search_metadata(session, SearchQuery(types=("LIVEBOARD",), name_pattern=BOARD))
        aims = [Aim(0, state, {board.id: "Board-1"})]
        liar.ask = lambda asked, body: {**body, **vain} if asked == path else body
        (finding,) = make_so(dev, session, aims).findings
        assert finding.code == "TD627"
        assert finding.message == f"dev accepted {what} for an object that does not have it: {BOARD}"
        liar.ask = as_asked
        assert make_so(dev, session, aims).findings == ()
        assert make_so(dev, session, aims).done == ()


def test_state_that_names_nothing_is_told_before_anything_is_sent(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    prod(retail, 'state:\n- {objects: ["answer:No such*"], tags: [certified]}\n')
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 2
    assert "error[TD011]" in outcome.err
    assert retail.count("prod") == 1


def test_state_that_is_refused_is_told(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    prod(retail, 'state:\n- {objects: ["liveboard:*"], share: [{user: nobody, access: MODIFY}]}\n')
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 5
    assert "warning[TD520]: the access of nobody: prod shows no user nobody\n  at state[0]\n" in outcome.err
    assert "error[TD626]" in outcome.err
    assert "Deploy: 26 done." in outcome.out


def test_record_is_committed_and_pushed_onto_a_branch_of_its_own(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    bare = git.Repo.init(tmp_path / "remote.git", bare=True)
    git.Repo(retail.project.root).create_remote("origin", str(tmp_path / "remote.git"))
    exported(retail, cli)
    prod(retail, "deploy: {record: {branch: tsdeploy/state, push: true}}\n")
    head = retail.repository.head().commit
    assert cli("deploy", "prod", "--yes").code == 0
    assert retail.repository.head().commit == head
    paths = str(bare.git.ls_tree("tsdeploy/state", r=True, name_only=True)).splitlines()
    assert "environments/prod/objects.json" in paths
    assert any(path.startswith("environments/prod/releases/") for path in paths)
    (retail.project.root / "environments/prod/objects.json").unlink()
    outcome = cli("deploy", "prod", "--yes")
    assert "took the record of prod from tsdeploy/state" in outcome.err
    assert outcome.out.endswith("Deploy: nothing to do.\n")


def test_a_fresh_clone_reads_the_record_from_its_branch(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    """As each job of a pipeline is one: plan, history, drift, review and a plan file, without a deploy before them."""
    bare = git.Repo.init(tmp_path / "remote.git", bare=True, initial_branch="main")
    git.Repo(retail.project.root).create_remote("origin", str(tmp_path / "remote.git"))
    exported(retail, cli)
    more = "branch: tsdeploy/state, push: true, backup_branch: tsdeploy/backup"
    prod(retail, f"deploy: {{record: {{{more}}}}}\nnew_guids: server\n")
    retail.repository.run("push", "--quiet", "origin", "HEAD:refs/heads/main")
    assert cli("deploy", "prod", "--yes").code == 0

    def clone(name: str) -> Callable[..., Outcome]:
        place = tmp_path / name
        git.Repo.clone_from(bare.git_dir, place)
        return lambda *words: cli("--project", str(place), *words)

    planned = clone("planning")("plan", "prod", "--exit-code", "-o", str(tmp_path / "plan.json"))
    assert (planned.code, planned.out) == (0, "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n")
    assert "took the record of prod from tsdeploy/state" in planned.err
    assert clone("deploying")("deploy", str(tmp_path / "plan.json"), "--yes").out.endswith("nothing to do.\n")
    assert "26 of 26 done" in clone("history")("history", "prod").out
    assert clone("drift")("drift", "prod").out.startswith("Drift: 0")
    assert "Rollback: 0 to restore, 2" in clone("rollback")("rollback", "prod", "--plan").out
    describe_in_file(retail, BOARD, "Described anew")
    retail.commit("described")
    retail.repository.run("push", "--quiet", "origin", "HEAD:refs/heads/main")
    reviewed = clone("review")("review", "--base", "HEAD~1", "--env", "prod")
    assert "Plan: 0 to create, 1 to update" in reviewed.out, reviewed.err
    git.Repo(tmp_path / "review").delete_remote(git.Repo(tmp_path / "review").remote("origin"))
    assert "these are the releases that are here" in cli("--project", str(tmp_path / "review"), "history", "prod").err


def test_a_plan_does_not_touch_the_record_while_a_deploy_is_under_way(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    git.Repo.init(tmp_path / "remote.git", bare=True)
    git.Repo(retail.project.root).create_remote("origin", str(tmp_path / "remote.git"))
    exported(retail, cli)
    prod(retail, "deploy: {shared_lock: true, record: {branch: tsdeploy/state, push: true}}\n")
    assert cli("deploy", "prod", "--yes").code == 0
    objects = retail.project.root / "environments/prod/objects.json"
    objects.unlink()
    with locked(retail.project, retail.project.environment("prod"), "a test"):
        said = cli("plan", "prod").err
    assert "for a test; the record is taken as it is here" in said
    assert not objects.exists()


def test_record_is_committed_here_and_rebased_on_what_others_pushed(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    git.Repo.init(tmp_path / "remote.git", bare=True, initial_branch="main")
    here = git.Repo(retail.project.root)
    here.create_remote("origin", str(tmp_path / "remote.git"))
    exported(retail, cli)
    prod(retail, "deploy: {record: {commit: true, push: true}}\n")
    here.git.push("origin", "HEAD:refs/heads/main")
    other = git.Repo.clone_from(str(tmp_path / "remote.git"), tmp_path / "other")
    (tmp_path / "other" / "note.txt").write_text("from somebody else", "utf-8")
    other.git.add("note.txt")
    other.git.execute(["git", "-c", "user.name=o", "-c", "user.email=o@o", "commit", "-m", "note"])
    other.git.push("origin", "HEAD:refs/heads/main")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0
    assert "TD707" not in outcome.err
    assert (retail.project.root / "note.txt").exists()
    assert "Record release" in git.Repo(tmp_path / "remote.git").commit("main").message


def test_record_that_git_is_to_have_and_has_not_is_an_error_once_all_is_done(
    retail: Estate, cli: Cli, tmp_path: Path
) -> None:
    bare = git.Repo.init(tmp_path / "remote.git", bare=True, initial_branch="main")
    here = git.Repo(retail.project.root)
    here.create_remote("origin", str(tmp_path / "remote.git"))
    exported(retail, cli)
    prod(retail, "deploy: {record: {commit: true, push: true}}\n")
    here.git.push("origin", "HEAD:refs/heads/main")
    refuse_pushes(bare, "main is protected")
    outcome = cli("deploy", "prod", "--yes")
    assert (outcome.code, "error[TD707]" in outcome.err, "main is protected" in outcome.err) == (5, True, True)
    assert "hint: the commits stay in main here" in outcome.err
    assert outcome.out.endswith("Deploy: 26 done.\n")
    assert "prod has 26 objects as wanted" in outcome.out
    assert "Next:" not in outcome.out
    assert "26 of 26 done" in cli("history", "prod").out
    assert "error[TD629]" in cli("deploy", "prod", "--resume").err
    told = json.loads(cli("rollback", "prod", "--yes", "--override", "max_delete", "--format", "json").out)
    assert (told["status"], told["succeeded"], {one["status"] for one in told["objects"]}) == (
        "partial",
        False,
        {"done"},
    )
    assert retail.count("prod") == 1
    assert here.is_dirty(untracked_files=True) is False


def test_interrupted_deploy_finishes_its_call_and_is_resumed(retail: Estate, cli: Cli) -> None:
    objects = exported(retail, cli, 30)
    prod(retail, "deploy: {batch_size: 5, parallel: 1}\n")
    faults = retail.clusters["prod"].traffic.faults
    faults.add("slow", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"}, milliseconds=400)
    process = start_deploy(retail)
    asked = retail.clusters["prod"].traffic.requests
    while not [one for one in asked.all() if one.path == "metadata/tml/export"]:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    faults.clear()
    done = retail.count("prod")
    assert 1 < done < objects
    assert "  interrupted " in cli("history", "prod").out
    outcome = cli("deploy", "prod", "--yes", "--resume")
    assert outcome.code == 0, outcome.err
    assert_whole(retail, cli, objects)
    assert "error[TD629]" in cli("deploy", "prod", "--resume").err


def test_resume_plans_what_the_broken_deploy_planned(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    describe_in_file(retail, BOARD, "One")
    describe_in_file(retail, "Net Sales by Region and Month", "Two")
    fault = retail.clusters["prod"].traffic.faults
    fault.add("status", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"}, status=400, code=10002, times=1)
    assert cli("deploy", "prod", "--yes", "--select", f"liveboard:{BOARD}").code == 1
    outcome = cli("deploy", "prod", "--yes", "--resume")
    assert outcome.out.endswith("Deploy: 1 done.\n")


def test_junit_has_a_case_for_each_object(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    exported(retail, cli)
    fault = retail.clusters["prod"].traffic.faults
    fault.add("status", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"}, nth=2, status=400, code=10002)
    assert cli("deploy", "prod", "--yes", "--junit", str(tmp_path / "junit.xml")).code == 5
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("26", "1", "2")
    assert (len(list(suite)), suite.get("errors")) == (26, "0")


@pytest.mark.parametrize(
    ("command", "broken", "code", "fates"),
    [
        (("deploy", "prod", "--yes"), "guards: {branch: release}\n", 4, set()),
        (("deploy", "prod", "--yes"), "", 1, {"failed", "not sent"}),
        (("validate", "prod"), "", 1, {"failed", "not asked"}),
        (("rollback", "prod", "--yes"), "", 2, set()),
        (("prune", "prod", "--confirm", "prod"), "", 1, set()),
    ],
)
def test_what_is_refused_has_a_result_too(
    command: tuple[str, ...], broken: str, code: int, fates: set[str], retail: Estate, cli: Cli, tmp_path: Path
) -> None:
    exported(retail, cli)
    if not broken:
        (view,) = (retail.project.root / "tml/view").glob("*.tml")
        view.unlink()
    prod(retail, broken)
    report = tmp_path / "junit.xml"
    outcome = cli(*command, "--format", "json", "--junit", str(report))
    assert outcome.code == code, outcome.err
    result = json.loads(outcome.out)
    assert (result["kind"], result["succeeded"], result["status"]) == (command[0], False, "failed")
    assert {one["status"] for one in result["objects"]} == fates
    assert any(one["severity"] == "error" for one in result["findings"])
    suite = ElementTree.parse(report).getroot()
    assert int(suite.get("failures", "0")) + int(suite.get("errors", "0")) > 0
    assert retail.count("prod") == 1
