"""A write that got no answer is looked up, never sent again blindly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.lossy import LossyGateway

BATCHES = 4
"""Publishing calls of a first deploy of the retail samples: objects, feedback, alert, collection."""


@contextmanager
def losing(estate: Estate, *, answers: int = 0, requests: int = 0) -> Iterator[LossyGateway]:
    """Put a gateway in front of prod."""
    with LossyGateway(estate.servers["prod"].url, lose_answers=answers, lose_requests=requests) as gateway:
        estate.write("environments/prod/environment.yaml", environment_yaml(gateway.url, "source: dev\n"))
        yield gateway


def test_import_whose_answer_was_lost_is_found_done(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    with losing(retail, answers=1) as gateway:
        retail.commit()
        outcome = cli("deploy", "prod", "--yes")
        assert outcome.code == 0, outcome.err
        assert "the answer was lost; looking at what is there" in outcome.err
        assert gateway.published == BATCHES
        assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def test_import_that_never_arrived_is_a_failure_and_the_next_run_does_it(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    with losing(retail, requests=1) as gateway:
        retail.commit()
        outcome = cli("deploy", "prod", "--yes")
        assert outcome.code == 1
        assert "error[TD409]" in outcome.err
        assert gateway.published == 1
        assert retail.count("prod") == 1
        assert cli("deploy", "prod", "--yes").code == 0
        assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def test_identities_are_recorded_before_anything_is_looked_up(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    with losing(retail) as gateway:
        text = environment_yaml(gateway.url, "source: dev\nnew_guids: server\n")
        retail.write("environments/prod/environment.yaml", text)
        retail.commit()
        gateway.refuse_searches = True
        outcome = cli("deploy", "prod", "--yes")
        assert outcome.code == 5
        assert "liveboard:Store Performance: unknown: published, but not looked up" in outcome.out
        gateway.refuse_searches = False
        assert cli("deploy", "prod", "--yes").code == 0
        assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"
        assert retail.count("prod") == 27
