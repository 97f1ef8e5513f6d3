"""Lines and columns, both from 1, of indexes in a text."""

from __future__ import annotations

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
