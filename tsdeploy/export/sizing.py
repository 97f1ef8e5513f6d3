"""How many objects the next export call asks for."""

from __future__ import annotations

from threading import Lock

FIRST = 25
LARGEST = 100
SMALLEST = 5
_SECONDS = 6.0
_BYTES = 2 * 1024 * 1024


class Sizing:
    """Learns from each answer how many objects fit into a call of a few seconds and a few megabytes.

    Large calls cost the server less in all, small ones less memory here and less to ask again when one fails. Safe
    to use from several threads.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._size = FIRST
        self._least = FIRST
        self._lock = Lock()

    def begin(self, total: int) -> None:
        """So many are to be asked for. Where they are few, all workers get some of them."""
        self._least = max(SMALLEST, min(FIRST, -(-total // self._workers)))

    def next(self, left: int) -> int:
        """How many to ask for when so many are left; towards the end less, so that all workers end together."""
        share = -(-left // (2 * self._workers))
        return max(1, min(left, self._size, max(share, self._least)))

    def learn(self, objects: int, seconds: float, size: int) -> None:
        """An answer with so many objects took so long, and had so many bytes. One at a time says nothing of many."""
        if objects < SMALLEST:
            return
        fitting = min(objects * _SECONDS / max(seconds, 0.001), objects * _BYTES / max(size, 1))
        with self._lock:
            self._size = max(SMALLEST, min(LARGEST, int(fitting), 2 * self._size))

    def shrink(self) -> None:
        """A call was too much for the server."""
        with self._lock:
            self._size = max(SMALLEST, self._size // 2)
