"""A cluster on a port: a threaded HTTP/1.1 server that keeps connections alive and leaves nothing open."""

from __future__ import annotations

import io
import os
import socket
import socketserver
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import get_input_stream

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.web.app import make_app

_CLOSE_SECONDS = 5.0
_CHUNK = 65536
_DRAINED = 64 * 1024 * 1024
"""How much of a body that is too large is still read, so that the client sees the answer and not a reset."""


class _Handler(WSGIRequestHandler):
    """Answers many requests on one connection.

    Werkzeug's own handler closes after each answer, because it cannot know how much of a request was read. This
    one reads the whole body before the application runs, up to the limit; beyond it, the connection is closed.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Any

    def run_wsgi(self) -> None:
        """Read one request, run the application, send one answer."""
        environ = self.make_environ()
        body = self._read(environ)
        if body is None:
            self.close_connection = True
        environ["CONTENT_LENGTH"] = str(self.server.body_limit + 1 if body is None else len(body))
        environ["wsgi.input"] = io.BytesIO(body or b"")
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        self._send(*_run(self.server.app, environ))
        self.wfile.flush()
        if body is None:
            self._drain()

    def handle_expect_100(self) -> bool:
        """Say that the body may come, at once and not with the answer."""
        expected = super().handle_expect_100()
        self.wfile.flush()
        return expected

    def _read(self, environ: dict[str, Any]) -> bytes | None:
        """The body of the request, or None when it is over the limit."""
        limit = self.server.body_limit
        declared = environ.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) > limit:
            return None
        body: bytes = get_input_stream(environ).read(limit + 1)
        return body if len(body) <= limit else None

    def _drain(self) -> None:
        self.connection.settimeout(0.2)
        left = _DRAINED
        try:
            while left > 0 and (data := self.rfile.read1(_CHUNK)):
                left -= len(data)
        except OSError:
            return  # the client stopped sending

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if code != "204":
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if body and self.command != "HEAD":
            self.wfile.write(body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing about requests; what went wrong is in the answer."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests that were answered."""


def _run(app: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
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
    return (*started[-1], body)


class _Listener(socketserver.TCPServer):
    """A thread per connection; knows its open connections, so that closing ends them all."""

    allow_reuse_address = os.name == "posix"
    request_queue_size = 128
    # What werkzeug's handler asks of a server.
    ssl_context = None
    multithread = True
    multiprocess = False
    passthrough_errors = False
    _server_version = "tsdeploy-sandbox"

    def __init__(self, host: str, port: int, cluster: Cluster) -> None:
        self.app = make_app(cluster)
        self.body_limit = cluster.settings.max_body_bytes
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection in a thread, known for as long as it is open."""
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        with self._open_lock:
            self._open[request] = thread
        thread.start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            with self._open_lock:
                self._open.pop(request, None)
            self.shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection and wait for its thread."""
        with self._open_lock:
            connections = dict(self._open)
        for connection, thread in connections.items():
            _shut(connection)
            thread.join(_CLOSE_SECONDS)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker


class Server:
    """A cluster listening on a port, in a thread of its own; a context manager.

    ``host`` is loopback unless told otherwise; ``port`` 0 takes a free one. Raises OSError when the port is taken.
    """

    def __init__(self, cluster: Cluster, host: str = "127.0.0.1", port: int = 0) -> None:
        self.cluster = cluster
        self._listener = _Listener(host, port, cluster)
        self._thread = threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.server_address[1])

    @property
    def url(self) -> str:
        """Where it is: ``http://127.0.0.1:8080``."""
        return f"http://{self._listener.server_address[0]!s}:{self.port}"

    def close(self) -> None:
        """Stop listening, end all connections, wait for all threads. Leaves the cluster open."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._listener.hang_up()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
