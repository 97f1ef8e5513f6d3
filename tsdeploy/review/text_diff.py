"""Two texts side by side, line by line, with a few lines around each difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_AROUND = 3
_MOST = 1500
"""Rows that are shown; whoever wants more asks git."""
_LONGEST = 400
"""Characters of a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of either side, with its number from 1; a side without a line has number 0. ``same``: both are alike."""

    old: int
    new: int
    before: str
    after: str
    same: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The rows, a None between two parts that are not neighbours, and how many rows were left out at the end."""

    rows: tuple[Row | None, ...]
    missing: int = 0


def side_by_side(before: str, after: str) -> SideBySide:
    """Compare two texts. What both begin and end with is set aside first, so that a large file is no burden."""
    old, new = before.splitlines(), after.splitlines()
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    first = max(0, start - _AROUND)
    last = max(0, end - _AROUND)
    rows = list(_rows(old[first : len(old) - last], new[first : len(new) - last], first))
    return SideBySide(tuple(rows[:_MOST]), max(0, len(rows) - _MOST))


def _rows(old: list[str], new: list[str], offset: int) -> Iterator[Row | None]:
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > 2000)
    for number, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        if number:
            yield None
        for tag, old_start, old_end, new_start, new_end in group:
            for step in range(max(old_end - old_start, new_end - new_start)):
                a = old_start + step if old_start + step < old_end else -1
                b = new_start + step if new_start + step < new_end else -1
                yield Row(
                    a + 1 + offset if a >= 0 else 0,
                    b + 1 + offset if b >= 0 else 0,
                    old[a][:_LONGEST] if a >= 0 else "",
                    new[b][:_LONGEST] if b >= 0 else "",
                    tag == "equal",
                )
