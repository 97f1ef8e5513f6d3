"""Asynchronous imports: their states, times, results, and what happens to too many of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client, code, message, status
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

BAD = "this: [is no TML"
FOR_EVER = 3_600_000

SERVE = """
import sys
from pathlib import Path
from tsdeploy.sandbox import Cluster, Server

with Cluster(Path(sys.argv[1])) as cluster, Server(cluster) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


def send(client: Client, *texts: str, **options: Any) -> dict[str, Any]:
    """Put an import into the queue; the task."""
    body = {"metadata_tmls": list(texts), **options}
    task: dict[str, Any] = conforms(client.post("/metadata/tml/async/import", body), "async_task")
    return task


def tasks(client: Client, **body: Any) -> list[dict[str, Any]]:
    """The tasks that a status call shows."""
    found: list[dict[str, Any]] = conforms(client.post("/metadata/tml/async/status", body), "async_status")[
        "status_list"
    ]
    return found


def ended(client: Client, task: dict[str, Any]) -> dict[str, Any]:
    """A task once it is COMPLETED or FAILED, with its results."""
    while True:
        (found,) = tasks(client, task_ids=[task["task_id"]], include_import_response=True)
        if found["task_status"] in ("COMPLETED", "FAILED"):
            return found
        time.sleep(0.01)


@contextmanager
def running(path: Path | None = None, **settings: Any) -> Iterator[Client]:
    """A cluster of its own, and a client of it."""
    with Cluster(path, Settings(**settings)) as cluster, Server(cluster) as server, logged_in(server.url) as client:
        yield client


def stuck_cluster(path: Path | None = None, **settings: Any) -> AbstractContextManager[Client]:
    """A cluster whose first task is never done."""
    return running(path, import_object_ms=FOR_EVER, **settings)


@contextmanager
def logged_in(url: str) -> Iterator[Client]:
    """A client of a cluster."""
    with requests.Session() as session:
        client = Client(url, session)
        body = {"username": "tsadmin", "password": "tsadmin"}
        session.headers["Authorization"] = f"Bearer {client.post('/auth/token/full', body).json()['token']}"
        yield client


def test_the_answer_is_a_task_in_the_queue_without_times(client: Client) -> None:
    task = send(client, tml.connection(), BAD)

    assert (task["task_status"], task["import_policy"], task["total_object_count"]) == ("IN_QUEUE", "PARTIAL_OBJECT", 2)
    assert task["created_at"] is task["completed_at"] is task["object_processed_count"] is None


def test_completed_is_not_success_and_results_come_when_asked_for(client: Client) -> None:
    done = ended(client, send(client, tml.connection(), BAD))

    assert done["task_status"] == "COMPLETED"
    good, bad = done["import_response"]["object"]
    assert (status(good), good["filename"], good["zip_filename"]) == ("OK", "tml_0", "zip_tml_0")
    assert message(bad) == "Invalid YAML/JSON syntax in file."
    assert client.names() == ["Warehouse"]
    assert tasks(client)[0]["import_response"] is None


def test_times_follow_each_other(client: Client) -> None:
    done = ended(client, send(client, tml.connection()))

    assert done["created_at"] < done["in_progress_at"] < done["completed_at"] == done["modified_at"]
    assert done["object_processed_count"] == done["total_object_count"] == 1


def test_the_policy_is_kept(client: Client) -> None:
    done = ended(client, send(client, tml.connection(), BAD, import_policy="ALL_OR_NONE"))

    assert done["import_policy"] == "ALL_OR_NONE"
    assert client.names() == []


def test_a_bad_visualization_is_dropped_by_default(estate: Client) -> None:
    two = (("Viz_1", "[AMOUNT]", tml.V1), ("Viz_2", "[No such column]", ""))

    done = ended(estate, send(estate, tml.liveboard(vizzes=two)))

    assert status(done["import_response"]["object"][0]) == "WARNING"
    assert "Viz_2" not in estate.edoc(tml.L1)


def test_one_task_runs_and_the_others_wait() -> None:
    with stuck_cluster() as client:
        first, second = send(client, tml.connection()), send(client, tml.connection("Lake", tml.NOWHERE))
        while tasks(client, task_ids=[first["task_id"]])[0]["task_status"] == "IN_QUEUE":
            time.sleep(0.01)

        newest, oldest = tasks(client)

        assert (newest["task_id"], newest["task_status"]) == (second["task_id"], "IN_QUEUE")
        assert (oldest["task_id"], oldest["task_status"]) == (first["task_id"], "IN_PROGRESS")
        assert newest["in_progress_at"] is None
        assert oldest["in_progress_at"] is not None
        assert client.names() == []
        assert tasks(client, task_status="IN_QUEUE") == [newest]


def test_the_hundred_and_first_task_fails_at_once() -> None:
    with stuck_cluster() as client:
        states = [send(client, tml.connection(f"C{number}", guid=""))["task_status"] for number in range(101)]

        assert states == ["IN_QUEUE"] * 100 + ["FAILED"]
        assert tasks(client, task_status="FAILED", include_import_response=True)[0]["import_response"] is None


@pytest.mark.parametrize(
    "again",
    [
        tml.connection("Renamed"),
        tml.connection("Renamed", guid="", obj_id="warehouse"),
        tml.connection("Renamed", guid=tml.NOWHERE, obj_id="warehouse"),
    ],
)
def test_of_two_tasks_with_one_object_the_later_fails_with_a_version_conflict(again: str, tmp_path: Path) -> None:
    path = tmp_path / "cluster.sqlite"
    with stuck_cluster(path) as client:
        client.load(tml.connection())
        client.post("/metadata/update-obj-id", {"metadata": {"metadata_identifier": tml.C1, "new_obj_id": "warehouse"}})
        first = send(client, tml.connection("First"), BAD)
        second = send(client, again)

    with running(path) as client:
        assert ended(client, first)["task_status"] == "COMPLETED"
        failed = ended(client, second)

        assert failed["task_status"] == "FAILED"
        assert code(failed["import_response"]["object"][0]) == 14009
        assert client.names() == ["First"]


def test_what_waited_and_what_ran_is_done_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "cluster.sqlite"
    with stuck_cluster(path) as client:
        sent = [send(client, tml.connection()), send(client, tml.connection("Lake", tml.NOWHERE))]
        while tasks(client, task_status="IN_PROGRESS") == []:
            time.sleep(0.01)

    with running(path) as client:
        assert [ended(client, task)["task_status"] for task in sent] == ["COMPLETED", "COMPLETED"]
        assert client.names() == ["Lake", "Warehouse"]


def test_a_killed_cluster_has_all_of_a_task_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cluster.sqlite"
    batches = [[tml.connection(f"C{task}.{number}", guid="") for number in range(40)] for task in range(8)]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        with logged_in(process.stdout.readline().strip()) as client:
            sent = [send(client, *batch, import_policy="ALL_OR_NONE") for batch in batches]
        process.kill()

    with Cluster(path) as cluster:
        done = {task.id for task in cluster.tasks.in_org(0) if task.status == "COMPLETED"}
        written = {item.name.partition(".")[0] for item in cluster.objects.in_org(0)}
        whole = {
            name for name in written if sum(i.name.startswith(f"{name}.") for i in cluster.objects.in_org(0)) == 40
        }
        assert written == whole == {f"C{number}" for number, task in enumerate(sent) if task["task_id"] in done}

    with running(path) as client:
        assert [ended(client, task)["task_status"] for task in sent] == ["COMPLETED"] * 8
        assert len(client.names()) == 320


def test_a_page_of_more_than_fifty_is_400(client: Client) -> None:
    conforms(client.post("/metadata/tml/async/status", {"record_size": 50}), "async_status")
    refused(client.post("/metadata/tml/async/status", {"record_size": 51}), 400, 10002)


def test_five_tasks_are_a_page_unless_told_otherwise() -> None:
    with stuck_cluster() as client:
        for number in range(7):
            send(client, tml.connection(f"C{number}", guid=""))

        page = client.post("/metadata/tml/async/status", {}).json()
        rest = client.post("/metadata/tml/async/status", {"record_offset": 5}).json()

        assert (len(page["status_list"]), page["last_batch"]) == (5, False)
        assert (len(rest["status_list"]), rest["last_batch"]) == (2, True)


def test_only_the_current_org_is_shown(log_in: Callable[[int], Client]) -> None:
    send(log_in(0), tml.connection())

    assert tasks(log_in(org_id_of(ORG))) == []


def test_tasks_of_another_author_are_left_out(client: Client) -> None:
    send(client, tml.connection())

    assert tasks(client, author_identifier="nobody") == []
    assert len(tasks(client, author_identifier="tsadmin")) == 1


def test_only_an_administrator_sees_the_tasks_of_others(client: Client, log_in_as: Callable[..., Client]) -> None:
    add_group(client, "Loaders", "DATAMANAGEMENT")
    for name in ("anna", "ben"):
        add_user(client, name, groups=["Loaders"])
    anna, ben = log_in_as("anna"), log_in_as("ben")
    send(anna, tml.connection())

    assert [task["author_display_name"] for task in tasks(anna)] == ["anna"]
    assert tasks(ben) == []
    assert len(tasks(client)) == len(tasks(client, author_identifier="anna")) == 1


def test_before_10_4_there_is_no_such_route() -> None:
    with stuck_cluster(release="10.3.0.cl") as client:
        assert client.post("/metadata/tml/async/import", {"metadata_tmls": []}).status_code == 404
