"""What people saved of a Liveboard survives deploys, rollbacks and restores; where it cannot, the plan says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import Body, Liar, lying
from tests.plan.editing import edit_file, live_text, put
from tests.sandbox import tml
from tsdeploy.deploy.release_folder import rendered_again, sent_text
from tsdeploy.sandbox import Cluster, Server
from tsdeploy.sandbox.principals import NewGroup, NewUser, add_group, add_user
from tsdeploy.sandbox.settings import read_settings
from tsdeploy.tml.document import parse_document
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Origin, Target

BOARD = "Overview"
FILE = f"tml/{BOARD}.liveboard.tml"
OURS = "  - view_guid: e0000000-0000-4000-8000-000000000005\n    name: Ours\n"
ANNAS = "  - view_guid: e0000000-0000-4000-8000-000000000006\n    name: Anna's\n"
OLD = "26.5"

Make = Callable[..., Estate]


@pytest.fixture
def made(estate: Estate, cli: Cli) -> Iterator[Make]:
    """Make a prod of a release to which a user deployed a Liveboard with a view; then git lets the view go."""
    with ExitStack() as stack:

        def make(*, release: str = "26.8", user: str = "tsadmin", **deploy: Any) -> Estate:
            cluster = stack.enter_context(Cluster(settings=read_settings({"release": release})))
            with cluster.database.transaction():
                add_group(cluster, NewGroup(name="Deployers", privileges=("DATAMANAGEMENT", "DATADOWNLOADING")))
                add_user(cluster, NewUser(name="deployer", groups=("Deployers",)))
            estate.clusters["prod"] = cluster
            estate.servers["prod"] = stack.enter_context(Server(cluster))
            text = environment_yaml(estate.servers["prod"].url, f"source: dev\ndeploy: {deploy}\n")
            estate.write("environments/prod/environment.yaml", text.replace("tsadmin", user))
            estate.write(FILE, tml.liveboard(BOARD, vizzes=(), tail=f"  views:\n{OURS}"))
            estate.commit("release")
            outcome = cli("deploy", "prod", "--yes")
            assert (outcome.code, outcome.err.count("warning")) == (0, 0), outcome.err
            estate.commit("record")
            edit_file(estate, BOARD, f"  views:\n{OURS}", "  description: without a view\n")
            return estate

        yield make


def save_annas(estate: Estate) -> None:
    """Somebody saves a view in prod."""
    text = live_text(estate, "prod", BOARD)
    put(estate, "prod", text + ("" if "  views:" in text else "  views:\n") + ANNAS)


def views(estate: Estate) -> list[str]:
    """The names of the views in prod."""
    return [line[10:] for line in live_text(estate, "prod", BOARD).splitlines() if line.startswith("    name: ")]


@pytest.mark.parametrize(
    "settings",
    [{}, {"async_from": 1, "async_poll": 0.1}, {"user": "deployer", "release": OLD}],
    ids=["at once", "queue", "older release, no administrator"],
)
def test_what_people_saved_stays_and_is_no_difference(settings: dict[str, Any], made: Make, cli: Cli) -> None:
    prod = made(**settings)
    save_annas(prod)

    outcome = cli("deploy", "prod", "--yes")

    assert (outcome.code, outcome.err.count("warning")) == (0, 0), outcome.err
    assert "\n    description added: without a view\nPlan: 0 to create, 1 to update" in outcome.out
    assert views(prod) == ["Ours", "Anna's"]
    assert "description: without a view" in live_text(prod, "prod", BOARD)
    assert cli("plan", "prod", "--exit-code").code == 0
    assert " 0 changed, 0 deleted" in cli("drift", "prod").out


def test_a_view_that_alone_has_left_git_is_nothing_to_do(made: Make, cli: Cli) -> None:
    prod = made()
    edit_file(prod, BOARD, "  description: without a view\n", "")

    assert "0 to update, 0 to delete, 1 unchanged" in cli("plan", "prod").out


@pytest.mark.parametrize(
    "settings",
    [{"release": OLD}, {"personal_views": "replace"}],
    ids=["older release", "replace"],
)
def test_what_an_administrator_deletes_is_told_before(settings: dict[str, Any], made: Make, cli: Cli) -> None:
    prod = made(**settings)
    save_annas(prod)

    assert "error[TD513]" in cli("plan", "prod").err
    outcome = cli("deploy", "prod", "--yes", "--overwrite-remote", f"liveboard:{BOARD}")

    assert outcome.code == 0, outcome.err
    assert (
        f"warning[TD528]: as an administrator you would delete 2 personal views that people saved of liveboard:{BOARD}"
        in outcome.err
    )
    assert outcome.err.count("warning") == 1
    assert views(prod) == []
    assert cli("plan", "prod", "--exit-code").code == 0


def test_nobody_is_warned_where_nobody_has_a_view(made: Make, cli: Cli) -> None:
    prod = made(release=OLD)
    edit_file(prod, BOARD, "  description: without a view\n", f"  description: with its view\n  views:\n{OURS}")

    outcome = cli("plan", "prod")

    assert "1 to update" in outcome.out
    assert "TD528" not in outcome.err


def test_a_server_that_does_not_tell_who_has_views(made: Make, cli: Cli) -> None:
    def silent(_: str, body: Body, answer: Any) -> Any:
        if body.get("include_personalised_views"):
            for found in answer:
                del found["metadata_detail"]["personalisedViews"]
        return answer

    prod = made(release=OLD)
    with lying(prod.servers["prod"].url) as liar:
        liar.answer = silent
        direct(prod, liar)
        outcome = cli("plan", "prod")

    assert "you would delete any personal view that people saved" in outcome.err


def direct(estate: Estate, liar: Liar) -> None:
    """Let prod be reached through a proxy."""
    file = estate.project.root / "environments/prod/environment.yaml"
    file.write_text(file.read_text("utf-8").replace(estate.servers["prod"].url, liar.url), "utf-8")


def test_a_rollback_keeps_what_was_saved_since(made: Make, cli: Cli) -> None:
    prod = made()
    assert cli("deploy", "prod", "--yes").code == 0
    save_annas(prod)

    outcome = cli("rollback", "prod", "--yes", "--overwrite-remote", "liveboard:*")

    assert outcome.code == 0, outcome.err
    assert "description" not in live_text(prod, "prod", BOARD)
    assert views(prod) == ["Ours", "Anna's"]


def test_a_rollback_that_deletes_views_says_so(made: Make, cli: Cli) -> None:
    prod = made(release=OLD)
    assert cli("deploy", "prod", "--yes").code == 0
    save_annas(prod)

    outcome = cli("rollback", "prod", "--plan", "--overwrite-remote", "liveboard:*")

    assert "warning[TD528]: as an administrator you would delete 1 personal view" in outcome.err


def test_a_restore_keeps_what_was_saved_since(made: Make, cli: Cli) -> None:
    prod = made()
    assert cli("backup", "prod").code == 0
    assert cli("deploy", "prod", "--yes").code == 0
    save_annas(prod)

    outcome = cli("restore", "prod", "--yes")

    assert outcome.code == 0, outcome.err
    assert "description" not in live_text(prod, "prod", BOARD)
    assert views(prod) == ["Ours", "Anna's"]


@pytest.mark.parametrize("keeps", [True, False])
def test_what_a_run_that_was_cut_off_had_sent_is_looked_up_by_the_same_rule(keeps: bool) -> None:
    text = tml.liveboard()
    sent = Rendered(parse_document(text, FILE), text, Target(tml.L1, "", Origin.RECORDED), keeps_views=keeps)

    assert rendered_again(sent_text(sent), tml.L1).keeps_views is keeps
