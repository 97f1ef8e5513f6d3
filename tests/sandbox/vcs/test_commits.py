"""Committing objects to a branch, and finding commits."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client
from tests.sandbox.vcs.remotes import Remote

TABLE = f"table/ORDERS.{tml.T1}.table.tml"
MODEL = f"model/Sales.{tml.M1}.model.tml"


@pytest.fixture
def loaded(connected: Client) -> Client:
    """The connected client, with the estate loaded."""
    connected.load(*tml.ESTATE)
    return connected


def commit(client: Client, *guids: str, **more: Any) -> Any:
    """Commit objects; the answer."""
    body = {"metadata": [{"identifier": guid} for guid in guids], "comment": "release 1", **more}
    return conforms(client.post("/vcs/git/branches/commit", body), "git_commit")


def test_objects_become_files_with_guids_in_their_references(loaded: Client, remote: Remote) -> None:
    made = commit(loaded, tml.T1, tml.M1)

    assert [(file["file_name"], file["status_code"]) for file in made["committed_files"]] == [
        (TABLE, "OK"),
        (MODEL, "OK"),
    ]
    files = remote.files("main")
    assert set(files) == {"README.md", TABLE, MODEL}
    assert files[MODEL] == loaded.edoc(tml.M1, export_fqn=True)
    assert remote.git("rev-parse", "origin/main") == made["commit_id"]
    assert (made["comment"], made["branch"], made["author"]["username"]) == ("release 1", "main", "tsadmin")
    assert made["committer"]["username"] == "robot"


def test_an_unchanged_file_is_a_warning_and_no_commit(loaded: Client, remote: Remote) -> None:
    first = commit(loaded, tml.T1)

    again = commit(loaded, tml.T1)

    (file,) = again["committed_files"]
    assert file["status_code"] == "WARNING"
    assert "File not committed" in file["status_message"]
    assert again["commit_id"] == first["commit_id"]


def test_a_renamed_object_moves(loaded: Client, remote: Remote) -> None:
    commit(loaded, tml.L1)
    loaded.load(tml.liveboard('"A/B: .. <c>"'))

    commit(loaded, tml.L1)

    (path,) = set(remote.files("main")) - {"README.md"}
    assert path == f"liveboard/A_B_ .. _c_.{tml.L1}.liveboard.tml"


def test_files_of_objects_that_are_gone_go(loaded: Client, remote: Remote) -> None:
    commit(loaded, tml.T1, tml.L1)
    loaded.post("/metadata/delete", {"metadata": [{"identifier": tml.L1}]})

    commit(loaded, tml.T1, delete_aware=False)
    assert len(remote.files("main")) == 3
    made = commit(loaded, tml.T1)

    assert set(remote.files("main")) == {"README.md", TABLE}
    assert [file["status_code"] for file in made["committed_files"]] == ["WARNING", "OK"]


def test_a_branch_that_is_not_there_is_400(loaded: Client) -> None:
    body = {"metadata": {"identifier": tml.T1}, "comment": "x", "branch_name": "nowhere"}

    refused(loaded.post("/vcs/git/branches/commit", body), 400, 10002)


@pytest.mark.parametrize("branch", ["--force", "main:other", "../x", "a b", "x.lock", "@{-1}", "main\n"])
def test_a_name_that_is_no_branch_never_reaches_git(branch: str, loaded: Client, remote: Remote) -> None:
    body = {"metadata": {"identifier": tml.T1}, "comment": "x", "branch_name": branch}

    refused(loaded.post("/vcs/git/branches/commit", body), 400, 10002)

    assert set(remote.files("main")) == {"README.md"}


def test_hooks_of_the_machine_and_its_configuration_are_not_used(
    loaded: Client, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks, witness = tmp_path / "hooks", tmp_path / "witness"
    hooks.mkdir()
    hook = hooks / "pre-push"
    hook.write_text(f"#!/bin/sh\ntouch {witness}\n", encoding="utf-8")
    hook.chmod(hook.stat().st_mode | stat.S_IEXEC)
    config = tmp_path / ".gitconfig"
    config.write_text(f"[core]\n\thooksPath = {hooks}\n[user]\n\tname = Mallory\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    made = commit(loaded, tml.T1)

    assert made["author"]["username"] == "tsadmin"
    assert not witness.exists()


def test_the_history_of_one_object(loaded: Client, remote: Remote) -> None:
    first = commit(loaded, tml.T1, tml.M1, comment="first\n\nwith more lines")
    loaded.load(tml.table(columns=("ID", "AMOUNT", "REGION", "NEW")))
    second = commit(loaded, tml.T1, tml.M1, comment="second")

    def found(identifier: str, **more: Any) -> list[str]:
        body = {"metadata_identifier": identifier, **more}
        return [made["commit_id"] for made in conforms(loaded.post("/vcs/git/commits/search", body), "git_history")]

    assert found(tml.T1) == [second["commit_id"], first["commit_id"]]
    assert found("Sales", metadata_type="LOGICAL_TABLE") == [first["commit_id"]]
    assert found(tml.T1, record_offset=1, record_size=5) == [first["commit_id"]]
    assert found(tml.NOWHERE) == []
    assert first["comment"] == "first\n\nwith more lines"


def test_a_remote_that_moved_is_not_overwritten(loaded: Client, remote: Remote) -> None:
    remote.commit_files("main", {"other.txt": "by hand\n"})

    commit(loaded, tml.T1)

    assert set(remote.files("main")) == {"README.md", "other.txt", TABLE}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_in_the_repository_are_not_followed(loaded: Client, remote: Remote) -> None:
    (remote.clone / "table").mkdir()
    (remote.clone / "table" / f"X.{tml.T2}.table.tml").symlink_to("/etc/passwd")
    commit_id = remote.commit_files("main", {})

    response = loaded.post("/vcs/git/commits/deploy", {"branch_name": "main", "commit_id": commit_id})

    assert conforms(response, "git_deployed") == []
