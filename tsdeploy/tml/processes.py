"""Work shared by several processes: this one does its part and hands out the rest, and none waits for another."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias, TypeVar

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 3
"""Items that a helper has before it: enough to be busy until this process looks up from its own."""
_Line: TypeAlias = "Connection[Any, Any]"
"""Numbers of items go to a helper, None for the end; numbers and results come back."""


def share(work: Callable[[A], B], items: Sequence[A], processes: int) -> Generator[tuple[int, B], None, None]:
    """The number and the result of each item, in the order in which they are done.

    This process does an item each time it is asked for more. An item at which a helper failed, or was killed, is done
    again here. ``work`` must be importable, and so must the caller's main module, as ``multiprocessing`` asks.
    """
    numbers = iter(range(len(items)))
    missing = set(range(len(items)))
    with ExitStack() as stack:
        lines = [_start(work, items, stack) for _ in range(processes - 1)]
        for line in lines:
            for number in islice(numbers, _AHEAD):
                _give(line, number)
        for number in numbers:
            missing.remove(number)
            yield number, work(items[number])
            for line, answer in _answers(lines, timeout=0):
                _give(line, next(numbers, None))
                missing.remove(answer[0])
                yield answer
        for line in lines:
            _give(line, None)
        while lines:
            for _, answer in _answers(lines, timeout=None):
                missing.remove(answer[0])
                yield answer
    for number in sorted(missing):
        yield number, work(items[number])


def _start(work: Callable[[A], B], items: Sequence[A], stack: ExitStack) -> _Line:
    context = get_context("spawn")
    line, end = context.Pipe()
    with end:
        helper = context.Process(target=_help, args=(work, items, end), daemon=True)
        helper.start()
    stack.callback(helper.join)
    return stack.enter_context(line)


def _help(work: Callable[[A], B], items: Sequence[A], line: _Line) -> None:
    """What a helper does. An interrupt is for the process that started it, which then hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        for number in iter(line.recv, None):
            line.send((number, work(items[number])))


def _give(line: _Line, number: int | None) -> None:
    """Hand out an item; whether the helper is still there is seen when it answers."""
    with suppress(ConnectionError):
        line.send(number)


def _answers(lines: list[_Line], *, timeout: float | None) -> Iterator[tuple[_Line, Any]]:
    """One answer of each helper that has one ready; the lines of those that have ended are taken out."""
    ready = wait(lines, timeout)
    for line in [one for one in lines if one in ready]:
        try:
            yield line, line.recv()
        except (EOFError, ConnectionError):
            lines.remove(line)
