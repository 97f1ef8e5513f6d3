"""When to try again, and how long to wait: numbers only, no I/O."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Final

GATEWAY: Final = frozenset({502, 503, 504})
"""Answers of what stands before the server, which say nothing of whether the call was carried out."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How stubborn to be. ``base``, ``cap`` and ``deadline`` are seconds.

    The wait before attempt n+1 is random between 0 and ``base * 2**(n-1)``, at most ``cap``, on top of what
    the server asks for. No wait may end later than ``deadline`` after the first attempt began.
    """

    attempts: int = 5
    base: float = 1.0
    cap: float = 30.0
    deadline: float = 300.0


@dataclass(frozen=True, slots=True)
class Pacing:
    """A policy and what time it lives in; tests put in a clock (seconds) that only moves when it sleeps."""

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


def next_delay(
    policy: RetryPolicy, *, attempt: int, elapsed: float, retry_after: float | None, jitter: float
) -> float | None:
    """Seconds to wait after failed attempt number ``attempt`` (from 1), or None to give up.

    ``elapsed`` is seconds since the first attempt began; ``jitter`` is between 0 and 1. The server's
    ``retry_after`` is honoured in full or not at all: when it ends after the deadline, there is no retry.
    """
    if attempt >= policy.attempts:
        return None
    backoff = min(policy.cap, policy.base * 2.0 ** (attempt - 1)) * jitter
    delay = (retry_after or 0.0) + backoff
    return delay if elapsed + delay <= policy.deadline else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait (RFC 9110 §10.2.3), or None without a usable one.

    A date is measured against the server's own ``Date``, so that a wrong clock on either side does not
    matter.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = http_date(value)
    if until is None:
        return None
    now = http_date(headers.get("Date", "")) or datetime.now(timezone.utc)
    return max(0.0, (until - now).total_seconds())


def http_date(value: str) -> datetime | None:
    """The value of a ``Date`` header (RFC 9110 §5.6.7), in UTC where it names no zone; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=timezone.utc)
