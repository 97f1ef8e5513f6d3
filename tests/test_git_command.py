"""git that is missing, slow, or gives nothing: one located error each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsdeploy.errors import GitError, UsageError
from tsdeploy.git import Repository, create_repository
from tsdeploy.git_command import LIMIT_VARIABLE, Git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit."""
    repository = create_repository(tmp_path / "work")
    file = repository.root / "a.txt"
    file.write_bytes(b"one\ntwo")
    repository.commit([file], "first")
    return repository.root


def put_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of this name that is found before the real one."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n", "ascii")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_no_git_on_the_path(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for look in (lambda: Repository.find(root), lambda: Git(root).run("status")):
        with pytest.raises(GitError, match="TD716: git cannot be run") as caught:
            look()
        assert "install git" in caught.value.findings[0].hint


def test_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="TD701: this folder cannot be used"):
        Git(tmp_path / "gone").run("status")


def test_git_that_takes_too_long(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_git(tmp_path / "bin", "exec sleep 1000", monkeypatch)
    monkeypatch.setenv(LIMIT_VARIABLE, "0.2")
    with pytest.raises(GitError, match=r"TD718: git push took longer than 0\.2 seconds") as caught:
        Git(root).run("push", "origin")
    assert LIMIT_VARIABLE in caught.value.findings[0].hint
    with pytest.raises(GitError, match="TD718: git cat-file took longer"):
        list(Git(root).contents(["HEAD:a.txt"]))


@pytest.mark.parametrize("limit", ["10m", "0", "-1", "nan"])
def test_limit_that_is_no_number_of_seconds(root: Path, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, limit)
    with pytest.raises(UsageError, match=f"TD060: {LIMIT_VARIABLE} is no number of seconds: {limit}"):
        Git(root).run("status")


def test_contents_of_what_is_there_and_of_what_is_not(root: Path) -> None:
    assert list(Git(root).contents(["HEAD:a.txt", "HEAD:b.txt", "HEAD", "HEAD:a.txt"])) == [
        b"one\ntwo",
        None,
        None,
        b"one\ntwo",
    ]
    assert list(Git(root).contents([])) == []


def test_git_that_ends_in_the_middle(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_git(tmp_path / "bin", "echo 123 blob 99999", monkeypatch)
    with pytest.raises(GitError, match="TD718: git cat-file ended before it was done"):
        list(Git(root).contents(["HEAD:a.txt"]))


def test_slow_git_is_not_taken_for_a_missing_commit(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository.find(root)
    put_git(tmp_path / "bin", "exec sleep 1000", monkeypatch)
    monkeypatch.setenv(LIMIT_VARIABLE, "0.2")
    with pytest.raises(GitError, match="TD718"):
        repository.has("HEAD")


@pytest.mark.parametrize(
    ("command", "way_out"),
    [
        (["rebase", "side"], "git rebase --continue"),
        (["merge", "side"], "git merge --continue"),
        (["cherry-pick", "side"], "git cherry-pick --continue"),
    ],
    ids=lambda value: value[0],
)
def test_nothing_is_committed_into_what_is_under_way(root: Path, command: list[str], way_out: str) -> None:
    repository, git = Repository.find(root), Git(root)
    file, other = root / "a.txt", root / "b.txt"
    git.run("branch", "side")
    file.write_bytes(b"ours")
    repository.commit([file], "ours")
    git.run("switch", "side")
    file.write_bytes(b"theirs")
    repository.commit([file], "theirs")
    git.run("switch", "main")
    git.run(*command, accepted=(0, 1, 128))
    other.write_bytes(b"new")
    with pytest.raises(GitError, match=f"TD719: a {command[0]} is under way") as caught:
        repository.commit([other], "export")
    assert way_out in caught.value.findings[0].hint
