"""Rate limits, by the address of the client. Source: facts about the REST API, section 1 (26.2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

STATUS_ENDPOINT = "metadata/tml/async/status"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests a second in the long run, and so many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed. Off unless asked for; whether 429 carries ``Retry-After`` is not known, so it is a switch."""

    on: bool = False
    retry_after: bool = False
    every_endpoint: RateLimit = RateLimit(per_second=100, burst=10)
    async_status: RateLimit = RateLimit(per_second=100 / 60, burst=100)

    def to_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return asdict(self)


@dataclass(slots=True)
class Buckets:
    """How much each client has left; one bucket for all endpoints and one for the status of async imports."""

    monotonic: Callable[[], float] = time.monotonic
    _left: dict[tuple[str, bool], tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, limits: Limits, client: str, endpoint: str) -> float:
        """Take one request; 0 when it may go on, else the seconds until one might."""
        if not limits.on:
            return 0
        with self._lock:
            waits = [self._take((client, False), limits.every_endpoint)]
            if endpoint == STATUS_ENDPOINT:
                waits.append(self._take((client, True), limits.async_status))
        return max(waits)

    def _take(self, key: tuple[str, bool], limit: RateLimit) -> float:
        now = self.monotonic()
        left, then = self._left.get(key, (float(limit.burst), now))
        left = min(float(limit.burst), left + (now - then) * limit.per_second)
        taken = left >= 1
        self._left[key] = (left - 1 if taken else left, now)
        return 0 if taken else (1 - left) / limit.per_second
