"""Lines and columns, both from 1, of indexes in a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from tsdeploy.errors import Location


def locate(text: str, index: int, file: str) -> Location:
    """Line and column, both from 1, of a character index."""
    start = text.rfind("\n", 0, index) + 1
    return Location(file, text.count("\n", 0, index) + 1, index - start + 1)


def line_places(text: str, indexes: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Index → (line, column), both from 1, in one pass over the text; the indexes ascend."""
    found: dict[int, tuple[int, int]] = {}
    line, start, done = 1, 0, 0
    for index in indexes:
        breaks = text.count("\n", done, index)
        if breaks:
            line += breaks
            start = text.rfind("\n", done, index) + 1
        found[index] = (line, index - start + 1)
        done = index
    return found


class Positions:
    """Line and column of many characters of one text, in any order: its lines are counted once."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._starts: list[int] = []

    def at(self, index: int) -> Location:
        """Line and column of a character."""
        if not self._starts:
            self._starts = [0, *(number + 1 for number, char in enumerate(self._text) if char == "\n")]
        line = bisect_right(self._starts, index)
        return Location(self._file, line, index - self._starts[line - 1] + 1)
