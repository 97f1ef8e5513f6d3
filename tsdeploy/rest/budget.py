"""What one cluster is asked to bear: how many calls at a time, and a pause for everybody when it says so.

All sessions with a cluster share one budget, whatever Org they are in: its rate limit counts callers, not Orgs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Condition
from typing import Final

from tsdeploy.rest.retry import GATEWAY, http_date, retry_after
from tsdeploy.rest.transport import NoReply, Reply

WIDEST: Final = 8
"""Calls at a time, where nothing else is asked for; the documented burst is 10 (facts §1)."""

_MEGABYTE: Final = 1_000_000

_GOOD_RUN: Final = 10
"""Good answers in a row after which one more call at a time is tried."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked of a cluster. ``received`` is bytes of answers, ``turned_away`` calls that met the rate limit."""

    calls: int = 0
    received: int = 0
    turned_away: int = 0

    def __str__(self) -> str:
        return f"{self.calls} calls, {self.received / _MEGABYTE:.1f} MB"

    def since(self, before: Usage) -> Usage:
        """What was asked since an earlier reading."""
        return Usage(self.calls - before.calls, self.received - before.received, self.turned_away - before.turned_away)


@dataclass(slots=True)
class Outcome:
    """What came of one turn; the caller puts it in."""

    reply: Reply | NoReply | None = None


@dataclass(slots=True)
class Budget:
    """Lets calls through, ``widest`` at a time at most. Safe to use from several threads.

    A call that meets the rate limit, or a gateway that is busy, halves how many go at a time; answers that are found to
    have waited for others take a quarter away; good answers bring it back one by one (additive increase, multiplicative
    decrease). After 429 nobody calls before the server's ``Retry-After`` is over.
    """

    widest: int = WIDEST
    _width: int = field(init=False)
    _in_flight: int = field(default=0, init=False)
    _good: int = field(default=0, init=False)
    _resume_at: float = field(default=0.0, init=False)
    _usage: Usage = field(default_factory=Usage, init=False)
    _server_time: float = field(default=0.0, init=False)
    _changed: Condition = field(default_factory=Condition, init=False)

    def __post_init__(self) -> None:
        self._width = self.widest

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._usage

    @property
    def width(self) -> int:
        """How many calls may go at a time now."""
        return self._width

    @property
    def server_time(self) -> float:
        """The latest ``Date`` of an answer, in seconds since 1970; 0 before the first."""
        return self._server_time

    def pause(self, now: float) -> float:
        """Seconds that everybody has to wait, by a monotonic clock's reading."""
        return max(0.0, self._resume_at - now)

    def narrow(self) -> None:
        """An answer took so long that its call must have waited for others: let fewer go at a time.

        Only once for as many answers as go at a time, for they have all waited together.
        """
        with self._changed:
            if self._good >= self._width:
                self._width, self._good = max(1, self._width * 3 // 4), 0

    @contextmanager
    def turn(self, clock: Callable[[], float]) -> Iterator[Outcome]:
        """Wait for a place among the calls that go at a time; the outcome decides about the next ones."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight < self._width)
            self._in_flight += 1
        outcome = Outcome()
        try:
            yield outcome
        finally:
            with self._changed:
                self._in_flight -= 1
                self._note(outcome.reply, clock())
                self._changed.notify_all()

    def _note(self, reply: Reply | NoReply | None, now: float) -> None:
        received = len(reply.body) if isinstance(reply, Reply) else 0
        limited = isinstance(reply, Reply) and reply.status == HTTPStatus.TOO_MANY_REQUESTS
        used = self._usage
        self._usage = Usage(used.calls + 1, used.received + received, used.turned_away + limited)
        if not isinstance(reply, Reply):
            return
        date = http_date(reply.headers.get("Date", ""))
        if date is not None:
            self._server_time = max(self._server_time, date.timestamp())
        if limited:
            self._resume_at = max(self._resume_at, now + (retry_after(reply.headers) or 0.0))
        if limited or reply.status in GATEWAY:
            self._width, self._good = max(1, self._width // 2), 0
            return
        self._good += 1
        if self._good >= _GOOD_RUN and self._width < self.widest:
            self._width, self._good = self._width + 1, 0
