"""Patterns of paths, such as ``columns[].name``, and tables of what is known about the places that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeAlias, TypeVar

from tsdeploy.tml.syntax import Path

T = TypeVar("T")

ITEM = "[]"
Pattern: TypeAlias = "tuple[str, ...]"
"""Keys from the root of a document; ``[]`` is any item of a list."""


def parse_pattern(text: str) -> Pattern:
    """A pattern as it is written: ``rls_rules.rules[].expr``."""
    return tuple(text.replace(ITEM, f".{ITEM}").strip(".").split("."))


def pattern_text(pattern: Pattern) -> str:
    """A pattern as people write it."""
    return ".".join(pattern).replace(f".{ITEM}", ITEM)


def pattern_of(path: Path) -> Pattern:
    """The pattern of a path: it leads to all places of its sort."""
    return tuple(ITEM if isinstance(step, int) else step for step in path)


class SuffixTable(Generic[T]):
    """What is known about places, by the end of their pattern: the longest end that is listed counts."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._entries = {parse_pattern(text): entry for text, entry in entries.items()}
        self._longest = max(map(len, self._entries), default=0)

    def find(self, pattern: Pattern) -> T | None:
        """The entry of the longest listed end of a pattern."""
        for length in range(min(self._longest, len(pattern)), 0, -1):
            found = self._entries.get(pattern[-length:])
            if found is not None:
                return found
        return None
