"""Ctrl-C: the first time finish what is under way, the second time stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Interrupt:
    """Whether somebody asked to stop."""

    asked: bool = False


@contextmanager
def interruptible(say: Callable[[str], None]) -> Iterator[Interrupt]:
    """Catch SIGINT and SIGTERM: the first one is only noted, the second raises KeyboardInterrupt.

    In a thread that is not the main one signals cannot be caught, and stay what they are.
    """
    noted = Interrupt()

    def note(number: int, _: FrameType | None) -> None:
        if noted.asked:
            raise KeyboardInterrupt
        noted.asked = True
        say("stopping: what is under way is finished and recorded; once more stops at once")

    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
