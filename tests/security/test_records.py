"""What the repository remembers of releases and backups, written by somebody else than tsdeploy."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.plan.editing import edit_file, live_text
from tests.review.repositories import Workshop
from tests.security.conftest import STRANGER, forge, recorded, there
from tsdeploy.backup.manifest import read_manifest
from tsdeploy.backup.retention import prune
from tsdeploy.backup.store import Store
from tsdeploy.cli.main import run
from tsdeploy.config.backing_up import Keep
from tsdeploy.config.releases import read_release
from tsdeploy.deploy.release_folder import ReleaseFolder
from tsdeploy.errors import ConfigError, TsdeployError

RELEASE = "20260101T000000000000Z-abcdef12"
SUBJECTS = ("a\u2028b", "a\x0cb", "a\x85b", "a\x1cb\x1b[2J")


def release(**more: object) -> str:
    """The file of a release that created an answer."""
    item = {"object": "answer:Old test", "action": "create", "status": "done", "source": "s", "guid": STRANGER}
    times = {"started": "2026-01-01T00:00:00+00:00", "finished": "2026-01-01T00:00:01+00:00"}
    facts = {"version": 1, "id": RELEASE, "kind": "deploy", "commit": "c", "status": "done", "tool": "0", **times}
    return json.dumps({**facts, "objects": [item], **more})


@pytest.mark.parametrize("linked", ["releases", f"releases/{RELEASE}.json"])
def test_s04_nor_are_the_files_of_releases(
    workshop: Workshop, outside: Path, linked: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """A link among them would have a file of the machine read, and an error show words of it."""
    (outside / f"{RELEASE}.json").write_text("secret-of-the-machine: 1\n", encoding="utf-8")
    link = workshop.project.root / "environments" / "prod" / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside / link.name if link.suffix else outside)
    for words in (("history", "prod"), ("history", "prod", RELEASE)):
        assert run(["--project", str(workshop.project.root), *words]) != 0
        shown = capfd.readouterr()
        assert "error[TD018]" in shown.err
        assert "secret-of-the-machine" not in shown.out + shown.err


@pytest.mark.parametrize("seconds", ["99999999999999", "-5", "", "18446744073709551"])
def test_s19_times_of_backups_are_no_obstacle(tmp_path: Path, seconds: str) -> None:
    """git keeps a commit as it was pushed, whatever it says of its time."""
    store, tree = made_store(tmp_path)
    who = f"author x <x> {seconds} +0000\ncommitter x <x> {seconds} +0000\n" if seconds else ""
    made = git(
        tmp_path, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=f"tree {tree}\n{who}\nx\n"
    )
    git(tmp_path, "update-ref", store.ref, made)
    assert [one.commit for one in store.snapshots()] == [made]
    assert prune(store, Keep(), dry_run=True).dropped == ()


def test_s19_neither_are_their_messages_and_tags(tmp_path: Path) -> None:
    """Python ends a line at characters that git lets stand in one."""
    store, _ = made_store(tmp_path)
    for subject in SUBJECTS:
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", subject)
    git(tmp_path, "tag", "v\u20281")
    assert [one.subject for one in store.snapshots()] == [*reversed(SUBJECTS)]
    assert prune(store, Keep(), dry_run=True).dropped == tuple(store.snapshots()[1:])


@pytest.mark.parametrize("name", ["zzzz", "../../../evil", "--exec=x", f"{RELEASE}\n", ""])
def test_s69_a_release_is_the_one_that_its_file_is_called_after(tmp_path: Path, name: str) -> None:
    """Its name says where texts from before it are, and whether it was the last one."""
    path = tmp_path / f"{RELEASE}.json"
    path.write_text(release(id=name), encoding="utf-8")
    with pytest.raises(ConfigError, match="TD303"):
        read_release(path, "x")
    path.write_text(release(), encoding="utf-8")
    assert read_release(path, "x").id == RELEASE


def test_s69_a_rollback_deletes_what_the_release_made_and_nothing_else(neighbours: Estate, cli: Cli) -> None:
    """Whatever GUID the file of the release says it has."""
    assert cli("deploy", "prod", "--yes").code == 0
    (file,) = (neighbours.project.root / "environments" / "prod" / "releases").iterdir()
    forge(neighbours, file, recorded(neighbours)["PRODUCTS"], STRANGER)
    outcome = cli("rollback", "prod", "--yes")
    assert "warning[TD635]: prod has sql_view:Weekly Stock Cover under the GUID" in outcome.err
    assert "- table:PROMOTIONS\nRollback: 0 to restore, 1 to delete." in outcome.out
    assert there(neighbours).keys() >= {"Weekly Stock Cover", "PRODUCTS"}


def test_s70_texts_from_before_are_those_of_their_objects(neighbours: Estate, cli: Cli) -> None:
    """Whoever can push to the branch for backups decides what a rollback writes, not over what."""
    record = "source: dev\ndeploy: {record: {backup_branch: kept}}\n"
    text = environment_yaml(neighbours.servers["prod"].url, record)
    neighbours.write("environments/prod/environment.yaml", text)
    neighbours.commit()
    assert cli("deploy", "prod", "--yes").code == 0
    edit_file(neighbours, "PRODUCTS", "index_type: DONT_INDEX", "index_type: DEFAULT")
    assert cli("deploy", "prod", "--yes").code == 0
    *_, last = sorted((neighbours.project.root / ".tsdeploy" / "releases" / "prod").iterdir())
    (one,) = ReleaseFolder(last).before()
    shutil.rmtree(neighbours.project.root / ".tsdeploy")
    theirs = live_text(neighbours, "prod", "Weekly Stock Cover", "LOGICAL_TABLE")
    for forged in (replace(one, text=theirs), replace(one, guid=STRANGER, text=theirs), replace(one, guid="")):
        path = f"backup/prod/{last.name}/before.jsonl"
        push(neighbours, path, json.dumps({"at": "", "event": "before", "objects": [asdict(forged)]}))
        outcome = cli("rollback", "prod", "--yes")
        assert outcome.code == 2
        assert "error[TD615]: the text from before of table:PRODUCTS is that of another object" in outcome.err
    for odd in ("[" * 100_000, "9" * 5000, "5", '[{"record": {"inner": 5, "tags": [], "kind": 1}}]'):
        push(neighbours, path, f'{{"at": "", "event": "before", "objects": {odd}}}')
        assert "error[TD615]" in cli("rollback", "prod", "--yes").err
    assert live_text(neighbours, "prod", "Weekly Stock Cover", "LOGICAL_TABLE") == theirs
    push(neighbours, path, json.dumps({"at": "", "event": "before", "objects": [asdict(one)]}))
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0
    assert "TD634" not in outcome.err


def push(estate: Estate, path: str, line: str) -> None:
    """Put a journal of one line, with a sum that is right, on the branch ``kept``."""
    body = line.removesuffix("}")
    digest = hashlib.sha256(f"{'0' * 16}\n{line}".encode()).hexdigest()[:16]
    content = f'{body}, "sum": "{digest}"}}\n'.encode()
    made = estate.repository.store_commit({path: content}, "forged", parents=[])
    estate.repository.run("update-ref", "refs/heads/kept", made)


HEAD = {"version": 1, "environment": "e", "url": "u", "org": "", "server_time": 1.0, "full_at": 1.0}
OBJECT = {"key": "k", "kind": "answer", "name": "x", "path": "tml/x.tml", "sha256": "0"}
ODD = (
    {"server_time": "x"},
    {"server_time": float("nan")},
    {"full_at": 1e308},
    {"full_at": -1},
    {"org": 5},
    {"files": {"a": 5}},
    {"objects": [{**OBJECT, "modified": "x"}]},
    {"objects": [{**OBJECT, "tags": 5}]},
)


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_s70_a_manifest_has_the_types_that_a_backup_reckons_with(odd: dict[str, object]) -> None:
    """Else every later backup would end in a crash."""
    assert read_manifest(json.dumps({**HEAD, "objects": [OBJECT]}).encode(), "x").objects
    with pytest.raises(TsdeployError, match="TD531"):
        read_manifest(json.dumps({**HEAD, "objects": [], **odd}).encode(), "x")


def made_store(folder: Path) -> tuple[Store, str]:
    """A repository whose branch ``backup`` is for backups, and the empty tree."""
    git(folder, "init", "--quiet", "-b", "backup")
    return Store(folder, "backup"), git(folder, "write-tree")


def git(folder: Path, *words: str, given: str = "") -> str:
    """What a git command prints."""
    command = ("git", "-c", "user.name=x", "-c", "user.email=x", *words)
    done = subprocess.run(command, cwd=folder, input=given.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip()
