"""A cluster's clock: the machine's, moved at will, or one that only steps."""

from __future__ import annotations

import threading
import time
from typing import Final

STEPPING_SINCE: Final = 1_767_225_600_000
"""Where a stepping clock begins: 2026-01-01, in milliseconds since the epoch."""


class Clock:
    """Milliseconds since the epoch, never the same twice, so that times order what happened.

    ``latest`` is the time of the last thing that is known to have happened. A ``stepping`` clock goes on by one
    millisecond with each look, so that two runs see the same times.
    """

    def __init__(self, latest: int, *, stepping: bool) -> None:
        self._lock = threading.Lock()
        self._latest = latest
        self._offset = 0
        self.stepping = stepping

    @property
    def offset(self) -> int:
        """How far it was moved, in milliseconds."""
        return self._offset

    def now(self) -> int:
        """The time, later than the one before."""
        with self._lock:
            self._latest = max(self._latest + 1, self._reading())
            return self._latest

    def peek(self) -> int:
        """The time as a header shows it: a look that moves nothing."""
        return max(self._latest, self._reading())

    def restart(self, latest: int) -> None:
        """Go on, stepping, from the last thing that is known to have happened."""
        with self._lock:
            self._latest = latest if self.stepping else max(self._latest, latest)

    def move(self, offset: int) -> None:
        """Show a time so many milliseconds ahead of what it would be, or behind it; 0 sets it right again."""
        with self._lock:
            if self.stepping:
                self._latest += offset - self._offset
            elif offset < self._offset:
                self._latest = 0  # what was shown so far must not keep it from going back
            self._offset = offset

    def _reading(self) -> int:
        return STEPPING_SINCE + self._offset if self.stepping else time.time_ns() // 1_000_000 + self._offset
