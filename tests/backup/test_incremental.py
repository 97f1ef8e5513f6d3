"""What the next backup reads, what it notices, and what happens to it when things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from tests.backup.conftest import ANSWER, BOARD, MODEL, SALES, Lose, contents, put, store
from tests.conftest import KEY, Cli, Estate, environment_yaml
from tsdeploy.backup.run import back_up, last_manifest
from tsdeploy.config.backing_up import BackupSettings
from tsdeploy.deploy.lock import locked
from tsdeploy.git import create_repository
from tsdeploy.rest import ObjectRef, assign_tags
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.rest.sharing import Permission, share
from tsdeploy.sandbox.store.marks import Mark

FAULTS = ("status", "reset", "truncate", "broken_json", "maintenance", "expired_token")


def age(estate: Estate, seconds: int = 3600) -> None:
    """Make every object of dev older."""
    estate.clusters["dev"].database.execute("UPDATE objects SET modified = modified - ?", seconds * 1000)


def read(cli: Cli) -> int:
    """Take a backup; how many objects were asked for."""
    outcome = cli("backup", "dev", "--format", "json")
    assert outcome.code == 0, outcome.err
    (line,) = outcome.out.splitlines()
    return int(json.loads(line)["read"])


def test_nothing_is_read_and_committed_when_nothing_changed(shop: Estate, cli: Cli) -> None:
    age(shop)
    assert read(cli) == 25
    head = store(shop).head()
    assert read(cli) == 0
    assert store(shop).head() == head


def test_only_what_changed_and_what_stands_on_it_is_read(shop: Estate, cli: Cli) -> None:
    age(shop)
    read(cli)
    with shop.session("dev") as session:
        text = next(text for path, text in contents(shop).items() if "Net Sales by Region" in path).decode()
        put(session, text.replace("Twelve months", "Thirteen months"))
    assert read(cli) == 2  # the answer, and the collection that it is in
    assert b"Thirteen" in next(text for path, text in contents(shop).items() if "Net Sales by Region" in path)


def test_what_changed_just_before_the_last_backup_is_read_again(shop: Estate, cli: Cli) -> None:
    assert read(cli) == 25
    assert read(cli) == 25


def test_deleted_objects_and_what_hung_on_them_are_gone(shop: Estate, cli: Cli, lose: Lose) -> None:
    age(shop)
    read(cli)
    lose(MODEL)
    outcome = cli("backup", "dev")
    assert "3 deleted" in outcome.out
    gone = {"tml/model/Retail Sales.9a5c5542.model.tml", "tml/nls_feedback/Retail Sales.9a5c5542.nls_feedback.tml"}
    assert gone.isdisjoint(contents(shop))


def test_tags_and_obj_ids_are_noticed_without_reading_tml(shop: Estate, cli: Cli) -> None:
    age(shop)
    read(cli)
    with shop.session("dev") as session:
        assign_tags(session, [ObjectRef(ANSWER)], ["draft"])
        update_obj_ids(session, [ObjIdUpdate(ANSWER, "Answer-1")])
    age(shop, 0)
    read(cli)
    one = last_manifest(store(shop), store(shop).head()).objects[ANSWER]
    assert (one.tags, one.obj_id) == (("draft",), "Answer-1")


def test_shares_are_noticed_by_a_full_pass(shop: Estate, cli: Cli) -> None:
    age(shop)
    read(cli)
    with shop.session("dev") as session:
        share(session, [ObjectRef(SALES)], [Permission("ben", "USER", "READ_ONLY")])
    cli("backup", "dev", "--full")
    assert SALES in contents(shop)["sharing.json"].decode()


def test_a_full_pass_comes_every_few_days(shop: Estate, cli: Cli) -> None:
    age(shop)
    read(cli)
    url = shop.servers["dev"].url
    shop.write("environments/dev/environment.yaml", environment_yaml(url, "backup: {full_every_days: 0}\n"))
    assert read(cli) == 25


def test_a_renamed_object_keeps_its_file(shop: Estate, cli: Cli) -> None:
    read(cli)
    with shop.session("dev") as session:
        path, text = next((path, text.decode()) for path, text in contents(shop).items() if "Net Sales by" in path)
        put(session, text.replace("Net Sales by Region and Month", "Another Name"))
    read(cli)
    assert b"Another Name" in contents(shop)[path]


def test_an_object_that_cannot_be_read_keeps_its_last_version_and_is_listed(shop: Estate, cli: Cli) -> None:
    read(cli)
    before = contents(shop, only_tml=True)
    cluster = shop.clusters["dev"]
    with cluster.database.transaction():
        cluster.marks.put(ANSWER, [Mark.UNSERIALISABLE])
    outcome = cli("backup", "dev", "--full", "--format", "json")
    result = json.loads(outcome.out)
    assert (outcome.code, result["ok"]) == (1, False)
    assert contents(shop, only_tml=True) == before
    (refused,) = json.loads(contents(shop)["not-exported.json"])["objects"]
    assert (refused["guid"], refused["name"]) == (ANSWER, "Net Sales by Region and Month")
    head = store(shop).head()
    cli("backup", "dev")
    assert (
        contents(shop)["not-exported.json"] == dict(store(shop).files(head, ["not-exported.json"]))["not-exported.json"]
    )


def test_tables_of_an_unknown_subtype_are_backed_up_or_listed(shop: Estate, cli: Cli) -> None:
    cluster = shop.clusters["dev"]
    with cluster.database.transaction():
        cluster.database.execute("UPDATE objects SET subtype = 'INPUT' WHERE guid IN (?, ?)", SALES, MODEL)
        cluster.marks.put(MODEL, [Mark.UNSERIALISABLE])
    outcome = cli("backup", "dev")
    assert (outcome.code, "not exported: see not-exported.json" in outcome.out) == (1, True)
    assert SALES in last_manifest(store(shop), store(shop).head()).objects
    (refused,) = json.loads(contents(shop)["not-exported.json"])["objects"]
    known = {"guid": MODEL, "name": "Retail Sales", "type": "LOGICAL_TABLE", "subtype": "INPUT"}
    assert (known.items() <= refused.items(), bool(refused["why"])) == (True, True)


def test_a_push_that_the_remote_refuses_says_where_the_backup_is(shop: Estate, cli: Cli) -> None:
    remote = create_repository(shop.project.root.parent / "remote")
    shop.repository.run("remote", "add", "origin", str(remote.root))
    shop.repository.run("push", "origin", "HEAD:refs/heads/backup/dev")
    shop.write("environments/dev/environment.yaml", environment_yaml(shop.servers["dev"].url, "backup: {push: true}\n"))
    outcome = cli("backup", "dev")
    assert (outcome.code, "error[TD703]: git push failed:" in outcome.err) == (2, True)
    assert "hint: the backup is in backup/dev here, and the next one pushes it as well" in outcome.err
    assert store(shop).snapshots()


def test_connections_and_variables_hold_no_secrets(shop: Estate, cli: Cli) -> None:
    with shop.session("dev") as session:
        body = {"type": "CONNECTION_PROPERTY", "name": "pw", "is_sensitive": True}
        session.request("POST", "template/variables/create", body, write=True)
        assigned = {"operation": "REPLACE", "variable_assignment": [{"assigned_values": ["hunter2"]}]}
        session.request("POST", "template/variables/pw/update-values", assigned, write=True)
    read(cli)
    assert json.loads(contents(shop)["variables.json"])["variables"] == [
        {"name": "pw", "type": "CONNECTION_PROPERTY", "sensitive": True}
    ]
    assert b"hunter2" not in b"".join(contents(shop).values())


@pytest.mark.parametrize("kind", FAULTS)
def test_faults_change_nothing(kind: str, shop: Estate, cli: Cli) -> None:
    read(cli)
    before = contents(shop)
    # A token that is refused when it is made is no fault of the way.
    path = "metadata/*" if kind == "expired_token" else "*"
    shop.clusters["dev"].traffic.faults.add(kind, path, every=4, times=6)
    outcome = cli("backup", "dev", "--full")
    assert outcome.code == 0, outcome.err
    assert contents(shop) == before


def test_edits_meanwhile_are_in_this_backup_or_the_next(shop: Estate, cli: Cli) -> None:
    read(cli)
    path, text = next((path, text.decode()) for path, text in contents(shop).items() if "Net Sales by Region" in path)
    done = threading.Event()

    def edit() -> None:
        with shop.session("dev") as session:
            for number in range(20):
                put(session, text.replace("Twelve months", f"{number} months"))
        done.set()

    thread = threading.Thread(target=edit)
    thread.start()
    while not done.is_set():
        assert cli("backup", "dev").code == 0
        assert cli("backup", "verify", "dev").code == 0
    thread.join()
    cli("backup", "dev")
    assert b"19 months" in contents(shop)[path]


def test_a_backup_that_is_killed_leaves_the_last_one_and_the_next_one_works(shop: Estate, cli: Cli) -> None:
    read(cli)
    head = store(shop).head()
    with shop.session("dev") as session:
        text = next(text for path, text in contents(shop).items() if "Net Sales by Region" in path).decode()
        put(session, text.replace("Twelve months", "Thirteen months"))
    faults = shop.clusters["dev"].traffic.faults
    slow = faults.add("slow", "security/metadata/fetch-permissions", milliseconds=30_000)
    command = [sys.executable, "-m", "tsdeploy", "--project", str(shop.project.root), "backup", "dev"]
    process = subprocess.Popen(command, env={**os.environ, "TS_SANDBOX_KEY": KEY}, stderr=subprocess.DEVNULL)
    while not faults.happened(slow):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    faults.clear()
    assert store(shop).head() == head
    assert cli("backup", "dev").code == 0
    assert b"Thirteen" in next(text for path, text in contents(shop).items() if "Net Sales by Region" in path)


def test_two_backups_at_a_time_are_one_too_many(shop: Estate, cli: Cli) -> None:
    dev = shop.project.environment("dev")
    with locked(shop.project, replace(dev, name="dev.backup"), "backup"):
        outcome = cli("backup", "dev", "--format", "json")
    assert (outcome.code, json.loads(outcome.out)["ok"]) == (1, False)
    assert "error[TD610]" in outcome.err


def test_a_server_that_cannot_be_reached_leaves_everything_as_it_is(shop: Estate, cli: Cli) -> None:
    read(cli)
    head = store(shop).head()
    shop.clusters["dev"].traffic.faults.add("status", "metadata/search", status=400, message="no")
    outcome = cli("backup", "dev", "--format", "json")
    assert (outcome.code, json.loads(outcome.out)["ok"], store(shop).head()) == (1, False, head)


def test_backups_may_have_a_repository_of_their_own(shop: Estate, cli: Cli) -> None:
    settings = "backup: {repository: ../../../vault.git, branch: nightly}\n"
    shop.write("environments/dev/environment.yaml", environment_yaml(shop.servers["dev"].url, settings))
    assert cli("backup", "dev").code == 0
    assert (shop.project.root.parent / "vault.git" / "HEAD").exists()
    assert "backup/dev" not in shop.repository.branches()
    assert cli("backup", "verify", "dev").code == 0


def test_the_work_tree_and_its_index_are_not_touched(shop: Estate, cli: Cli) -> None:
    shop.write("mine.txt", "mine")
    head = shop.repository.head()
    read(cli)
    assert shop.repository.head() == head
    assert shop.repository.dirty([shop.project.root]) == ["mine.txt"]


def test_a_branch_of_something_else_is_not_written_on(shop: Estate, cli: Cli) -> None:
    subprocess.run(["git", "branch", "backup/dev"], cwd=shop.project.root, check=True)
    outcome = cli("backup", "dev")
    assert (outcome.code, "error[TD531]" in outcome.err) == (1, True)


def test_python_gets_a_result(shop: Estate) -> None:
    dev = replace(shop.project.environment("dev"), backup=BackupSettings(overlap_minutes=0))
    with shop.session("dev") as session:
        result = back_up(shop.project, dev, session)
    assert (result.full, result.objects, result.counts["added"], result.failed) == (True, 29, 29, False)
    assert result.usage.calls > 0
    assert BOARD in last_manifest(store(shop), result.commit).objects
