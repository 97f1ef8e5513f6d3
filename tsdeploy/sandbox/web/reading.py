"""Reading from a client that may be slow on purpose: each part of a request has to be there in time."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

IDLE_SECONDS: Final = 300.0
"""How long a connection may wait between requests."""
HEAD_SECONDS: Final = 20.0
"""How long the head of a request may take, from its first byte."""
BODY_SECONDS: Final = 30.0
BODY_BYTES_PER_SECOND: Final = 50_000
"""A body may take that long, and as long as it takes at that rate."""
MAX_HEAD: Final = 96 * 1024
"""What may be read as the head of one request; more than one line may have, so that a long line is refused as one."""


class Paced(io.RawIOBase):
    """The bytes of a socket, with a deadline for all of them and not for each read.

    Reading raises TimeoutError when the time is up, and HTTPException when a head is too large.
    """

    def __init__(self, connection: socket.socket, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._monotonic = monotonic
        self._waits = False
        self._deadline = 0.0
        self._head = 0

    def expect_head(self) -> None:
        """The next bytes are a request, whenever it comes."""
        self._waits, self._head = True, MAX_HEAD
        self.allow(IDLE_SECONDS)

    def expect_body(self, size: int) -> None:
        """The next bytes are a body of at most that size."""
        self._waits, self._head = False, 0
        self.allow(BODY_SECONDS + size / BODY_BYTES_PER_SECOND)

    def allow(self, seconds: float) -> None:
        """Everything that is read from now on must come within some seconds."""
        self._deadline = self._monotonic() + seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read what is there, waiting for it until the deadline."""
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError("the client is too slow")
        self._connection.settimeout(left)
        read = self._connection.recv_into(buffer)
        if self._waits and read:
            self._waits = False
            self.allow(HEAD_SECONDS)
        if self._head:
            self._head -= read
            if self._head <= 0:
                raise http.client.HTTPException("the head of the request is too large")
        return read
