"""What a misspelt word may have been meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """``did you mean …?`` for a misspelt word, or ""."""
    close = closest(word, known, 1)
    return f"did you mean {close[0]}?" if close else ""


def closest(word: str, known: Iterable[str], most: int) -> list[str]:
    """The words that are most like it, the likeliest first; none where nothing is."""
    return difflib.get_close_matches(word, list(known), n=most)
