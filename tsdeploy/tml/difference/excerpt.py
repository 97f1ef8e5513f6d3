"""Two long texts cut to where they differ."""

from __future__ import annotations

import re

_LINE_BREAK = re.compile(r"\r\n|[\r\n]")


def excerpt(old: str, new: str, limit: int) -> tuple[str, str]:
    """Both texts as one line of at most ``limit`` characters, both from a little before their first difference."""
    old, new = one_line(old), one_line(new)
    if max(len(old), len(new)) <= limit:
        return old, new
    same = _common_start(old, new)
    start = max(0, min(same - limit // 3, max(len(old), len(new)) - limit + 1))
    return _cut(old, start, limit), _cut(new, start, limit)


def one_line(text: str) -> str:
    """The text without line breaks: each is an arrow."""
    return _LINE_BREAK.sub("↵", text)


def _cut(text: str, start: int, limit: int) -> str:
    front = "…" if start else ""
    room = limit - len(front)
    rest = text[start:]
    return front + (rest if len(rest) <= room else rest[: room - 1] + "…")


def _common_start(old: str, new: str) -> int:
    """How many characters both texts begin with, by halving: long texts differ late."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
