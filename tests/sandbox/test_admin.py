"""The admin API: who may use it, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

TOKEN = "a long random text"


def admin(server: Server, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
    """One call of the admin API."""
    return requests.request(method, f"{server.url}/sandbox/admin/{path}", json=body, headers=headers, timeout=10)


def get(server: Server, path: str) -> Any:
    """What the admin API shows."""
    response = admin(server, "GET", path)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def guarded() -> Iterator[Server]:
    """A sandbox with an admin token."""
    with Cluster(settings=Settings(admin_token=TOKEN)) as cluster, Server(cluster) as server:
        yield server


def test_programs_on_this_machine_may_use_it(server: Server) -> None:
    assert admin(server, "GET", "clock").status_code == 200
    assert admin(server, "GET", "clock", Host=f"localhost:{server.port}").status_code == 200
    assert admin(server, "GET", "clock", Origin=server.url, Host=server.url[7:]).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "127.0.0.1.example"},
        {"Origin": "https://page.example"},
        {"Origin": "null"},
    ],
)
def test_web_pages_may_not(headers: dict[str, str], server: Server) -> None:
    assert admin(server, "GET", "clock", **headers).status_code == 403
    assert admin(server, "POST", "snapshots/x", **headers).status_code == 403
    assert get(server, "snapshots") == {"snapshots": []}


def test_with_a_token_only_who_knows_it_may(guarded: Server) -> None:
    assert admin(guarded, "GET", "clock").status_code == 401
    assert admin(guarded, "GET", "clock", **{"X-Sandbox-Admin-Token": "guess"}).status_code == 401
    known = {"X-Sandbox-Admin-Token": TOKEN, "Host": "sandbox.example"}
    assert admin(guarded, "GET", "clock", **known).status_code == 200


def test_a_bearer_token_of_thoughtspot_is_no_key_to_it(guarded: Server) -> None:
    body = {"username": "tsadmin", "secret_key": "sandbox"}
    token = requests.post(f"{guarded.url}/api/rest/2.0/auth/token/full", json=body, timeout=10).json()["token"]

    assert admin(guarded, "GET", "clock", Authorization=f"Bearer {token}").status_code == 401


def test_it_is_no_part_of_the_api_of_thoughtspot(client: Client) -> None:
    assert client.get("/sandbox/admin/clock").status_code == 404
    assert client.get("/admin/clock").status_code == 404


def test_a_form_is_refused(server: Server) -> None:
    url = f"{server.url}/sandbox/admin/clock"

    assert requests.post(url, data={"offset": 1}, timeout=10).status_code == 415


def test_the_cluster_and_its_orgs_are_shown(estate: Client, server: Server) -> None:
    shown = get(server, "cluster")

    assert (shown["name"], shown["release"]) == ("test", "26.8.0.cl-123")
    assert {org["name"]: org["objects"] for org in shown["orgs"]} == {"Primary": len(tml.ESTATE), ORG: 0}


def test_objects_are_found_by_any_part_of_their_identity(estate: Client, server: Server) -> None:
    everything = get(server, "objects")

    assert everything["total"] == len(tml.ESTATE) == len(everything["objects"])
    assert [found["name"] for found in get(server, "objects?search=sale&kind=model")["objects"]] == ["Sales"]
    assert [found["guid"] for found in get(server, f"objects?search={tml.T1[:8]}")["objects"]] == [tml.T1]
    assert get(server, f"objects?org={org_id_of(ORG)}")["total"] == 0


def test_the_characters_of_sql_patterns_mean_themselves(client: Client, server: Server) -> None:
    client.load(tml.connection(name="50%_of"), tml.connection(name="other", guid=tml.C1.replace("1", "2")))

    assert [found["name"] for found in get(server, "objects?search=%25_o")["objects"]] == ["50%_of"]
    assert get(server, "objects?search=_")["total"] == 1


def test_objects_come_in_pages(estate: Client, server: Server) -> None:
    pages = [get(server, f"objects?size=2&offset={offset}")["objects"] for offset in range(0, 6, 2)]

    assert sum(map(len, pages)) == len(tml.ESTATE)
    assert len({found["guid"] for page in pages for found in page}) == len(tml.ESTATE)


def test_an_object_has_its_tml_and_its_neighbours(estate: Client, server: Server) -> None:
    shown = get(server, f"objects/{tml.M1}")

    assert shown["tml"].startswith(f"guid: {tml.M1}\nmodel:\n")
    assert [other["name"] for other in shown["uses"]] == ["ORDERS"]
    assert {other["kind"] for other in shown["used_by"]} == {"answer", "liveboard"}
    assert admin(server, "GET", f"objects/{tml.NOWHERE}").status_code == 404


def test_tasks_are_listed(client: Client, server: Server) -> None:
    client.post("/metadata/tml/async/import", {"metadata_tmls": [tml.connection()]})

    (task,) = get(server, "tasks")["tasks"]

    assert (task["total"], task["org_id"]) == (1, 0)


def test_faults_are_added_listed_and_removed(client: Client, server: Server) -> None:
    rule = {"kind": "status", "path": "metadata/search", "status": 500}
    (first, second) = admin(server, "POST", "faults", {"faults": [rule, {"kind": "reset", "path": "x"}]}).json()["ids"]
    client.post("/metadata/search", {})

    shown = get(server, "faults")["faults"]

    assert [(fault["id"], fault["calls"], fault["happened"]) for fault in shown] == [(first, 1, 1), (second, 0, 0)]
    assert admin(server, "DELETE", f"faults/{first}").status_code == 204
    assert admin(server, "DELETE", f"faults/{first}").status_code == 404
    assert client.post("/metadata/search", {}).status_code == 200
    assert admin(server, "DELETE", "faults").status_code == 204
    assert get(server, "faults") == {"faults": []}


@pytest.mark.parametrize("rules", [[{"kind": "explosion"}], [{}], ["text"], [{"kind": "status", "code": "x"}]])
def test_faults_that_are_none_are_400(rules: list[Any], server: Server) -> None:
    assert admin(server, "POST", "faults", {"faults": rules}).status_code == 400


def test_latency_and_limits_are_set_and_shown(server: Server) -> None:
    latency = {"per_call": 5, "per_object": 1, "endpoints": [{"path": "tags/*", "per_call": 7, "per_object": 0}]}
    assert admin(server, "POST", "latency", latency).json() == latency == get(server, "latency")
    assert admin(server, "POST", "latency", {}).json() == {"per_call": 0, "per_object": 0, "endpoints": []}
    limits = {"on": True, "retry_after": True, "every_endpoint": {"per_second": 2.5, "burst": 3}}
    assert admin(server, "POST", "rate-limit", limits).json() == get(server, "rate-limit")
    assert get(server, "rate-limit")["every_endpoint"] == {"per_second": 2.5, "burst": 3}
    assert get(server, "rate-limit")["async_status"]["burst"] == 100


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("latency", {"per_call": -1}),
        ("latency", {"per_call": "slow"}),
        ("rate-limit", {"every_endpoint": {"per_second": -1}}),
        ("rate-limit", {"every_endpoint": {"per_second": "x"}}),
        ("rate-limit", {"every_endpoint": {"burst": -1}}),
        ("clock", {}),
        ("clock", {"offset": 1, "advance": 1}),
    ],
)
def test_nonsense_is_400_and_changes_nothing(path: str, body: Any, server: Server) -> None:
    before = {key: value for key, value in get(server, path).items() if key != "now"}

    assert admin(server, "POST", path, body).status_code == 400
    assert {key: value for key, value in get(server, path).items() if key != "now"} == before


def test_the_clock_is_moved_and_advanced(server: Server) -> None:
    assert admin(server, "POST", "clock", {"offset": 60_000}).json()["offset"] == 60_000
    assert admin(server, "POST", "clock", {"advance": 5_000}).json()["offset"] == 65_000
    assert get(server, "clock")["offset"] == 65_000


def test_requests_are_listed_filtered_and_forgotten(client: Client, server: Server) -> None:
    client.post("/metadata/search", {})
    client.get("/auth/session/user")

    paths = [request["path"] for request in get(server, "requests")["requests"]]

    assert paths == ["auth/token/full", "metadata/search", "auth/session/user"]
    assert [one["path"] for one in get(server, "requests?path=metadata/*")["requests"]] == ["metadata/search"]
    assert [one["path"] for one in get(server, "requests?method=GET")["requests"]] == ["auth/session/user"]
    assert [one["number"] for one in get(server, "requests?after=2")["requests"]] == [3]
    assert [one["number"] for one in get(server, "requests?size=1")["requests"]] == [3]
    assert admin(server, "DELETE", "requests").status_code == 204
    assert get(server, "requests") == {"requests": []}


def test_bodies_are_logged_on_demand(client: Client, server: Server) -> None:
    admin(server, "POST", "requests", {"keep_bodies": True})
    client.post("/metadata/search", {"record_size": 3})

    assert get(server, "requests")["requests"][-1]["body"] == {"record_size": 3}


def test_a_log_in_memory_cannot_be_saved(server: Server) -> None:
    assert admin(server, "POST", "requests/save").status_code == 400


def test_snapshots_are_saved_restored_and_deleted(client: Client, server: Server) -> None:
    client.load(tml.connection())
    assert admin(server, "POST", "snapshots/before").json()["name"] == "before"
    client.load(tml.table())

    assert admin(server, "POST", "snapshots/before/restore").status_code == 204

    assert client.names() == ["Warehouse"]
    assert [one["name"] for one in get(server, "snapshots")["snapshots"]] == ["before"]
    assert admin(server, "DELETE", "snapshots/before").status_code == 204
    assert admin(server, "POST", "snapshots/before/restore").status_code == 400
    assert admin(server, "POST", "snapshots/..").status_code in (400, 404)
