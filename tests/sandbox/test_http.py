"""What holds for every endpoint: routes, content types, sizes, connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
import requests

from tests.sandbox.client import Client
from tsdeploy.sandbox import Cluster, Server, Settings


def test_an_unknown_route_is_404_in_json(client: Client) -> None:
    response = client.post("/tags/delete", {})

    assert response.status_code == 404
    assert "error" in response.json()


def test_a_wrong_method_is_405_in_json(client: Client) -> None:
    response = client.get("/metadata/search")

    assert response.status_code == 405
    assert "error" in response.json()


def test_a_wrong_content_type_is_415(client: Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    response = client.session.post(f"{client.url}/api/rest/2.0/metadata/search", data="a=b", headers=headers)

    assert response.status_code == 415
    assert "error" in response.json()


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '"text"'])
def test_a_search_without_a_json_object_is_400(client: Client, body: str) -> None:
    headers = {"Content-Type": "application/json"}

    response = client.session.post(f"{client.url}/api/rest/2.0/metadata/search", data=body, headers=headers)

    assert response.status_code == 400


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic dHNhZG1pbg=="])
def test_without_a_good_token_it_is_401_with_code_10097(server: Server, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}

    response = requests.post(f"{server.url}/api/rest/2.0/metadata/search", json={}, headers=headers, timeout=10)

    assert response.status_code == 401
    assert response.json()["error"]["message"]["code"] == 10097


def test_a_body_over_the_limit_is_413() -> None:
    with Cluster(settings=Settings(max_body_bytes=1000)) as cluster, Server(cluster) as server:
        response = requests.post(
            f"{server.url}/api/rest/2.0/auth/token/full", json={"username": "x" * 1001}, timeout=10
        )

    assert response.status_code == 413


def test_a_body_over_the_limit_in_chunks_is_413() -> None:
    with Cluster(settings=Settings(max_body_bytes=1000)) as cluster, Server(cluster) as server:
        chunks = (b"x" * 100 for _ in range(20))
        response = requests.post(
            f"{server.url}/api/rest/2.0/auth/token/full",
            data=chunks,
            headers={"Content-Type": "application/json"},
            timeout=10,
        )

    assert response.status_code == 413


def test_a_body_in_chunks_is_read(server: Server) -> None:
    chunks = iter([b'{"username": "tsadmin",', b' "password": "tsadmin"}'])

    response = requests.post(
        f"{server.url}/api/rest/2.0/auth/token/full",
        data=chunks,
        headers={"Content-Type": "application/json"},
        timeout=10,
    )

    assert response.status_code == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"Content-Length: 100\r\n\r\nusername=tsadmin&password=tsadmin",
        b"Transfer-Encoding: chunked\r\n\r\n21\r\nusername=tsadmin",
        b"Transfer-Encoding: chunked\r\n\r\nno chunk",
    ],
)
def test_a_body_that_breaks_off_is_no_request(server: Server, begun: bytes) -> None:
    head = b"POST /callosum/v1/tspublic/v1/session/login HTTP/1.1\r\nHost: localhost\r\nX-Requested-By: ThoughtSpot\r\n"
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head + form + begun)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(4096) == b""


def test_one_connection_serves_many_requests(server: Server) -> None:
    request = b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_body_nobody_reads_does_not_spoil_the_next_request(server: Server) -> None:
    body = b'{"x": 1}'
    head = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(head.encode() + body)
            assert connection.recv(4096).startswith(b"HTTP/1.1 404")


def test_closing_ends_open_connections_and_threads(cluster: Cluster) -> None:
    before = set(threading.enumerate())
    server = Server(cluster)
    with requests.Session() as session:
        session.get(f"{server.url}/sandbox/health", timeout=10)
        server.close()

    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=10)


def test_a_port_that_is_taken_is_an_os_error(cluster: Cluster, server: Server) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(cluster, port=server.port)


def test_two_clusters_in_one_process_know_nothing_of_each_other(client: Client) -> None:
    client.post("/tags/create", {"name": "here"})
    with Cluster() as other, Server(other) as server:
        url = f"{server.url}/api/rest/2.0/tags/search"
        headers = dict(client.session.headers)
        response = requests.post(url, json={}, headers=headers, timeout=10)

    assert response.status_code == 401, "not even the token"


def test_requests_at_the_same_time_all_get_their_answer(log_in: Callable[[int], Client]) -> None:
    clients = [log_in(0) for _ in range(8)]
    seen: list[int] = []

    def work(client: Client, number: int) -> None:
        for turn in range(5):
            seen.append(client.post("/tags/create", {"name": f"tag {number}.{turn}"}).status_code)

    threads = [threading.Thread(target=work, args=(each, number)) for number, each in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [200] * 40
    assert len(clients[0].post("/tags/search", {}).json()) == 40
