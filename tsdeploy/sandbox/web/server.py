"""A cluster on a port: a threaded HTTP/1.1 server that keeps connections alive and leaves nothing open."""

from __future__ import annotations

import os
import socket
import socketserver
import threading
from types import TracebackType
from typing import Any

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.web.app import make_app
from tsdeploy.sandbox.web.handler import RESET_ON_CLOSE, Handler

_CLOSE_SECONDS = 5.0
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


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
        self.cluster = cluster
        self.app = make_app(cluster)
        self.body_limit = cluster.settings.max_body_bytes
        self.closing = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        super().__init__((host, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection in a thread, known for as long as it is open."""
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        with self._open_lock:
            busy = len(self._open) >= self.cluster.settings.max_connections
            if not busy:
                self._open[request] = thread
        if busy:
            self._refuse(request)
            return
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """End a connection; one that is to be reset gets no word first."""
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(RESET_ON_CLOSE)) == RESET_ON_CLOSE:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def _refuse(self, request: socket.socket) -> None:
        try:
            request.sendall(_BUSY)
        except OSError:
            return  # the client was quicker
        finally:
            self.shutdown_request(request)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except ConnectionError:
            return  # the client went away in the middle of an answer, and nobody is left to tell
        finally:
            with self._open_lock:
                self._open.pop(request, None)
            self.shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection and wait for its thread."""
        self.closing.set()
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
