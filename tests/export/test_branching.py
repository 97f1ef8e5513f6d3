"""Exports to a branch that is not checked out: what the branch gets, and what the user's folder keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tests.export.test_export import answer, exported, guid, put
from tests.export.test_options import git
from tsdeploy.git import Repository, create_repository

NIGHTLY = ("--no-associated", "--kind", "answer", "--branch", "export/nightly")


@pytest.fixture
def answers(retail: Estate) -> Estate:
    """The retail samples, with an answer of one's own and changes that are not committed."""
    put(retail, answer(guid(1), "Mine"))
    retail.write("tml/answer/draft.answer.tml", answer(guid(9), "Draft"))
    retail.write("environments/dev/notes.txt", "not committed")
    return retail


def shown(repository: Repository, path: str, branch: str = "export/nightly") -> str:
    """A file of a branch."""
    return git(repository, "show", f"{branch}:{path}")


def test_the_branch_gets_everything_and_the_folder_stays_as_it_is(answers: Estate, cli: Cli) -> None:
    before, head = exported(answers), answers.repository.head()
    outcome = cli("export", "dev", *NIGHTLY)
    assert outcome.code == 0, outcome.err
    assert "to export/nightly" in outcome.out
    assert (exported(answers), answers.repository.head()) == (before, head)
    assert not answers.project.environment("dev").objects_path.exists()
    names = git(answers.repository, "ls-tree", "-r", "--name-only", "export/nightly").splitlines()
    assert "tml/answer/Mine.00000001.answer.tml" in names
    assert "environments/dev/objects.json" in names
    assert not [name for name in names if "draft" in name or "notes" in name]
    assert git(answers.repository, "worktree", "list").count("\n") == 1


def test_a_second_export_adds_to_the_branch_and_keeps_its_paths(answers: Estate, cli: Cli) -> None:
    cli("export", "dev", *NIGHTLY)
    put(answers, answer(guid(1), "Renamed"))
    assert "~ answer:Renamed\n" in cli("export", "dev", *NIGHTLY).out
    assert "name: Renamed" in shown(answers.repository, "tml/answer/Mine.00000001.answer.tml")
    assert git(answers.repository, "rev-list", "--count", "main..export/nightly").strip() == "2"
    again = cli("export", "dev", *NIGHTLY)
    assert (again.code, "Committed" in again.out) == (0, False)


def test_no_branch_is_made_when_nothing_changed(answers: Estate, cli: Cli) -> None:
    cli("export", "dev", "--kind", "view", "--no-associated", "--commit")
    cli("export", "dev", "--kind", "view", "--no-associated", "--branch", "idle")
    assert "idle" not in git(answers.repository, "branch", "--list")


def test_a_branch_that_only_the_remote_has_goes_on_from_there(answers: Estate, cli: Cli) -> None:
    remote = create_repository(answers.project.root.parent / "remote")
    git(answers.repository, "remote", "add", "origin", str(remote.root))
    assert cli("export", "dev", *NIGHTLY, "--push").code == 0
    git(answers.repository, "branch", "--delete", "--force", "export/nightly")
    put(answers, answer(guid(2), "Another"))
    outcome = cli("export", "dev", *NIGHTLY, "--push")
    assert outcome.code == 0, outcome.err
    assert git(remote, "rev-list", "--count", "export/nightly").strip() == str(
        int(git(answers.repository, "rev-list", "--count", "main")) + 2
    )


def test_the_branch_that_is_checked_out_is_written_in_place(answers: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--kind", "answer", "--no-associated", "--branch", "main").code == 0
    assert "answer/Mine.00000001.answer.tml" in exported(answers)


def test_a_branch_that_is_checked_out_elsewhere_is_refused(answers: Estate, cli: Cli, tmp_path: Path) -> None:
    git(answers.repository, "worktree", "add", "--quiet", "-b", "export/nightly", str(tmp_path / "elsewhere"))
    assert "error[TD717]: branch export/nightly is checked out in" in cli("export", "dev", *NIGHTLY).err


@pytest.mark.parametrize("branch", ["-x", "a..b", "a b", "refs/../x"])
def test_what_is_no_name_of_a_branch_is_refused(branch: str, answers: Estate, cli: Cli) -> None:
    assert "error[TD703]" in cli("export", "dev", f"--branch={branch}").err


def test_an_export_that_fails_leaves_nothing_behind(answers: Estate, cli: Cli) -> None:
    answers.clusters["dev"].traffic.faults.add("status", "metadata/tml/export", status=403)
    assert cli("export", "dev", *NIGHTLY).code == 1
    assert "export/nightly" not in git(answers.repository, "branch", "--list")
    assert git(answers.repository, "worktree", "list").count("\n") == 1
