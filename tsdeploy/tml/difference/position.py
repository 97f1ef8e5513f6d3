"""Line and column of many places of one document."""

from __future__ import annotations

from bisect import bisect_right

from tsdeploy.errors import Location
from tsdeploy.tml.document import Document


class Positions:
    """Counts the lines of a document once, however many places are asked for."""

    def __init__(self, document: Document) -> None:
        self._path = document.path
        self._text = document.text
        self._starts: list[int] = []

    def at(self, index: int) -> Location:
        """Line and column, both from 1, of a character."""
        if not self._starts:
            self._starts = [0, *(number + 1 for number, char in enumerate(self._text) if char == "\n")]
        line = bisect_right(self._starts, index)
        return Location(self._path, line, index - self._starts[line - 1] + 1)
