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
    """Whether somebody asked to stop: by a signal, or by what ``wanted`` says. What was asked once holds."""

    wanted: Callable[[], bool] = lambda: False
    signalled: bool = False
    stopped: bool = False

    @property
    def asked(self) -> bool:
        """Whether to end when what is under way is finished."""
        self.stopped = self.stopped or self.signalled or self.wanted()
        return self.stopped


@contextmanager
def interruptible(say: Callable[[str], None], wanted: Callable[[], bool] = lambda: False) -> Iterator[Interrupt]:
    """Catch SIGINT and SIGTERM: the first one is only noted, the second raises KeyboardInterrupt.

    In a thread that is not the main one signals cannot be caught, and stay what they are: only ``wanted`` stops there.
    """
    noted = Interrupt(wanted)

    def note(number: int, _: FrameType | None) -> None:
        if noted.signalled:
            say("stopped at once; the next run looks up what was under way")
            raise KeyboardInterrupt
        noted.signalled = True
        say("finishing what is under way, then stopping; once more stops at once")

    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
