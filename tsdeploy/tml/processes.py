"""Work shared by several processes: this one does its part and hands out the rest, and none waits for another."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeAlias, TypeVar

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 3
"""Items that a helper has before it: enough to be busy until this process looks up from its own."""
_PATIENCE = 300.0
"""Seconds without any answer after which nobody waits for the helpers any more."""
_GRACE = 1.0
"""Seconds in which a helper that has nothing more to do is gone by itself."""
_Line: TypeAlias = "Connection[Any, Any]"
"""Work with the number of an item and the item goes to a helper, None for the end; numbers and results come back."""


def share(work: Callable[[A], B], items: Sequence[A], processes: int) -> Generator[tuple[int, B], None, None]:
    """As ``Crew.share``, with helpers that are there for this work alone."""
    with crew(min(processes, len(items))) as helpers:
        yield from helpers.share(work, items)


@contextmanager
def crew(processes: int) -> Iterator[Crew]:
    """Helpers for several works, one after the other: one process less than asked for, since this one works, too.

    The caller's main module must be importable, as ``multiprocessing`` asks.
    """
    with ExitStack() as stack:
        yield Crew([_start(stack) for _ in range(processes - 1)])


class Crew:
    """This process and its helpers, of which any may be killed at any time."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines

    def share(self, work: Callable[[A], B], items: Sequence[A]) -> Generator[tuple[int, B], None, None]:
        """The number and the result of each item, in the order in which they are done.

        This process does an item each time it is asked for more. An item at which a helper failed, was killed, or
        took more than five minutes is done again here. ``work`` must be importable, and items be small: they go
        through a pipe that is not read while a helper works.
        """
        hand = _Hand(self._lines, work, items)
        try:
            yield from hand.play()
        finally:
            self._lines = hand.free()


class _Hand(Generic[A, B]):
    """One work as it is handed out: to each helper so many items, whose answers are awaited."""

    def __init__(self, lines: list[_Line], work: Callable[[A], B], items: Sequence[A]) -> None:
        self._waiting = dict.fromkeys(lines, 0)
        self._work = work
        self._items = items
        self._numbers = iter(range(len(items)))
        self._missing = set(range(len(items)))

    def play(self) -> Generator[tuple[int, B], None, None]:
        for line in self._waiting:
            for _ in range(_AHEAD):
                self._give(line)
        for number in self._numbers:
            yield self._done(number, self._work(self._items[number]))
            for line, answer in self._answers(timeout=0):
                self._give(line)
                yield self._done(*answer)
        while any(self._waiting.values()):
            for _, answer in self._answers(timeout=_PATIENCE):
                yield self._done(*answer)
        for number in sorted(self._missing):
            yield number, self._work(self._items[number])

    def free(self) -> list[_Line]:
        """The lines on which no answer is still to come, as it is when nobody wants more; the others are closed."""
        for line, count in self._waiting.items():
            if count:
                line.close()
        return [line for line, count in self._waiting.items() if not count]

    def _done(self, number: int, result: B) -> tuple[int, B]:
        self._missing.remove(number)
        return number, result

    def _give(self, line: _Line) -> None:
        """Hand out the next item; whether the helper is still there is seen when it answers."""
        number = next(self._numbers, None)
        if number is None:
            return
        with suppress(ConnectionError):
            line.send((self._work, number, self._items[number]))
        self._waiting[line] += 1

    def _answers(self, *, timeout: float) -> Iterator[tuple[_Line, Any]]:
        """One answer of each helper that has one ready; those that have ended get nothing more.

        With a ``timeout``, in seconds, one is waited for; where none comes in that time all are let go.
        """
        asked = [line for line, count in self._waiting.items() if count]
        ready = wait(asked, timeout)
        if timeout and not ready:
            for line in asked:
                del self._waiting[line]
                line.close()
        for line in [one for one in self._waiting if one in ready]:
            self._waiting[line] -= 1
            try:
                answer = line.recv()
            except (EOFError, ConnectionError):
                del self._waiting[line]
            else:
                yield line, answer


def _start(stack: ExitStack) -> _Line:
    context = get_context("spawn")
    line, end = context.Pipe()
    with end:
        helper = context.Process(target=_help, args=(end,), daemon=True)
        helper.start()
    stack.callback(_dismiss, helper)
    return stack.enter_context(line)


def _dismiss(helper: BaseProcess) -> None:
    helper.join(_GRACE)
    if helper.is_alive():
        helper.kill()
        helper.join()


def _help(line: _Line) -> None:
    """What a helper does until the line is closed. An interrupt is for the process that started it, which hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        while True:
            work, number, item = line.recv()
            line.send((number, work(item)))
