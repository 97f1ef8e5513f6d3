"""What goes wrong on purpose: each kind of fault, and when it happens."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.errors import UsageError
from tsdeploy.sandbox import Cluster
from tsdeploy.sandbox.traffic.faults import Faults

SEARCH = "metadata/search"


@pytest.fixture
def faults(cluster: Cluster) -> Faults:
    """What goes wrong in the cluster."""
    return cluster.traffic.faults


def search(client: Client) -> requests.Response:
    """One request."""
    return client.post("/metadata/search", {})


def statuses(client: Client, count: int) -> list[int]:
    """The answers to so many requests."""
    return [search(client).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("status", "shape"),
    [(400, "a"), (401, "b"), (403, "b"), (404, "c"), (409, "c"), (429, "c"), (500, "a"), (501, "a")],
)
def test_a_status_has_the_body_that_belongs_to_it(status: int, shape: str, client: Client, faults: Faults) -> None:
    faults.add("status", SEARCH, status=status)

    response = search(client)

    assert response.status_code == status
    message = response.json()["error"]["message"]
    found = "b" if "code" in message else "a" if isinstance(message["debug"], dict) else "c"
    assert found == shape


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_load_balancer_answers_in_html(status: int, client: Client, faults: Faults) -> None:
    faults.add("status", SEARCH, status=status)

    response = search(client)

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_status_may_have_a_code_and_a_message_of_its_own(client: Client, faults: Faults) -> None:
    faults.add("status", SEARCH, status=500, code=14009, message="VERSION_CONFLICT")

    debug = search(client).json()["error"]["message"]["debug"]

    assert (debug["code"], debug["debug"]) == (14009, '["VERSION_CONFLICT"]')


def test_retry_after_is_sent_as_it_is_given(client: Client, faults: Faults) -> None:
    faults.add("status", SEARCH, status=429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")

    assert search(client).headers["Retry-After"] == "Wed, 21 Oct 2026 07:28:00 GMT"


def test_a_v1_route_fails_with_the_body_of_v1(client: Client, faults: Faults) -> None:
    faults.add("status", "callosum/*", status=500)

    body = client.session.get(f"{client.url}/callosum/v1/tspublic/v1/session/info", timeout=10).json()

    assert set(body) == {"code", "incident_id_guid", "trace_id_guid", "debug"}


def test_a_reset_before_the_write_leaves_nothing(client: Client, faults: Faults) -> None:
    faults.add("reset", "metadata/tml/import", times=1)

    with pytest.raises(requests.ConnectionError):
        client.load(tml.connection())

    assert client.names() == []


def test_a_reset_after_the_write_leaves_what_was_written(client: Client, faults: Faults) -> None:
    faults.add("reset", "metadata/tml/import", applied=True, times=1)

    with pytest.raises(requests.ConnectionError):
        client.load(tml.connection())

    assert client.names() == ["Warehouse"]


def test_a_gateway_may_give_up_after_the_write(client: Client, faults: Faults) -> None:
    faults.add("status", "metadata/tml/import", status=504, applied=True)

    response = client.post("/metadata/tml/import", {"metadata_tmls": [tml.connection()]})

    assert response.status_code == 504
    assert client.names() == ["Warehouse"]


def test_a_truncated_answer_ends_in_the_middle(client: Client, faults: Faults) -> None:
    faults.add("truncate", SEARCH, size=1, times=1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="1 bytes read"):
        search(client)

    assert search(client).status_code == 200


def test_a_wrong_content_type_leaves_the_body(client: Client, faults: Faults) -> None:
    faults.add("content_type", SEARCH, content_type="text/plain")

    response = search(client)

    assert (response.headers["Content-Type"], response.json()) == ("text/plain", [])


def test_broken_json_has_its_length_and_cannot_be_read(client: Client, faults: Faults) -> None:
    faults.add("broken_json")

    for response in (search(client), client.post("/tags/x/delete"), client.post("/auth/session/logout")):
        with pytest.raises(requests.exceptions.JSONDecodeError):
            response.json()


@pytest.mark.parametrize("status", [200, 503])
def test_maintenance_is_an_html_page(status: int, client: Client, faults: Faults) -> None:
    faults.add("maintenance", status=status)

    response = search(client)

    assert response.status_code == status
    assert "Site Maintenance" in response.text
    assert response.headers["Content-Type"].startswith("text/html")


def test_an_expired_token_is_401_and_the_next_call_works(client: Client, faults: Faults) -> None:
    faults.add("expired_token", SEARCH, times=1)

    first, second = search(client), search(client)

    assert (first.status_code, first.json()["error"]["message"]["code"]) == (401, 10097)
    assert second.status_code == 200


def test_one_object_of_an_export_fails_inside_an_answer_that_is_200(estate: Client, faults: Faults) -> None:
    faults.add("item", object="Sales")

    good, bad = estate.export(tml.T1, tml.M1)

    assert (good["info"]["status"]["status_code"], bad["info"]["status"]["status_code"]) == ("OK", "ERROR")
    assert (bad["edoc"], bad["info"]["name"]) == (None, "Sales")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"nth": 2}, [200, 500, 200, 200]),
        ({"every": 2}, [200, 500, 200, 500]),
        ({"times": 2}, [500, 500, 200, 200]),
        ({"probability": 0.0}, [200, 200, 200, 200]),
        ({"method": "GET"}, [200, 200, 200, 200]),
        ({"where": {"record_size": 1}}, [200, 200, 200, 200]),
        ({"path": "metadata/tml/*"}, [200, 200, 200, 200]),
        ({"path": "metadata/*"}, [500, 500, 500, 500]),
    ],
)
def test_a_rule_says_which_calls_it_is_about(
    options: dict[str, Any], expected: list[int], client: Client, faults: Faults
) -> None:
    faults.add("status", **{"path": SEARCH, "status": 500, **options})

    assert statuses(client, 4) == expected


def test_a_body_decides_with_one_of_several_values(client: Client, faults: Faults) -> None:
    faults.add("status", SEARCH, status=500, where={"record_size": [1, 2]})

    assert [client.post("/metadata/search", {"record_size": size}).status_code for size in (1, 2, 3)] == [500, 500, 200]


def test_chance_is_the_same_in_every_run(client: Client, faults: Faults) -> None:
    def run() -> list[int]:
        rule = faults.add("status", SEARCH, status=500, probability=0.5, seed=7)
        found = statuses(client, 12)
        faults.remove(rule)
        return found

    first = run()

    assert run() == first
    assert set(first) == {200, 500}


def test_a_rule_waits_for_another_one(client: Client, faults: Faults) -> None:
    publish = faults.add("nothing", "metadata/tml/import", where={"import_policy": "ALL_OR_NONE"})
    faults.add("status", SEARCH, status=500, after=publish)

    assert search(client).status_code == 200
    client.items(tml.connection(), policy="VALIDATE_ONLY")
    assert search(client).status_code == 200
    client.load(tml.connection())
    assert search(client).status_code == 500
    assert faults.happened(publish) == 1


def test_rules_are_taken_away(client: Client, faults: Faults) -> None:
    rule = faults.add("status", status=500)

    assert search(client).status_code == 500
    assert faults.remove(rule)
    assert not faults.remove(rule)
    assert search(client).status_code == 200
    faults.add("status", status=500)
    faults.clear()
    assert search(client).status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "explosion"},
        {"kind": "status", "stauts": 500},
        {"kind": "status", "status": "500"},
        {"kind": "status", "status": True},
        {"kind": "status", "times": -1},
        {"kind": "status", "probability": 2},
        {"kind": "status", "where": "x"},
    ],
)
def test_what_is_no_rule_is_refused(rule: dict[str, Any], faults: Faults) -> None:
    with pytest.raises(UsageError, match="TD810"):
        faults.add(**rule)

    assert faults.to_json() == []
