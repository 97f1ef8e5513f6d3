"""What ``tsdeploy doctor`` says of deploys that are under way, here and in other clones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import git
import pytest

from tests.doctor.conftest import TRUSTED, Practice
from tsdeploy.config.project import Project
from tsdeploy.deploy.journal import Journal
from tsdeploy.deploy.lock import Holder, locked, this_process

JOURNAL = ".tsdeploy/releases/dev/20260101T000000-abc/journal.jsonl"
ELSEWHERE = replace(this_process("deploy"), user="ann", host="ci-7")


def line(practice: Practice, check: str) -> str:
    """What a check says, with its hint."""
    lines = practice.run("dev").out.splitlines()
    place = next(number for number, text in enumerate(lines) if f" {check}: " in text)
    return " ".join(" ".join(lines[place : place + 2]).split())


def hold(practice: Practice, holder: Holder) -> None:
    """Hold dev's lock on the remote, as another clone does."""
    commit = practice.repository.store_commit({}, holder.text(), parents=())
    practice.repository.run("push", "--quiet", "--force", "origin", f"{commit}:refs/tsdeploy/lock/dev")


@pytest.fixture
def shared(practice: Practice, tmp_path: Path) -> Practice:
    """The environment locks a ref on a remote."""
    git.Repo.init(tmp_path / "remote.git", bare=True)
    practice.repository.run("remote", "add", "origin", str(tmp_path / "remote.git"))
    practice.describe(f"{TRUSTED}deploy: {{shared_lock: true}}\n")
    return practice


def test_deploy_of_this_clone_is_under_way(practice: Practice) -> None:
    practice.write(JOURNAL, '{"event": "begin"}\n')
    project = Project(practice.root)
    with locked(project, project.environment("dev"), "a test"):
        assert " for a test wait until that is done" in line(practice, "lock")
        assert line(practice, "releases").startswith("ok releases: release 20260101T000000-abc is under way")


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ({"kind": "deploy", "undoes": []}, "tsdeploy deploy dev --resume"),
        ({"kind": "prune", "undoes": []}, "tsdeploy prune dev"),
        ({"kind": "rollback", "undoes": ["20260103T1-b", "20260102T1-a"]}, "tsdeploy rollback dev 20260102T1-a"),
        (None, "tsdeploy deploy dev"),
    ],
)
def test_what_was_cut_off_goes_on_with_the_command_that_fits(
    practice: Practice, facts: dict[str, object] | None, command: str
) -> None:
    with Journal(practice.root / JOURNAL) as journal:
        if facts is not None:
            journal.write("begin", **facts)
    assert line(practice, "releases").endswith(f" was cut off {command} looks up what became of it, and goes on")


def test_deploy_of_another_clone_is_seen_behind_what_this_one_left(shared: Practice) -> None:
    assert "nobody holds it" in line(shared, "lock")
    gone = replace(ELSEWHERE, since="2020-01-01T00:00:00+00:00")
    shared.write(".tsdeploy/locks/dev.json", gone.text())
    assert f"left behind by {gone}" in line(shared, "lock")
    hold(shared, ELSEWHERE)
    assert f"held by {ELSEWHERE}" in line(shared, "lock")


def test_remote_of_the_lock_that_does_not_answer_is_a_problem(shared: Practice, tmp_path: Path) -> None:
    (tmp_path / "remote.git").rename(tmp_path / "elsewhere.git")
    said = line(shared, "lock")
    assert said.startswith("problem lock: ")
    assert "git ls-remote failed: " in said
