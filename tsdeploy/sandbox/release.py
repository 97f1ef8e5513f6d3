"""Releases: ``10.4.0.cl-123`` is older than ``26.2.0.cl``; numbers compare, because 26.2 follows 10.15."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBERS = re.compile(r"(\d+)\.(\d+)")


@lru_cache
def release_number(text: str) -> tuple[int, int]:
    """Year and month, or version and sub-version, of a release. Raises ValueError for what is no release."""
    found = _NUMBERS.match(text)
    if found is None:
        raise ValueError(f"no release: {text!r}")
    return int(found[1]), int(found[2])


def has(release: str, since: str) -> bool:
    """Whether a cluster of one release has what came with another."""
    return release_number(release) >= release_number(since)


def at_least(release: str, first: str) -> str:
    """The later of two releases."""
    return release if has(release, first) else first


def is_release(text: str) -> bool:
    """Whether a text begins with the number of a release."""
    return _NUMBERS.match(text) is not None
