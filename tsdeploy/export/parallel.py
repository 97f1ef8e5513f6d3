"""The same work on many things, in threads, with the results in order and never too many of them in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from tsdeploy.rest import AnswerError, ApiError, Pacing, RetryPolicy
from tsdeploy.rest.retry import next_delay

Thing = TypeVar("Thing")
Result = TypeVar("Result")

_AGAIN_SOON = Pacing(RetryPolicy(base=0.1))
"""The session has its own patience with servers that are busy. Here they answer, and the next answer may be whole."""
_WIDEST_WAVE = 8


def in_order(work: Callable[[Thing], Result], things: Iterable[Thing], workers: int) -> Iterator[Result]:
    """The result for each thing, in their order.

    ``things`` is drawn from only as far as workers are free, or soon will be, so that it may depend on results that
    have come already. What the work raises is raised here; what has not begun by then never begins.
    """
    ahead = workers + (workers + 1) // 2
    pending: deque[Future[Result]] = deque()
    with threads(workers) as pool:
        for thing in things:
            pending.append(pool.submit(work, thing))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


@contextmanager
def threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for the length of the block; what has not begun when the block fails never begins.

    Nobody waits for a thread after an interrupt: it may wait for a server for minutes.
    """
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    except BaseException as error:
        pool.shutdown(wait=not isinstance(error, KeyboardInterrupt), cancel_futures=True)
        raise
    pool.shutdown()


def all_pages(page: Callable[[int], list[Result]], size: int, expected: int = 0) -> Iterator[Result]:
    """Everything that a paged list holds: ``page`` gives what stands at an offset, ``size`` items unless it is the end.

    So many pages as hold what is ``expected`` come at a time, one when nothing is; after that more and more.
    """
    offsets, wave = count(0, size), expected // size + 1
    while True:
        starts = [next(offsets) for _ in range(wave)]
        for found in in_order(page, starts, min(wave, _WIDEST_WAVE)):
            yield from found
            if len(found) < size:
                return
        wave = min(2 * wave, _WIDEST_WAVE)


def patiently(ask: Callable[[], Result], pacing: Pacing = _AGAIN_SOON) -> Result:
    """What a read gives, asked again when the server fails or answers nonsense; not when it refuses."""
    begin, attempt = pacing.clock(), 0
    while True:
        attempt += 1
        try:
            return ask()
        except (AnswerError, ApiError) as error:
            refused = isinstance(error, ApiError) and error.answer.status < 500
            elapsed, jitter = pacing.clock() - begin, pacing.jitter()
            delay = next_delay(pacing.policy, attempt=attempt, elapsed=elapsed, retry_after=None, jitter=jitter)
            if refused or delay is None:
                raise
        pacing.sleep(delay)
