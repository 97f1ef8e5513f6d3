"""A scripted server: real HTTP on a loopback socket, canned answers, and the ways to misbehave."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import cast

PREFIX = "/api/rest/2.0/"


@dataclass(frozen=True, slots=True)
class Canned:
    """One answer: ``body`` is JSON unless it is bytes. With ``cut`` the body stops early."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.status == 204 else json.dumps(self.body).encode()


class Reset:
    """The connection is reset after the request was read."""


class Silence:
    """No answer at all, until the server is closed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server got it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: object

    @property
    def fields(self) -> dict[str, object]:
        assert isinstance(self.body, dict)
        return self.body


class Server:
    """Answers sign-in by itself; everything else in the order of ``script``, then with 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.script: deque[Canned | Reset | Silence] = deque()
        self.sign_in: dict[str, deque[Canned | Reset | Silence]] = {
            "token/full": deque(),
            "session/user": deque(),
        }
        self.seen: list[Seen] = []
        self.org_id: int = 0
        self.lifetime_seconds = 3600
        self.minted = 0
        self.rejected_bearers: set[str] = set()
        self.closing = Event()
        self.lock = Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._http.tls = tls
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.001})

    @property
    def url(self) -> str:
        return f"{'https' if self._http.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._http.server_port

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        self._http.shutdown()
        self._http.socket.close()

    def answer(self, *answers: Canned | Reset | Silence) -> None:
        """Append to the script."""
        self.script.extend(answers)

    def requests(self, path: str = "") -> list[Seen]:
        """What was seen: all but the sign-in, or that one path."""
        return [seen for seen in self.seen if (seen.path == path if path else not seen.path.startswith("auth/"))]

    def next_answer(self, seen: Seen) -> Canned | Reset | Silence:
        """Record a request and decide what it gets."""
        with self.lock:
            self.seen.append(seen)
            if not seen.path.startswith("auth/"):
                if seen.headers.get("Authorization") in self.rejected_bearers:
                    return Canned({}, 401)
                return self.script.popleft() if self.script else Canned({"error": None}, 404)
            scripted = self.sign_in[seen.path.removeprefix("auth/")]
            if scripted:
                return scripted.popleft()
            return self._minted(seen) if seen.method == "POST" else Canned(self.user())

    def user(self) -> dict[str, object]:
        org = {"id": self.org_id, "name": "Primary" if self.org_id == 0 else f"Org {self.org_id}"}
        return {
            "id": "u-1",
            "name": "svc",
            "display_name": "Service",
            "current_org": org,
            "privileges": ["A"],
        }

    def _minted(self, seen: Seen) -> Canned:
        self.minted += 1
        org_id = seen.fields.get("org_id")
        self.org_id = org_id if isinstance(org_id, int) else self.org_id
        return Canned(
            {
                "token": f"minted-token-{self.minted}",
                "creation_time_in_millis": 1_000,
                "expiration_time_in_millis": 1_000 + self.lifetime_seconds * 1_000,
            }
        )


class _Http(ThreadingHTTPServer):
    owner: Server
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: object, client_address: object) -> None:
        """Shake hands in the thread of the connection, so that a bad client holds up nobody."""
        assert isinstance(request, socket.socket)
        if self.tls is None:
            _Handler(request, client_address, self)
            return
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            _Handler(wrapped, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        owner = cast(_Http, self.server).owner
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        seen = Seen(self.command, self.path.removeprefix(PREFIX), dict(self.headers), json.loads(raw) if raw else None)
        answer = owner.next_answer(seen)
        if isinstance(answer, Canned):
            self._send(answer)
        elif isinstance(answer, Reset):
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._hang_up()
        else:
            owner.closing.wait(5)
            self.close_connection = True

    do_POST = do_GET  # noqa: N815

    def _send(self, answer: Canned) -> None:
        body = answer.encoded()
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if answer.cut else body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.close()
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
