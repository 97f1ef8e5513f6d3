"""How much of an answer is read, and for how long: a server may be slow, not endless.

A timeout of a socket begins anew with every byte that comes; here the clock runs for the head of an answer, and for its
body, as a whole.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Bytes of an answer, after decompression, that are read before giving up."""
MAX_ANSWER_SECONDS: Final = 1800.0
"""Seconds that the body of an answer may take, from its first byte to its last."""
_LATER: Final = 0.5
"""Seconds by which a silent server meets the timeout of the socket first, which says what happened."""
_CHUNK: Final = 256 * 1024


class TooLargeError(Exception):
    """An answer is larger than anything that was asked for."""


class TooSlowError(OSError):
    """An answer keeps coming, and does not end."""


def read_body(raw: BaseHTTPResponse, max_bytes: int, max_seconds: float) -> bytes:
    """The body of an answer, decompressed piece by piece.

    Raises TooLargeError and TooSlowError when it is more or takes longer than allowed, and what urllib3 raises.
    """
    body, end = bytearray(), time.monotonic() + max_seconds
    while chunk := _next(raw):
        body += chunk
        if len(body) > max_bytes:
            raise TooLargeError(f"the answer is larger than {max_bytes} bytes")
        if time.monotonic() > end:
            raise TooSlowError(f"the answer did not end within {max_seconds:g} seconds")
    return bytes(body)


def _next(raw: BaseHTTPResponse) -> bytes:
    # Other ways to read wait until a whole piece is there, however long its bytes take.
    return raw.read1(_CHUNK, decode_content=True) if isinstance(raw, HTTPResponse) else raw.read(_CHUNK)


class TimedAdapter(HTTPAdapter):
    """Connections that wait for the head of an answer as long as the read timeout says, and not longer."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """As requests makes it, with such connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """As requests makes it, with such connections."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


@contextmanager
def _cut_off(connection: socket.socket | None, seconds: object) -> Iterator[None]:
    """End a connection when the time is up; nothing where there is no limit. Raises TooSlowError.

    What came until then may look like a whole answer, and is none.
    """
    if connection is None or not isinstance(seconds, (int, float)):
        yield
        return
    late = Event()
    timer = Timer(seconds + _LATER, _shut, (connection, late))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TooSlowError(f"the head of the answer did not end within {seconds:g} seconds")


def _shut(connection: socket.socket, late: Event) -> None:
    late.set()
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Http(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 does
        with _cut_off(self.sock, self.timeout):
            return super().getresponse()


class _Https(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 does
        with _cut_off(self.sock, self.timeout):
            return super().getresponse()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS: Final = {"http": _HttpPool, "https": _HttpsPool}
