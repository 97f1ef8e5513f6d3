"""Path patterns (``columns[].name``), and tables of what is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeAlias, TypeVar

from tsdeploy.tml.catalogue import ITEM

T = TypeVar("T")

Pattern: TypeAlias = "tuple[str, ...]"
"""Keys from the root of a document; ``[]`` is any item of a list."""


def pattern_of(text: str) -> Pattern:
    """A pattern as it is written: ``rls_rules.rules[].expr``."""
    return tuple(text.replace(ITEM, f".{ITEM}").strip(".").split("."))


class SuffixTable(Generic[T]):
    """What is known about places, by the end of their pattern: the longest end that is listed counts."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._entries = {pattern_of(text): entry for text, entry in entries.items()}
        self._longest = max(map(len, self._entries), default=0)

    def find(self, pattern: Pattern) -> T | None:
        """The entry of the longest listed end of a pattern."""
        for length in range(min(self._longest, len(pattern)), 0, -1):
            found = self._entries.get(pattern[-length:])
            if found is not None:
                return found
        return None
