"""Standard output and error that outlive their readers, their disks and their alphabets."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

_GONE = frozenset({errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE})


class Outlet(io.FileIO):
    """A file descriptor that takes whatever is written to it; what cannot be written goes nowhere.

    What a command does must not depend on whether all that it prints is kept: neither ``| head`` nor a full disk may
    end a deploy in the middle. ``lost`` is why something could not be written; that a reader left is no reason.
    """

    lost: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Write bytes, or let them go."""
        try:
            return super().write(data)
        except OSError as error:
            self.lost = None if error.errno in _GONE else error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, self.fileno())
        finally:
            os.close(nowhere)
        return memoryview(data).nbytes


def outlast(stream: TextIO | None, descriptor: int) -> TextIO:
    """A standard stream in place of the one that Python made: it takes any character, and never fails.

    A stream that is closed from the start goes nowhere.
    """
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - open as long as the process runs
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    outlet = io.BufferedWriter(Outlet(descriptor, "wb", closefd=False))
    return io.TextIOWrapper(outlet, stream.encoding, "backslashreplace", line_buffering=stream.line_buffering)


def lost(stream: TextIO | None) -> OSError | None:
    """Why something that was written to a stream of ``outlast`` is lost, now that all of it is written."""
    if stream is None:
        return None
    stream.flush()
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw.lost if isinstance(raw, Outlet) else None
