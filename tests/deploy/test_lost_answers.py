"""A write that got no answer is looked up, and sent once more only when that proves that nothing was carried out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import Body, lying
from tsdeploy.rest import ImportPolicy, import_tml
from tsdeploy.sandbox.traffic.faults import Faults
from tsdeploy.sandbox.traffic.log import RequestLog
from tsdeploy.sessions import connect

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


def test_import_that_never_arrived_is_validated_again_and_sent_once_more(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    faults_of(retail).add("reset", **PUBLISH, times=1)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "info[TD632]" in outcome.err
    assert published(asked) == BATCHES + 1
    policies = [(request.body or {})["import_policy"] for request in asked.of("metadata/tml/import")]
    assert policies[:4] == ["VALIDATE_ONLY", "ALL_OR_NONE", "VALIDATE_ONLY", "ALL_OR_NONE"]
    assert "TD632" in cli("history", "prod", "latest").out
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


@pytest.mark.parametrize(
    ("settings", "times", "calls"),
    [
        ("", 2, 2),
        ("deploy: {resend_within: 0}\n", 1, 1),
        # The server was to name the objects: sent twice, they might be there twice.
        ("new_guids: server\n", 1, 1),
    ],
)
def test_import_that_is_not_sent_again_is_a_failure(
    settings: str, times: int, calls: int, retail: Estate, cli: Cli
) -> None:
    cli("export", "dev")
    text = environment_yaml(retail.servers["prod"].url, f"source: dev\n{settings}")
    retail.write("environments/prod/environment.yaml", text)
    retail.commit()
    asked = requests_to(retail)
    faults_of(retail).add("reset", **PUBLISH, times=times)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD409]" in outcome.err
    assert published(asked) == calls
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
    assert "! 23 objects: unknown: published, but not looked up" in outcome.out
    faults_of(retail).clear()
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"
    assert retail.count("prod") == 27


def test_import_that_arrives_late_is_found_before_it_is_sent_again(retail: Estate, cli: Cli) -> None:
    """It is lost between a proxy and the server, which gets it while the objects are validated once more."""
    cli("export", "dev")
    prod = retail.project.environment("prod")
    late: list[Body] = []

    def ask(path: str, body: Body) -> Body:
        if path == "metadata/tml/import" and body["import_policy"] == "ALL_OR_NONE" and not late:
            late.append(body)
            return {**body, "import_policy": "VALIDATE_ONLY"}
        if path == "metadata/tml/import" and len(late) == 1:
            with connect(prod) as session:
                late.append({"answers": import_tml(session, late[0]["metadata_tmls"], ImportPolicy.ALL_OR_NONE)})
        return body

    with lying(retail.servers["prod"].url) as liar:
        retail.write("environments/prod/environment.yaml", environment_yaml(liar.url, "source: dev\n"))
        retail.commit()
        liar.ask = ask
        liar.answer = lambda path, body, answer: {"lost": True} if late and body is late[0] else answer
        outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "the answer was lost; looking at what is there" in outcome.err
    assert "TD632" not in outcome.err
    assert sum(body.get("metadata_tmls") == late[0]["metadata_tmls"] for _, body in liar.asked) == 3
    assert retail.count("prod") == 27
