"""A state of ``objects.json`` that was thrown away makes no edit of a deploy, and no deploy of an edit."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import describe_in_file, edit_live, live_text, put

BOARD = "Store Performance"
TITLE = "Net Sales by Region"


@pytest.fixture
def twice(retail: Estate, cli: Cli) -> Estate:
    """Prod was deployed twice, and the state after the second time is not committed."""
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    retail.commit("record")
    describe_in_file(retail, BOARD, "second")
    assert cli("deploy", "prod", "--yes").code == 0
    return retail


def forget(estate: Estate, *, files: bool = False) -> None:
    """Throw away what is not committed; with ``files`` also the release's own, as a clean does."""
    estate.repository.run("checkout", "--quiet", ".")
    if files:
        estate.repository.run("clean", "--quiet", "-fd")


@pytest.mark.parametrize("files", [False, True])
def test_deploy_whose_record_was_thrown_away_is_nobodys_edit(twice: Estate, cli: Cli, *, files: bool) -> None:
    forget(twice, files=files)
    assert cli("drift", "prod").code == 0
    describe_in_file(twice, BOARD, "third")
    plan = cli("plan", "prod")
    assert "TD513" not in plan.err
    assert "info[TD548]: environments/prod/objects.json lacks release 2" in plan.err
    assert "1 object is as that left it" in plan.err
    assert cli("deploy", "prod", "--yes").code == 0
    assert "TD548" not in cli("plan", "prod").err


def test_record_that_was_thrown_away_is_written_again_where_nothing_else_is_to_do(twice: Estate, cli: Cli) -> None:
    path = twice.project.root / "environments/prod/objects.json"
    before = path.read_bytes()
    forget(twice)
    assert "Deploy: nothing to do." in cli("deploy", "prod", "--yes").out
    assert path.read_bytes() == before


def test_last_release_is_taken_back_though_its_record_was_thrown_away(twice: Estate, cli: Cli) -> None:
    forget(twice)
    outcome = cli("rollback", "prod", "--yes")
    assert (outcome.code, "TD618" in outcome.err) == (0, False)
    assert "second" not in live_text(twice, "prod", BOARD)
    forget(twice)
    describe_in_file(twice, BOARD, "third")
    assert "TD513" not in cli("plan", "prod").err


def test_edit_after_a_deploy_whose_record_was_thrown_away_blocks(twice: Estate, cli: Cli) -> None:
    forget(twice)
    edit_live(twice, "prod", BOARD, TITLE, "Changed by hand")
    describe_in_file(twice, BOARD, "third")
    outcome = cli("plan", "prod")
    assert ("error[TD513]" in outcome.err, "TD548" in outcome.err) == (True, False)
    assert "error[TD618]" in cli("rollback", "prod", "--yes").err


def test_text_of_an_earlier_release_put_there_by_hand_blocks(twice: Estate, cli: Cli) -> None:
    """The record is the last one: what releases left before it is an edit now."""
    second = live_text(twice, "prod", BOARD)
    describe_in_file(twice, BOARD, "third")
    assert cli("deploy", "prod", "--yes").code == 0
    put(twice, "prod", second)
    describe_in_file(twice, BOARD, "fourth")
    assert "error[TD513]" in cli("plan", "prod").err
    shutil.rmtree(twice.project.state / "releases")
    (last,) = sorted((twice.project.root / "environments/prod/releases").glob("*.json"))[-1:]
    last.unlink()
    assert "error[TD513]" in cli("plan", "prod").err


def test_what_no_release_here_knows_blocks_and_names_the_commit_that_has_it(twice: Estate, cli: Cli) -> None:
    forget(twice, files=True)
    shutil.rmtree(twice.project.state / "releases")
    second = twice.repository.head().commit
    describe_in_file(twice, BOARD, "third")
    describe_in_file(twice, BOARD, "fourth")
    told = cli("plan", "prod").err
    assert "error[TD513]" in told
    assert f"; it is as commit {second[:8]} has it\n" in told
    assert "if that was deployed, commit its environments/prod/objects.json and releases/; else take it" in told
    edit_live(twice, "prod", BOARD, TITLE, "Changed by hand")
    assert "it is as commit" not in cli("plan", "prod").err
