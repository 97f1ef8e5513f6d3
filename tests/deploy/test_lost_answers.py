"""A write that got no answer is looked up, never sent again blindly."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.sandbox.traffic.faults import Faults
from tsdeploy.sandbox.traffic.log import RequestLog

PUBLISH: dict[str, Any] = {"path": "metadata/tml/import", "where": {"import_policy": "ALL_OR_NONE"}}
BATCHES = 4
"""Publishing calls of a first deploy of the retail samples: objects, feedback, alert, collection."""


def faults_of(estate: Estate) -> Faults:
    """What goes wrong in prod."""
    return estate.clusters["prod"].traffic.faults


def published(log: RequestLog) -> int:
    """How many imports were to write."""
    bodies = (request.body or {} for request in log.of("metadata/tml/import"))
    return sum(body["import_policy"] != "VALIDATE_ONLY" for body in bodies)


def requests_to(estate: Estate) -> RequestLog:
    """What prod is asked from now on."""
    log = estate.clusters["prod"].traffic.requests
    log.keep_bodies = True
    return log


def test_import_whose_answer_was_lost_is_found_done(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    lost = faults_of(retail).add("reset", **PUBLISH, applied=True, times=1)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "the answer was lost; looking at what is there" in outcome.err
    assert faults_of(retail).happened(lost) == 1
    assert published(asked) == BATCHES
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def test_import_that_never_arrived_is_a_failure_and_the_next_run_does_it(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    faults_of(retail).add("reset", **PUBLISH, times=1)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD409]" in outcome.err
    assert published(asked) == 1
    assert retail.count("prod") == 1
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def test_identities_are_recorded_before_anything_is_looked_up(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    text = environment_yaml(retail.servers["prod"].url, "source: dev\nnew_guids: server\n")
    retail.write("environments/prod/environment.yaml", text)
    retail.commit()
    publish = faults_of(retail).add("nothing", **PUBLISH)
    faults_of(retail).add("status", "metadata/search", status=404, after=publish)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 5
    assert "liveboard:Store Performance: unknown: published, but not looked up" in outcome.out
    faults_of(retail).clear()
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"
    assert retail.count("prod") == 27
