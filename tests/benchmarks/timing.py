"""The time of actions that take turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

RUNS = 5


def best(*actions: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The least CPU seconds of this process for each action."""
    taken = [[_timed(action) for action in actions] for _ in range(runs)]
    return [min(times) for times in zip(*taken, strict=True)]


def _timed(action: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    action()
    return time.process_time() - started
