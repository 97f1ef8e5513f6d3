"""Keys and items of block YAML as the whole lines that they stand in, which is what a merge moves about."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.edit import after_entry
from tsdeploy.tml.syntax import Mapping, Node


class Unmergeable(Exception):  # noqa: N818 - no failure: the caller merges line by line instead
    """The documents are written in a way that cannot be merged by item."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a text."""

    source: str
    start: int
    end: int
    prefix: str = ""
    """What stands in the first line in front of the key or item itself: blanks, and the dashes of items."""

    @property
    def text(self) -> str:
        """The lines."""
        return self.source[self.start : self.end]

    @property
    def is_whole(self) -> bool:
        """Whether nothing else begins in the first line, as it does behind the dash of an item."""
        return not self.prefix.strip()

    @classmethod
    def entry(cls, text: str, mapping: Mapping, key: str) -> Lines:
        """The lines of a key and its value."""
        scalar, value = mapping.entries[key]
        return cls._of(text, scalar.start, value)

    @classmethod
    def item(cls, text: str, item: Node) -> Lines:
        """The lines of an item of a list."""
        found = cls._of(text, item.start, item)
        if found.prefix.count("-") != 1:
            raise Unmergeable
        return found

    @classmethod
    def _of(cls, text: str, at: int, value: Node) -> Lines:
        start = text.rfind("\n", 0, at) + 1
        prefix = text[start:at]
        if prefix.strip(" -"):
            raise Unmergeable
        return cls(text, start, after_entry(text, value), prefix)
