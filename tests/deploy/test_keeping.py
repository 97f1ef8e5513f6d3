"""The record of releases in git: what one clone wrote down is never lost, whatever the remote and other clones do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import git
import pytest

from tests.conftest import environment_yaml
from tests.deploy.release import refuse_pushes
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleaseFile
from tsdeploy.deploy.journal import Journal
from tsdeploy.deploy.keeping import bring_state, keep_in_git
from tsdeploy.deploy.record import Recorder
from tsdeploy.deploy.release_file import write_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, backed_up, new_release
from tsdeploy.errors import Finding
from tsdeploy.git import Repository, create_repository

ASIDE = "deploy: {record: {branch: tsdeploy/state, push: true}}\n"
HERE = "deploy: {record: {commit: true, push: true}}\n"
BEFORE, SALES, STORES = (
    ObjectRecord("model", "Sales", "b-1", source="a-1", hash="old", live="live"),
    ObjectRecord("model", "Sales", "b-1", source="a-1", hash="new", live="live"),
    ObjectRecord("model", "Stores", "b-2", source="a-2", hash="new"),
)


@dataclass(frozen=True)
class Clone:
    """A clone whose environment prod records its releases in git."""

    project: Project
    repository: Repository

    def objects(self) -> dict[str, str]:
        """Name → hash of what is recorded."""
        return {record.name: record.hash for record in self.project.objects(self.project.environment("prod"))}

    def bring(self) -> None:
        """What comes before a plan."""
        bring_state(self.project, self.project.environment("prod"))

    def record(self, *records: ObjectRecord, forget: tuple[str, ...] = ()) -> ReleaseFolder:
        """A release, as far as it came when nothing of it is in git yet."""
        prod = self.project.environment("prod")
        known = self.project.objects(prod)
        folder = new_release(self.project, prod, self.repository.head().commit)
        touched = [*(one.source for one in records), *forget]
        folder.keep_before(Before(key, key, "a.tml", record=known.by_source().get(key)) for key in touched)
        with Journal(folder.journal) as journal:
            recorder = Recorder(prod.objects_path, known, journal)
            recorder.keep(records)
            recorder.forget(forget)
        return folder

    def keep(self, folder: ReleaseFolder) -> Finding | None:
        """The end of a release."""
        prod, commit = self.project.environment("prod"), self.repository.head().commit
        write_release(prod, ReleaseFile(folder.id, "deploy", commit, "", "", "", "", "", "done", ()), folder)
        return keep_in_git(self.project, prod, folder)

    def release(self, *records: ObjectRecord, forget: tuple[str, ...] = ()) -> Finding | None:
        """A release to its end."""
        return self.keep(self.record(*records, forget=forget))


@dataclass(frozen=True)
class Team:
    """Two clones and their remote."""

    ours: Clone
    theirs: Clone
    remote: git.Repo

    def refuse(self, words: str) -> Path:
        """Make the remote refuse every push, as a protected branch does; the hook to delete again."""
        return refuse_pushes(self.remote, words)


@pytest.fixture
def team(tmp_path: Path, request: pytest.FixtureRequest) -> Team:
    """Clones that record as the test's parameter says, else onto a branch of its own."""
    more = getattr(request, "param", ASIDE)
    bare = git.Repo.init(tmp_path / "remote.git", bare=True, initial_branch="main")
    clones = []
    for name in ("ours", "theirs"):
        repository = create_repository(tmp_path / name)
        repository.run("remote", "add", "origin", str(bare.git_dir))
        clones.append(Clone(Project(tmp_path / name), repository))
    ours, theirs = clones
    (tmp_path / "ours/environments/prod").mkdir(parents=True)
    text = environment_yaml("http://127.0.0.1:1", more)
    (tmp_path / "ours/environments/prod/environment.yaml").write_text(text, "utf-8")
    (tmp_path / "ours/.gitignore").write_text(".tsdeploy/\n", "utf-8")
    ours.repository.commit([ours.project.root], "start")
    ours.repository.run("push", "--quiet", "origin", "main")
    theirs.repository.run("pull", "--quiet", "origin", "main")
    return Team(ours, theirs, bare)


def test_record_that_could_not_be_pushed_goes_with_the_next(team: Team) -> None:
    assert team.ours.release(BEFORE) is None
    hook = team.refuse("closed for today")
    refused = team.ours.release(SALES, STORES)
    assert refused is not None
    assert (refused.code, "closed for today" in refused.message) == ("TD707", True)
    assert refused.hint == "the next deploy from this clone adds it to tsdeploy/state"
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "new", "Stores": "new"}
    hook.unlink()
    assert team.ours.release(ObjectRecord("answer", "Top", "b-3", source="a-3", hash="new")) is None
    team.theirs.bring()
    assert team.theirs.objects() == {"Top": "new", "Sales": "new", "Stores": "new"}
    assert len(list((team.theirs.project.root / "environments/prod/releases").iterdir())) == 3


def test_run_that_was_cut_off_is_not_forgotten(team: Team) -> None:
    team.ours.release(BEFORE, STORES)
    team.ours.record(SALES, forget=("a-2",))
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "new"}


def test_object_that_others_deployed_meanwhile_is_theirs(team: Team) -> None:
    team.ours.release(BEFORE)
    team.ours.record(SALES, STORES)
    team.theirs.bring()
    team.theirs.release(ObjectRecord("model", "Sales", "b-1", source="a-1", hash="theirs"))
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "theirs", "Stores": "new"}


def test_branch_decides_where_git_put_back_an_older_file(team: Team) -> None:
    team.ours.release(BEFORE)
    team.ours.record(STORES)
    team.ours.project.environment("prod").objects_path.unlink()
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "old"}


def test_clones_without_a_shared_lock_keep_each_others_records(team: Team) -> None:
    team.ours.release(BEFORE)
    team.theirs.bring()
    team.theirs.release(SALES)
    assert team.ours.release(STORES) is None
    assert team.ours.objects() == {"Sales": "new", "Stores": "new"}
    team.theirs.bring()
    assert team.theirs.objects() == {"Sales": "new", "Stores": "new"}


def test_branch_of_another_environment_takes_nothing_away(team: Team) -> None:
    commit = team.theirs.repository.store_commit({"environments/test/objects.json": b"{}"}, "test", parents=())
    team.theirs.repository.run("push", "--quiet", "origin", f"{commit}:refs/heads/tsdeploy/state")
    team.ours.record(SALES)
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "new"}


def test_record_on_the_branch_that_is_none_is_told_once_a_release_is_done(team: Team) -> None:
    folder = team.ours.record(SALES)
    path = "environments/prod/objects.json"
    commit = team.theirs.repository.store_commit({path: b"\xff"}, "broken", parents=())
    team.theirs.repository.run("push", "--quiet", "origin", f"{commit}:refs/heads/tsdeploy/state")
    told = team.ours.keep(folder)
    assert told is not None
    assert (told.code, "is not UTF-8" in told.message) == ("TD707", True)
    assert team.ours.objects() == {"Sales": "new"}


@pytest.mark.parametrize("team", [ASIDE.replace("push: true", "push: false")], indirect=True)
def test_branch_that_stays_on_this_machine(team: Team) -> None:
    team.ours.bring()
    assert team.ours.release(BEFORE) is None
    team.ours.project.environment("prod").objects_path.unlink()
    team.ours.bring()
    assert team.ours.objects() == {"Sales": "old"}
    assert [head.name for head in team.remote.heads] == ["main"]


@pytest.mark.parametrize("team", [HERE], indirect=True)
def test_commit_on_no_branch_is_told(team: Team) -> None:
    team.ours.repository.run("checkout", "--quiet", "--detach")
    told = team.ours.release(SALES)
    assert told is not None
    assert "no branch is checked out" in told.message
    assert "deploy.record.branch" in told.hint


@pytest.mark.parametrize("team", [HERE], indirect=True)
def test_record_that_contradicts_what_others_pushed_leaves_no_rebase_behind(team: Team) -> None:
    team.theirs.release(BEFORE)
    (team.ours.project.root / "note.txt").write_text("not committed", "utf-8")
    told = team.ours.release(SALES)
    assert told is not None
    assert "git rebase failed" in told.message
    assert team.ours.repository.dirty([team.ours.project.root]) == ["note.txt"]
    assert team.ours.repository.head().branch == "main"
    assert team.ours.objects() == {"Sales": "new"}


@pytest.mark.parametrize("team", [HERE], indirect=True)
def test_what_the_user_has_not_committed_gets_no_conflicts(team: Team) -> None:
    ours, theirs = (clone.project.root / ".gitignore" for clone in (team.ours, team.theirs))
    theirs.write_text(".tsdeploy/\ntheirs\n", "utf-8")
    team.theirs.repository.commit([theirs], "theirs")
    team.theirs.repository.run("push", "--quiet", "origin", "main")
    ours.write_text(".tsdeploy/\nours\n", "utf-8")
    told = team.ours.release(SALES)
    assert told is not None
    assert "others pushed changes of .gitignore, which is not committed here" in told.message
    assert ours.read_text("utf-8") == ".tsdeploy/\nours\n"
    assert team.ours.repository.run("for-each-ref", "refs/stash") == ""


@pytest.mark.parametrize("team", [HERE], indirect=True)
def test_remote_that_refuses_leaves_the_commit_here(team: Team) -> None:
    team.refuse("main is protected")
    told = team.ours.release(SALES)
    assert told is not None
    assert "main is protected" in told.message
    assert "the commits stay in main here" in told.hint
    assert "Record release" in team.ours.repository.run("log", "-1", "--format=%s")


@pytest.mark.parametrize("team", ["deploy: {record: {commit: true}}\n"], indirect=True)
def test_commit_that_is_not_to_be_pushed_stays_here(team: Team) -> None:
    before = team.remote.head.commit
    team.ours.repository.run("checkout", "--quiet", "--detach")
    assert team.ours.release(SALES) is None
    assert "Record release" in team.ours.repository.run("log", "-1", "--format=%s")
    assert team.remote.head.commit == before


@pytest.mark.parametrize("team", ["deploy: {record: {backup_branch: tsdeploy/backup, push: true}}\n"], indirect=True)
def test_texts_from_before_are_there_for_other_clones(team: Team) -> None:
    folder = team.ours.record(BEFORE)
    prod = team.theirs.project.environment("prod")
    assert backed_up(team.theirs.project, prod, folder.id) == ()
    assert team.ours.keep(folder) is None
    assert backed_up(team.theirs.project, prod, folder.id) == folder.before()
    assert backed_up(team.theirs.project, prod, "another") == ()


BOTH = "deploy: {record: {branch: tsdeploy/state, backup_branch: tsdeploy/backup, push: true}}\n"


@pytest.mark.parametrize("team", [BOTH], indirect=True)
@pytest.mark.parametrize("refused", ["tsdeploy/state", "tsdeploy/backup"])
def test_what_one_branch_refuses_the_other_still_gets(team: Team, refused: str) -> None:
    hook = team.refuse("closed")
    hook.write_text(f"#!/bin/sh\n! grep -q refs/heads/{refused}\n", "utf-8")
    finding = team.ours.release(BEFORE)
    assert finding is not None
    assert finding.code == "TD707"
    assert [head.name for head in team.remote.heads if head.name.startswith("tsdeploy/")] == [
        {"tsdeploy/state": "tsdeploy/backup", "tsdeploy/backup": "tsdeploy/state"}[refused]
    ]
