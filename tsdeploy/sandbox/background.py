"""One thread that works beside the requests of a cluster, for as long as there is work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

Pause: TypeAlias = Callable[[float], bool]
"""Waits for some seconds; False when the cluster closes meanwhile, and the work has to end at once."""
Step: TypeAlias = Callable[[Pause], bool]
"""One piece of work; whether there was any."""


class Background:
    """A thread that is there only while it has something to do, and ends when the cluster closes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._wanted = False

    def run(self, step: Step) -> None:
        """Take steps until there is nothing to do; when the thread is busy already, it looks once more."""
        with self._lock:
            self._wanted = True
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._work, args=(step,), daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it; what it has not finished stays as it was."""
        self._closing.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self, step: Step) -> None:
        try:
            while self._goes_on():
                while not self._closing.is_set() and step(self._pause):
                    continue
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _goes_on(self) -> bool:
        with self._lock:
            going = self._wanted and not self._closing.is_set()
            self._wanted = False
            if not going:
                self._thread = None  # under the lock that saw nothing to do, so that no wake-up is lost
            return going

    def _pause(self, seconds: float) -> bool:
        return not self._closing.wait(seconds)
