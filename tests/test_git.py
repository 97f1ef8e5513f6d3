"""Git as a project sees it, on real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tsdeploy.errors import Finding, GitError
from tsdeploy.git import Head, Repository, create_repository

TML = b"answer:\n  name: x\n"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(autouse=True)
def no_global_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "work"
    root.mkdir()
    return create_repository(root)


def write(repository: Repository, name: str, content: bytes = TML) -> Path:
    path = repository.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def committed(repository: Repository) -> list[str]:
    """The files of the last commit's changes."""
    names = git(repository.root, "show", "--name-only", "--no-renames", "--format=", "-z", "HEAD", "--")
    return sorted(filter(None, names.split("\0")))


def refusal(error: pytest.ExceptionInfo[GitError]) -> Finding:
    return error.value.findings[0]


def test_a_repository_is_found_from_below(repository: Repository) -> None:
    below = write(repository, "tml/a/x.tml").parent
    assert Repository.find(below).root.samefile(repository.root)


@pytest.mark.parametrize("folder", ["home", "nowhere"])
def test_no_repository_is_an_error_with_a_way_out(tmp_path: Path, folder: str) -> None:
    with pytest.raises(GitError) as caught:
        Repository.find(tmp_path / folder)
    assert (caught.value.code, "git init" in refusal(caught).hint, caught.value.exit_code) == ("TD701", True, 2)


def test_a_bare_repository_has_no_work_tree(tmp_path: Path) -> None:
    git(tmp_path, "init", "--bare", "--quiet", "bare.git")
    with pytest.raises(GitError, match="TD701"):
        Repository.find(tmp_path / "bare.git")


def test_a_new_repository_has_a_main_branch_and_a_committer(repository: Repository) -> None:
    commit = repository.commit([write(repository, "x")], "first")
    assert repository.head() == Head(commit, "main")


def test_a_committer_of_the_user_is_kept(tmp_path: Path) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("[user]\nname = Maren\nemail = maren@example\n")
    made = create_repository(tmp_path)
    assert "user" not in (tmp_path / ".git" / "config").read_text()
    made.commit([write(made, "x")], "first")
    assert git(tmp_path, "log", "--format=%an <%ae>").strip() == "Maren <maren@example>"


def test_no_commit_yet_is_an_error(repository: Repository) -> None:
    with pytest.raises(GitError) as caught:
        repository.head()
    assert (caught.value.code, "commit" in refusal(caught).hint) == ("TD702", True)


def test_a_detached_head_has_no_branch(repository: Repository) -> None:
    commit = repository.commit([write(repository, "x")], "first")
    git(repository.root, "checkout", "--quiet", "--detach")
    assert repository.head() == Head(commit, "")


def test_only_the_named_paths_are_committed(repository: Repository) -> None:
    one, other = write(repository, "a/one"), write(repository, "a/other")
    repository.commit([one], "one")
    assert (committed(repository), repository.dirty([other.parent])) == (["a/one"], ["a/other"])


def test_what_others_staged_stays_staged(repository: Repository) -> None:
    repository.commit([write(repository, "base")], "base")
    write(repository, "staged")
    git(repository.root, "add", "staged")
    repository.commit([write(repository, "mine")], "mine")
    assert committed(repository) == ["mine"]
    assert git(repository.root, "diff", "--cached", "--name-only").split() == ["staged"]


def test_a_folder_is_committed_with_all_below(repository: Repository) -> None:
    write(repository, "tml/a/x")
    write(repository, "tml/b/y")
    write(repository, "other")
    repository.commit([repository.root / "tml"], "folder")
    assert committed(repository) == ["tml/a/x", "tml/b/y"]


def test_a_deleted_file_is_committed_as_deleted(repository: Repository) -> None:
    path = write(repository, "x")
    repository.commit([path], "first")
    path.unlink()
    assert repository.dirty([path]) == ["x"]
    repository.commit([path], "gone")
    assert git(repository.root, "ls-files") == ""


def test_nothing_to_commit_makes_no_commit(repository: Repository) -> None:
    path = write(repository, "x")
    first = repository.commit([path], "first")
    assert (repository.commit([path], "again"), repository.commit([], "none")) == ("", "")
    assert repository.head().commit == first


def test_an_ignored_file_is_nothing_to_commit(repository: Repository) -> None:
    repository.commit([write(repository, ".gitignore", b"*.tmp\n")], "first")
    assert repository.commit([write(repository, "x.tmp")], "none") == ""


NAMES = [
    "*.tml",
    "a[b].tml",
    "?.tml",
    ":(glob)**",
    ":!x",
    "-x.tml",
    "--all",
    "#x",
    "a\nb.tml",
    'a"b\\c.tml',
    " blanks ",
    "é😀 Ω.tml",
    "e\u0301.tml",
    "tab\there",
    "@{upstream}",
    "HEAD",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name_never_a_pattern(repository: Repository, name: str) -> None:
    decoy = [write(repository, "x.tml"), write(repository, "b.tml"), write(repository, "ab.tml")]
    path = write(repository, name)
    assert name in repository.dirty([path])
    repository.commit([path], "one")
    assert (committed(repository), len(repository.dirty(decoy))) == ([name], 3)


def test_every_odd_name_in_one_commit(repository: Repository) -> None:
    repository.commit([write(repository, f"d/{name}") for name in NAMES], "odd")
    assert committed(repository) == sorted(f"d/{name}" for name in NAMES)


@pytest.mark.parametrize("message", ["-m", "#comment\n\n'\"$(x)", "é😀", "--amend"])
def test_any_message_is_a_message(repository: Repository, message: str) -> None:
    repository.commit([write(repository, "x")], message)
    assert git(repository.root, "log", "--format=%B").strip() == message


def test_dirty_lists_changed_new_and_staged_files_sorted(repository: Repository) -> None:
    repository.commit([write(repository, "changed")], "first")
    write(repository, "changed", b"y")
    write(repository, "b/new")
    write(repository, "a staged")
    git(repository.root, "add", "a staged")
    assert repository.dirty([repository.root]) == ["a staged", "b/new", "changed"]


def test_a_renamed_file_is_dirty_under_both_names(repository: Repository) -> None:
    repository.commit([write(repository, "old", b"x\n" * 50)], "first")
    git(repository.root, "mv", "old", "new")
    assert repository.dirty([repository.root]) == ["new", "old"]


def test_dirty_outside_the_paths_does_not_count(repository: Repository) -> None:
    repository.commit([write(repository, "tml/x"), write(repository, "other")], "first")
    write(repository, "other", b"y")
    assert repository.dirty([repository.root / "tml"]) == []


def test_more_paths_than_fit_on_a_command_line_are_committed(repository: Repository) -> None:
    long = "/".join("x" * 240 for _ in range(14))
    paths = [write(repository, f"{long}/{number}") for number in range(800)]
    decoy = write(repository, f"{long}/800")
    assert sum(len(str(path)) for path in paths) > os.sysconf("SC_ARG_MAX")
    assert repository.commit(paths, "many")
    assert len(committed(repository)) == 800
    assert repository.dirty([*paths, decoy]) == [decoy.relative_to(repository.root).as_posix()]


def test_a_missing_committer_is_said_how_to_set(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "work")
    git(tmp_path / "work", "config", "user.useConfigOnly", "true")
    made = Repository.find(tmp_path / "work")
    with pytest.raises(GitError) as caught:
        made.commit([write(made, "x")], "first")
    assert (caught.value.code, "user.email" in refusal(caught).hint) == ("TD703", True)


def test_what_git_refuses_is_told_in_its_words(repository: Repository) -> None:
    path = write(repository, "x")
    hook = write(repository, ".git/hooks/pre-commit", b"#!/bin/sh\necho no commits on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError, match="no commits on Fridays"):
        repository.commit([path], "first")


def test_the_files_of_a_revision_need_no_checkout(repository: Repository) -> None:
    folder = repository.root / "tml"
    first = repository.commit([write(repository, "tml/a/é.tml", TML), write(repository, "tml/x.txt")], "first")
    repository.commit([write(repository, "tml/a/é.tml", b"new"), write(repository, "tml2/y.tml")], "second")
    assert list(repository.files(first, folder)) == [("tml/a/é.tml", TML)]
    assert list(repository.files("HEAD", folder)) == [("tml/a/é.tml", b"new")]


def test_the_files_of_the_top_folder_are_found(repository: Repository) -> None:
    repository.commit([write(repository, "a/x.TML"), write(repository, "y.tsl")], "first")
    assert sorted(path for path, _ in repository.files("HEAD", repository.root)) == ["a/x.TML", "y.tsl"]


def test_hidden_files_and_links_of_a_revision_are_left_out(repository: Repository) -> None:
    folder = write(repository, "tml/x.tml").parent
    write(repository, "tml/.old/y.tml")
    (folder / "z.tml").symlink_to("/etc/passwd")
    repository.commit([folder], "first")
    assert [path for path, _ in repository.files("HEAD", folder)] == ["tml/x.tml"]


@pytest.mark.parametrize("revision", ["nowhere", "HEAD~7", "--all", "", "v1^{tree", "0" * 40])
def test_a_revision_that_is_not_there_is_an_error(repository: Repository, revision: str) -> None:
    repository.commit([write(repository, "x")], "first")
    with pytest.raises(GitError) as caught:
        list(repository.files(revision, repository.root))
    assert caught.value.code == "TD704"


def test_no_git_process_is_left_running(repository: Repository) -> None:
    repository.commit([write(repository, "x.tml")], "first")
    list(repository.files("HEAD", repository.root))
    repository.head()
    with pytest.raises(GitError):
        list(repository.files("0" * 40, repository.root))
    children = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "comm="], check=False, capture_output=True, text=True
    )
    assert "git" not in children.stdout.split()
