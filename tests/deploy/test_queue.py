"""Imports in the server's queue: an answer that comes late, or to a process that is no more."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.killing import start_deploy
from tests.deploy.liar import lying
from tests.deploy.release import RETAIL, assert_whole, exported
from tsdeploy.deploy.queue import Queue, StillRunningError
from tsdeploy.errors import RestError
from tsdeploy.rest import ImportPolicy, UnknownOutcomeError
from tsdeploy.sandbox.traffic.log import RequestLog
from tsdeploy.sessions import connect

FIRST = 23
"""Objects of the first call of a first deploy of the retail samples."""
IMPORT, STATUS = "metadata/tml/async/import", "metadata/tml/async/status"
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


def queued(estate: Estate, cli: Cli, more: str = "", milliseconds: int = 60) -> RequestLog:
    """A release that goes through prod's queue, which takes so long for each object; what prod is asked."""
    exported(estate, cli)
    cluster = estate.clusters["prod"]
    cluster.settings = replace(cluster.settings, import_object_ms=milliseconds)
    text = environment_yaml(estate.servers["prod"].url, f"source: dev\n{more}")
    text += "deploy: {async_from: 5, async_poll: 0.05, async_deadline: 20}\n"
    estate.write("environments/prod/environment.yaml", text)
    estate.commit("queue")
    return cluster.traffic.requests


def sent(log: RequestLog) -> int:
    """How often the objects of the first call were put into the queue."""
    return sum(request.objects == FIRST for request in log.of(IMPORT))


@pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows")
@pytest.mark.parametrize(("moment", "new_guids"), [(IMPORT, "server"), (STATUS, "derived")])
def test_task_of_a_killed_run_is_waited_for(moment: str, new_guids: str, retail: Estate, cli: Cli) -> None:
    """Killed when the task's id is known, and when the answer with it is still on its way."""
    log = queued(retail, cli, f"new_guids: {new_guids}\n")
    retail.clusters["prod"].traffic.faults.add("slow", IMPORT, milliseconds=500, applied=True, times=1)
    process = start_deploy(retail)
    while not retail.clusters["prod"].tasks.active() or (moment == STATUS and not log.of(STATUS)):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert retail.clusters["prod"].tasks.active() == 1
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "23 objects of it may still be in the server's queue; waiting for that to end" in outcome.err
    assert "23 of 23 objects that it left open are there" in outcome.err
    assert sent(log) == 1
    assert_whole(retail, cli, RETAIL)


def test_task_that_is_not_over_is_neither_doubled_nor_given_up(retail: Estate, cli: Cli) -> None:
    log = queued(retail, cli, "new_guids: server\n", milliseconds=50)
    path = retail.project.root / "environments/prod/environment.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("async_deadline: 20", "async_deadline: 0.1"), "utf-8")
    retail.commit("hurry")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 5
    assert "23 unknown, 3 not sent." in outcome.out
    assert "error[TD631]" in outcome.err
    # The next run does not even plan as long as the server works on it.
    again = cli("deploy", "prod", "--yes")
    assert (again.code, again.out) == (1, "")
    assert "error[TD631]" in again.err
    path.write_text(text, "utf-8")
    retail.commit("patience")
    assert cli("deploy", "prod", "--yes").code == 0
    assert sent(log) == 1
    assert_whole(retail, cli, RETAIL)


def test_answer_with_the_task_is_lost(retail: Estate, cli: Cli) -> None:
    log = queued(retail, cli, milliseconds=10)
    retail.clusters["prod"].traffic.faults.add("reset", IMPORT, applied=True, times=1)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert sent(log) == 1
    assert_whole(retail, cli, RETAIL)


def test_server_that_cannot_be_asked_leaves_the_task_open(retail: Estate, cli: Cli) -> None:
    log = queued(retail, cli, milliseconds=10)
    retail.clusters["prod"].traffic.faults.add("status", STATUS, status=403, code=10023)
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code in (0, 5)
    retail.clusters["prod"].traffic.faults.clear()
    assert cli("deploy", "prod", "--yes").code == 0
    assert sent(log) == 1
    assert_whole(retail, cli, RETAIL)


def test_task_that_the_server_no_longer_lists_is_over(retail: Estate) -> None:
    with retail.session("prod") as session:
        queue = Queue(session, deadline=0.05, poll=0.01)
        queue.outlast("00000000-0000-4000-8000-000000000000", 1, age=61)
        with pytest.raises(StillRunningError):
            queue.outlast("00000000-0000-4000-8000-000000000000", 1, age=0)
        queue.outlast("", 1)
        items = queue.publish(["nonsense"], ImportPolicy.ALL_OR_NONE, lambda _: None)
        assert [item.status.value for item in items] == ["ERROR"]


FAILED = {"task_status": "FAILED"}


@pytest.mark.parametrize(
    ("path", "more", "error", "said"),
    [
        (IMPORT, FAILED, RestError, "was not taken into the queue"),
        (IMPORT, {"task_id": ""}, UnknownOutcomeError, "names no task"),
        (STATUS, FAILED | {"import_response": None}, UnknownOutcomeError, "ended as FAILED, and says nothing"),
    ],
)
def test_queue_that_does_not_say_what_became_of_an_import(
    path: str, more: dict[str, object], error: type[RestError], said: str, retail: Estate
) -> None:
    """A queue that is full certainly did nothing; with the others nobody can tell."""
    dev = retail.project.environment("dev")
    with lying(dev.url) as liar, connect(replace(dev, url=liar.url)) as session:
        liar.answer = lambda asked, _, answer: _with(answer, more) if asked == path else answer
        with pytest.raises(RestError, match=said) as caught:
            Queue(session, deadline=5.0, poll=0.01).publish(["nonsense"], ImportPolicy.ALL_OR_NONE, lambda _: None)
    assert type(caught.value) is error


def _with(answer: dict[str, Any], more: dict[str, object]) -> dict[str, Any]:
    """An answer about tasks with something else in each."""
    if "status_list" in answer:
        return {**answer, "status_list": [{**task, **more} for task in answer["status_list"]]}
    return {**answer, **more}
