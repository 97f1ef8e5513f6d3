"""One connection: requests are read whole, take their way through the sandbox, and are answered or not."""

from __future__ import annotations

import io
import os
import socket
import struct
from collections.abc import Iterable
from email.utils import formatdate
from typing import Any, Final

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import get_input_stream

from tsdeploy.sandbox.traffic.answers import reason
from tsdeploy.sandbox.traffic.exchange import Answer, Incoming, Notes
from tsdeploy.sandbox.web.noting import NOTES
from tsdeploy.sandbox.web.reading import Paced

RESET_ON_CLOSE: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""The value of SO_LINGER that makes closing a connection a reset."""

_SEND_SECONDS = 60.0
_IDLE_DRAIN_SECONDS = 0.2
_CHUNK = 65536
_DRAINED = 64 * 1024 * 1024
"""How much of a body that is too large is still read, so that the client sees the answer and not a reset."""


class Handler(WSGIRequestHandler):
    """Answers many requests on one connection.

    Werkzeug's own handler closes after each answer, because it cannot know how much of a request was read. This
    one reads the whole body before the application runs, up to the limit; beyond it, the connection is closed.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Any

    def setup(self) -> None:
        """Read through deadlines."""
        super().setup()
        self.rfile.close()
        self._paced = Paced(self.connection)
        self.rfile = io.BufferedReader(self._paced)

    def handle_one_request(self) -> None:
        """Wait for a request, and answer it."""
        self._paced.expect_head()
        super().handle_one_request()

    def run_wsgi(self) -> None:
        """Read one request, let it take its way, send one answer."""
        self.environ = environ = self.make_environ()
        body = self._read(environ)
        if body is None:
            self.close_connection = True
        environ["CONTENT_LENGTH"] = str(self.server.body_limit + 1 if body is None else len(body))
        environ["wsgi.input"] = io.BytesIO(body or b"")
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        answer = self._answer(environ, body or b"")
        self.connection.settimeout(_SEND_SECONDS)
        if answer is None:
            self._reset()
            return
        self._send(answer)
        self.wfile.flush()
        if body is None:
            self._drain()

    def handle_expect_100(self) -> bool:
        """Say that the body may come, at once and not with the answer."""
        expected = super().handle_expect_100()
        self.wfile.flush()
        return expected

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The cluster's time, which may be another than this machine's."""
        return formatdate(self.server.cluster.clock.peek() / 1000 if timestamp is None else timestamp, usegmt=True)

    def _read(self, environ: dict[str, Any]) -> bytes | None:
        """The body of the request, or None when it is over the limit.

        Raises ConnectionError for one that ends too early, or whose chunks are none: nothing of it is believed.
        """
        limit = self.server.body_limit
        declared = environ.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) > limit:
            return None
        self._paced.expect_body(int(declared) or limit)
        try:
            body: bytes = get_input_stream(environ).read(limit + 1)
        except TimeoutError:
            raise
        except (OSError, ClientDisconnected) as error:
            raise ConnectionAbortedError("the client broke off in the body of its request") from error
        if len(body) < int(declared):
            raise ConnectionAbortedError("the client broke off in the body of its request")
        return body if len(body) <= limit else None

    def _answer(self, environ: dict[str, Any], body: bytes) -> Answer | None:
        """The application's answer, and what becomes of it on its way; the sandbox's own pages take no such way."""
        path = environ["PATH_INFO"]
        if path == "/" or path.startswith("/sandbox/"):
            return _run(self.server.app, environ)

        def application(notes: Notes) -> Answer:
            environ[NOTES] = notes
            return _run(self.server.app, environ)

        incoming = Incoming(self.command, path, environ["REMOTE_ADDR"], body)
        answer: Answer | None = self.server.cluster.traffic.carry(incoming, application, self.server.closing.wait)
        return answer

    def _drain(self) -> None:
        left = _DRAINED
        try:
            while left > 0:
                self._paced.allow(_IDLE_DRAIN_SECONDS)
                data = self.rfile.read1(_CHUNK)
                if not data:
                    return
                left -= len(data)
        except OSError:
            return  # the client stopped sending

    def _send(self, answer: Answer) -> None:
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        if answer.cut is not None:
            self.close_connection = True
        self.send_response(answer.status, reason(answer.status))
        for name, value in answer.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection and answer.cut is None:
            self.send_header("Connection", "close")
        self.end_headers()
        if body and self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing about requests; what went wrong is in the answer."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests that were answered."""


def _run(app: Any, environ: dict[str, Any]) -> Answer:
    """Run a WSGI application to its end."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        started.append((status, headers))

    chunks: Iterable[bytes] = app(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return Answer(int(status.partition(" ")[0]), tuple(headers), body)
