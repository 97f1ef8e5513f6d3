"""Clients that are slow, large or many on purpose."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tsdeploy.sandbox import Cluster, Server, Settings
from tsdeploy.sandbox.web.reading import HEAD_SECONDS, IDLE_SECONDS, Paced


@dataclass
class Clock:
    """A time that is set by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Line:
    """A connection, what reads from it, and its clock."""

    client: socket.socket
    paced: Paced
    reader: io.BufferedReader[Paced]
    clock: Clock


@pytest.fixture
def line() -> Iterator[Line]:
    """Both ends of a connection in this process."""
    client, server = socket.socketpair()
    clock = Clock()
    paced = Paced(server, clock)
    with client, server, io.BufferedReader(paced) as reader:
        yield Line(client, paced, reader, clock)


def connect(server: Server) -> socket.socket:
    """A connection to a sandbox."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def test_a_head_that_comes_byte_by_byte_runs_out_of_time(line: Line) -> None:
    line.paced.expect_head()
    line.client.sendall(b"G")
    assert line.reader.read1(10) == b"G"
    line.clock.now += HEAD_SECONDS / 2
    line.client.sendall(b"E")
    assert line.reader.read1(10) == b"E"
    line.clock.now += HEAD_SECONDS / 2
    line.client.sendall(b"T")

    with pytest.raises(TimeoutError):
        line.reader.read1(10)


def test_a_connection_may_wait_between_requests(line: Line) -> None:
    line.paced.expect_head()
    line.clock.now += IDLE_SECONDS - 1
    line.client.sendall(b"GET")

    assert line.reader.read1(10) == b"GET"
    line.clock.now += HEAD_SECONDS - 1
    line.client.sendall(b" /")
    assert line.reader.read1(10) == b" /"


def test_a_connection_does_not_wait_for_ever(line: Line) -> None:
    line.paced.expect_head()
    line.clock.now += IDLE_SECONDS
    line.client.sendall(b"GET")

    with pytest.raises(TimeoutError):
        line.reader.read1(10)


def test_a_body_has_time_for_its_size(line: Line) -> None:
    line.paced.expect_body(50_000_000)
    line.clock.now += 1000
    line.client.sendall(b"x")
    assert line.reader.read1(10) == b"x"
    line.clock.now += 1000
    with pytest.raises(TimeoutError):
        line.reader.read1(10)


def test_a_head_without_end_is_refused(line: Line) -> None:
    line.paced.expect_head()
    with pytest.raises(http.client.HTTPException):
        for _ in range(100):
            line.client.sendall(b"x" * 4096)
            line.reader.read1(4096)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /%s HTTP/1.1\r\n\r\n" % (b"x" * 70_000), b"414"),
        (b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (b"x" * 70_000), b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X: %s\r\n" % (b"y" * 5000) * 50 + b"\r\n", b"431"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
    ids=["long path", "long header", "many headers", "large head", "version", "nonsense"],
)
def test_a_head_that_is_wrong_is_refused(head: bytes, status: bytes, server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(head)

        assert status in connection.recv(4096).split(b"\r\n")[0]


def test_one_client_too_many_is_told_to_come_back() -> None:
    settings = Settings(max_connections=2)
    with Cluster(settings=settings) as cluster, Server(cluster) as server:
        first, second = connect(server), connect(server)
        for connection in (first, second):
            connection.sendall(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        with connect(server) as third:
            assert third.recv(4096).startswith(b"HTTP/1.1 503")
        first.close()
        second.close()


def test_the_server_listens_on_loopback_unless_told_otherwise(server: Server) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}"


def test_a_client_that_leaves_in_the_middle_is_forgotten(server: Server) -> None:
    for _ in range(5):
        with connect(server) as connection:
            connection.sendall(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)

    with connect(server) as connection:
        connection.sendall(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
