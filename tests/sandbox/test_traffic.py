"""Latency, rate limits, the clock and the log of requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of
from tsdeploy.sandbox.traffic.exchange import Answer, Incoming, Notes
from tsdeploy.sandbox.traffic.latency import Delay, Latency
from tsdeploy.sandbox.traffic.limits import Buckets, Limits, RateLimit
from tsdeploy.sandbox.traffic.log import RequestLog, sanitized

SEARCH = "metadata/search"
HOUR = 3600 * 1000


def carried(cluster: Cluster, path: str, objects: int = 0) -> list[float]:
    """The seconds that a request waits, one after the other, without waiting."""
    pauses: list[float] = []

    def application(notes: Notes) -> Answer:
        notes.objects = objects
        pauses.append(-1)
        return Answer(200, (), b"[]")

    cluster.traffic.carry(Incoming("POST", f"/api/rest/2.0/{path}", "127.0.0.1", b"{}"), application, pauses.append)
    return pauses


def test_latency_is_for_the_call_and_for_each_object(cluster: Cluster) -> None:
    cluster.traffic.latency = Latency(Delay(100, 10), (("tags/*", Delay(1)),))

    assert carried(cluster, SEARCH, objects=5) == [0, -1, 0.15]
    assert carried(cluster, "tags/search", objects=5) == [0, -1, 0.001]


def test_a_slow_answer_waits_before_the_write_or_after_it(cluster: Cluster) -> None:
    cluster.traffic.faults.add("slow", SEARCH, milliseconds=2000)
    cluster.traffic.faults.add("slow", SEARCH, milliseconds=3000, applied=True)

    assert carried(cluster, SEARCH) == [2, -1, 3]


def test_latency_comes_from_the_settings() -> None:
    with Cluster(settings=Settings(latency_per_call=20, latency_per_object=2)) as cluster:
        assert carried(cluster, SEARCH, objects=10) == [0, -1, 0.04]


def test_one_request_that_waits_does_not_hold_up_the_others(log_in: Callable[[int], Client], cluster: Cluster) -> None:
    """The first answer is given only when the second has come, so both must be under way at once."""
    first, second = log_in(0), log_in(0)
    cluster.traffic.faults.add("slow", SEARCH, milliseconds=60_000, times=1)
    waiting = threading.Thread(target=lambda: _quietly(first), daemon=True)
    waiting.start()
    while not cluster.traffic.faults.to_json()[0]["happened"]:
        continue

    assert second.post("/metadata/search", {}).status_code == 200
    assert waiting.is_alive()


def _quietly(client: Client) -> None:
    try:
        client.post("/metadata/search", {})
    except requests.RequestException:
        return  # the server closes meanwhile


def test_closing_ends_what_waits(cluster: Cluster) -> None:
    cluster.traffic.faults.add("slow", milliseconds=600_000)
    with Server(cluster) as server:
        waiting = threading.Thread(target=lambda: _ask(server.url), daemon=True)
        waiting.start()
        while not cluster.traffic.faults.to_json()[0]["happened"]:
            continue

    waiting.join(10)
    assert not waiting.is_alive()


def _ask(url: str) -> None:
    try:
        requests.get(f"{url}/api/rest/2.0/system", timeout=10)
    except requests.RequestException:
        return  # the server closes meanwhile


@pytest.fixture
def limited(cluster: Cluster, client: Client) -> Iterator[Client]:
    """A client that may ask three times at once, and once an hour."""
    slow = RateLimit(per_second=1 / 3600, burst=3)
    cluster.traffic.limits = Limits(on=True, every_endpoint=slow, async_status=RateLimit(1 / 3600, 1))
    yield client


def test_beyond_the_burst_it_is_429(limited: Client) -> None:
    found = [limited.post("/metadata/search", {}) for _ in range(4)]

    assert [response.status_code for response in found] == [200, 200, 200, 429]
    assert "Retry-After" not in found[3].headers
    assert "error" in found[3].json()


def test_retry_after_is_a_switch(limited: Client, cluster: Cluster) -> None:
    cluster.traffic.limits = Limits(on=True, retry_after=True, every_endpoint=RateLimit(per_second=0.5, burst=1))

    responses = [limited.post("/metadata/search", {}) for _ in range(2)]

    assert responses[1].headers["Retry-After"] == "2"


def test_the_status_of_async_imports_has_a_limit_of_its_own(limited: Client) -> None:
    found = [limited.post("/metadata/tml/async/status", {}).status_code for _ in range(2)]

    assert found == [200, 429]
    assert limited.post("/metadata/search", {}).status_code == 200


def test_the_sandbox_itself_is_not_limited(limited: Client) -> None:
    pages = [requests.get(f"{limited.url}/sandbox/admin/clock", timeout=10).status_code for _ in range(9)]

    assert pages == [200] * 9


def test_limits_are_off_unless_asked_for(client: Client) -> None:
    assert {client.post("/metadata/search", {}).status_code for _ in range(30)} == {200}


@given(st.lists(st.floats(0, 0.2), max_size=80))
def test_no_more_pass_than_the_rate_and_the_burst_allow(gaps: list[float]) -> None:
    now = 0.0
    buckets = Buckets(monotonic=lambda: now)
    limits = Limits(on=True, every_endpoint=RateLimit(per_second=20, burst=5))
    passed = 0
    for gap in gaps:
        now += gap
        passed += not buckets.wait(limits, "127.0.0.1", SEARCH)

    assert passed <= 5 + 20 * now + 1e-6
    assert passed >= min(len(gaps), 5)


def test_the_clock_moves_the_date_and_the_times_of_tokens(client: Client, cluster: Cluster) -> None:
    cluster.clock.move(-24 * HOUR)

    response = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"})

    shown = parsedate_to_datetime(response.headers["Date"]).timestamp() * 1000
    assert abs(shown - response.json()["creation_time_in_millis"]) < HOUR
    assert abs(shown - (cluster.clock.peek())) < HOUR
    cluster.clock.move(0)
    assert cluster.clock.peek() - shown > 23 * HOUR


def test_tokens_expire_when_the_clock_goes_on(client: Client, cluster: Cluster) -> None:
    assert client.post("/metadata/search", {}).status_code == 200
    cluster.clock.move(HOUR)

    assert client.post("/metadata/search", {}).status_code == 401


def test_the_log_says_who_asked_what_and_what_came_of_it(log_in: Callable[[int], Client], cluster: Cluster) -> None:
    client = log_in(org_id_of(ORG))
    client.load(tml.connection(), tml.table())

    (request,) = cluster.traffic.requests.of("metadata/tml/import")

    assert (request.method, request.caller, request.org_id, request.status) == ("POST", "tsadmin", org_id_of(ORG), 200)
    assert (request.objects, request.fault, request.body) == (2, "", None)
    assert request.received > 200
    assert request.sent > 200


def test_the_log_counts_the_objects_of_an_answer(estate: Client, cluster: Cluster) -> None:
    estate.search(metadata=[{"type": "LOGICAL_TABLE"}])

    assert cluster.traffic.requests.of(SEARCH)[-1].objects == 2


def test_the_log_knows_of_faults_and_of_what_is_no_route(client: Client, cluster: Cluster) -> None:
    rule = cluster.traffic.faults.add("status", SEARCH, status=500)
    client.post("/metadata/search", {})
    client.post("/nowhere", {})

    failed, lost = cluster.traffic.requests.all()[-2:]

    assert (failed.status, failed.fault) == (500, rule)
    assert (lost.status, lost.path) == (404, "nowhere")


def test_the_log_keeps_bodies_when_it_is_told_to_and_never_a_secret(client: Client, cluster: Cluster) -> None:
    cluster.traffic.requests.keep_bodies = True
    client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox", "org_id": 0})
    client.post("/auth/token/revoke", {"token": "nonsense"})

    bodies = [request.body for request in cluster.traffic.requests.all()[-2:]]

    assert bodies == [{"username": "tsadmin", "secret_key": "***", "org_id": 0}, {"token": "***"}]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON, st.sampled_from(["password", "secret_key", "access_token", "privateKey", "Authorization-Token"]))
def test_nothing_below_the_name_of_a_secret_is_kept(value: Any, key: str) -> None:
    told = {"list": [{key: ["s3cr3t", {"deep": value}]}], "other": value}

    kept = sanitized("", told)

    assert "s3cr3t" not in json.dumps(kept)
    assert kept["other"] == sanitized("", value)


def test_the_log_forgets_the_oldest() -> None:
    with Cluster() as cluster:
        cluster.traffic.requests = RequestLog(size=3)
        for number in range(5):
            carried(cluster, f"tags/{number}")

        assert [request.path for request in cluster.traffic.requests.all()] == ["tags/2", "tags/3", "tags/4"]
        cluster.traffic.requests.clear()
        assert cluster.traffic.requests.all() == ()


def test_the_log_is_written_as_lines_of_json(cluster: Cluster, tmp_path: Path) -> None:
    for path in (SEARCH, "tags/search"):
        carried(cluster, path)

    assert cluster.traffic.requests.save(tmp_path / "log") == 2
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [json.loads(line)["path"] for line in lines] == [SEARCH, "tags/search"]
