"""Whether export calls wait for each other on the server."""

from __future__ import annotations

from threading import Lock
from typing import Final

from tsdeploy.export.sizing import FIRST

_BYTES: Final = 10_000
"""So many bytes of TML are counted as one more object, as large objects take the server longer."""
_WEIGHT: Final = 1 / 8
_WAITING: Final = 2.0


class Pace:
    """Learns how long the server takes for an object. Safe to use from several threads.

    Calls in flight are calls per second times seconds per call (Little's law). Where an object takes twice as long as
    usual, half of the calls in flight do nothing but wait, and some of them can go without any loss to this side and
    with some gain to everybody else's. What is usual follows the answers, so that larger objects, or a server that has
    become slower for good, are taken for queues for a few calls only.
    """

    def __init__(self) -> None:
        self._usual = 0.0
        self._lock = Lock()

    def waited(self, objects: int, seconds: float, size: int) -> bool:
        """Whether a call for so many objects, with an answer of so many bytes, waited for others; the next learn by it.

        Small calls say nothing: what any call costs outweighs what their objects do.
        """
        if objects < FIRST:
            return False
        pace = seconds / (objects + size / _BYTES)
        with self._lock:
            usual = self._usual or pace
            self._usual = usual + (pace - usual) * _WEIGHT
        return pace > _WAITING * usual
