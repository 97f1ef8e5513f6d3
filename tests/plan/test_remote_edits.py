"""What people changed in the target since the last deploy is seen, told, and never lost without a word."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import describe_in_file, edit_file, edit_live, live_text
from tsdeploy.rest import ObjectRef, SearchQuery, delete_metadata, search_metadata

TITLE = "Net Sales by Region"
BOARD = "Store Performance"


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """Prod is as dev."""
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    return retail


def test_nothing_drifted_after_a_deploy(deployed: Estate, cli: Cli) -> None:
    outcome = cli("drift", "prod")
    assert (outcome.code, outcome.out) == (0, "Drift: 0 changed, 0 deleted, of 26 deployed to prod.\n")


def test_edit_in_the_target_is_drift(deployed: Estate, cli: Cli) -> None:
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    outcome = cli("drift", "prod")
    assert outcome.code == 3
    assert "~ liveboard:Store Performance" in outcome.out
    assert "Net Sales by Region → Changed by hand" in outcome.out
    assert outcome.out.endswith("Drift: 1 changed, 0 deleted, of 26 deployed to prod.\n")


def test_object_deleted_in_the_target_is_drift(deployed: Estate, cli: Cli) -> None:
    with deployed.session("prod") as session:
        (header,) = search_metadata(session, SearchQuery(types=("ANSWER",), name_pattern="Sales by Outdoor Range"))
        delete_metadata(session, [ObjectRef(header.id, "ANSWER")])
    outcome = cli("drift", "prod", "--format", "json")
    assert outcome.code == 3
    (item,) = json.loads(outcome.out)["objects"]
    assert (item["object"], item["change"]) == ("answer:Sales by Outdoor Range", "deleted")


def test_deploy_does_not_overwrite_an_edit(deployed: Estate, cli: Cli) -> None:
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    edit_file(deployed, BOARD, "chart", "chart")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD513]: liveboard:Store Performance was changed in prod since the last deploy" in outcome.err
    assert "--overwrite-remote 'liveboard:Store Performance'" in outcome.err
    assert "Changed by hand" in live_text(deployed, "prod", BOARD)


def test_edit_may_be_overwritten_by_name(deployed: Estate, cli: Cli) -> None:
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    outcome = cli("deploy", "prod", "--yes", "--overwrite-remote", "liveboard:Store*")
    assert outcome.code == 0
    assert "overwrites 1 edit made there" in outcome.out
    assert "Changed by hand" not in live_text(deployed, "prod", BOARD)
    assert cli("plan", "prod", "--exit-code").code == 0


def test_edit_that_git_has_too_is_no_obstacle(deployed: Estate, cli: Cli) -> None:
    """Somebody mended prod at once, and git afterwards; git has one change more."""
    edit_live(deployed, "prod", BOARD, TITLE, "Mended")
    edit_file(deployed, BOARD, TITLE, "Mended")
    assert "Plan: 0 to create, 0 to update" in cli("plan", "prod").out
    describe_in_file(deployed, BOARD, "and described")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "Deploy: 1 done." in outcome.out


def test_other_text_with_the_same_content_is_no_edit(deployed: Estate, cli: Cli) -> None:
    """A new release may write TML in another way."""
    with deployed.clusters["prod"].database.transaction():
        deployed.clusters["prod"].database.execute(
            "UPDATE objects SET modified = modified + 1, text = replace(text, 'client_state_v2:', 'client_state_v2: ')"
        )
    assert cli("drift", "prod").code == 0


def test_edit_is_told_from_changes_of_git(deployed: Estate, cli: Cli) -> None:
    """Git changed the description, prod the title: only the title is drift."""
    describe_in_file(deployed, BOARD, "from git")
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    out = cli("drift", "prod").out
    assert "Changed by hand" in out
    assert "from git" not in out


def test_drift_of_a_commit_that_is_not_here_says_so(deployed: Estate, cli: Cli) -> None:
    path = deployed.project.root / "environments/prod/objects.json"
    head = deployed.repository.head().commit
    path.write_text(path.read_text("utf-8").replace(head, "0" * 40), "utf-8")
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    out = cli("drift", "prod").out
    assert "what was deployed is not known exactly" in out


def test_edit_is_taken_into_git_in_the_terms_of_the_source(deployed: Estate, cli: Cli) -> None:
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    (file,) = deployed.project.tml.rglob(f"{BOARD}.*")
    before = file.read_bytes()
    outcome = cli("drift", "prod", "--take", f"liveboard:{BOARD}")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith("Took 1 of 1 drifted objects.\n")
    assert file.read_bytes() == before.replace(TITLE.encode(), b"Changed by hand")
    deployed.commit("take")
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("plan", "prod", "--exit-code").code == 0


def test_edit_is_told_from_a_file_that_moved_and_from_one_that_took_its_place(deployed: Estate, cli: Cli) -> None:
    """What was deployed is found by the object, wherever its file was then."""
    (board,) = deployed.project.tml.rglob(f"{BOARD}.*")
    (answer,) = deployed.project.tml.rglob("Sales by Outdoor Range.*")
    moved = board.rename(deployed.project.tml / "moved.tml")
    answer.rename(board)
    deployed.commit("move")
    edit_live(deployed, "prod", BOARD, TITLE, "Changed by hand")
    edit_live(deployed, "prod", "Sales by Outdoor Range", "Sales by Outdoor Range", "Sales Indoors", "ANSWER")
    describe_in_file(deployed, "moved", "from git")
    assert moved.exists()
    out = cli("drift", "prod").out
    assert "Changed by hand" in out and "Sales Indoors" in out
    assert "from git" not in out and "not known exactly" not in out
