"""Names of columns as they are written: in brackets, behind ``TABLE::``, or dressed up as ``Total X``, ``Month(X)``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUALIFIER = "::"

# A name in brackets, or a literal to be passed over; what is never closed reaches to the end, so that no text
# is looked at twice.
_TOKEN = re.compile(r"\[((?:[^\]\\]|\\.?)*)(?:\]|\Z)|'(?:[^'\\]|\\.?)*(?:'|\Z)|\"(?:[^\"\\]|\\.?)*(?:\"|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NEEDS_ESCAPE = re.compile(r"[\[\]\\]")

_AGGREGATED = re.compile(
    r"(?:growth of |total |average |minimum |min |maximum |max |median |sum of |unique number of |number of "
    r"|unique count of |count of |std\.? ?deviation of |standard deviation of |stddev |variance of |variance )",
    re.IGNORECASE,
)
_BUCKETED = re.compile(r"[A-Za-z][A-Za-z ]{0,30}\(")
_MAX_DECORATIONS = 3
"""``Growth of Total X``, ``Unique Number of Month(X)``: more than this stands on no column."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name inside a longer text, ``written[start:end]`` of it. ``escaped``: it stands in brackets, with escapes."""

    written: str
    start: int
    end: int
    escaped: bool = False

    @property
    def text(self) -> str:
        """The name itself, without escapes."""
        return self._text(self.start, self.end)

    def _text(self, start: int, end: int) -> str:
        raw = self.written[start:end]
        return _ESCAPED.sub(r"\1", raw) if self.escaped and "\\" in raw else raw

    def part(self, start: int, end: int) -> Name:
        """A part of it; indexes are those of the longer text. Blanks at the ends are left out."""
        return Name(self.written, *_trimmed(self.written, start, end), self.escaped)

    def ending_in(self, name: str) -> Name:
        """The part that is the given name, as in ``formula_X``; an empty one where it does not end so."""
        raw = self.written[self.start : self.end]
        if raw == name and not self.escaped:
            return self
        name = escape(name.strip()) if self.escaped else name.strip()
        start = self.end - len(name) if name and raw.casefold().endswith(name.casefold()) else self.end
        return Name(self.written, start, self.end, self.escaped)

    def splits(self) -> Iterator[tuple[str, Name]]:
        """``TABLE::column`` taken apart, at the first and at the last ``::``: both may hold one."""
        first = self.written.find(_QUALIFIER, self.start, self.end)
        if first < 0:
            return
        for middle in dict.fromkeys((first, self.written.rfind(_QUALIFIER, self.start, self.end))):
            table = self._text(*_trimmed(self.written, self.start, middle))
            yield table, self.part(middle + len(_QUALIFIER), self.end)

    def undressed(self) -> Iterator[Name]:
        """What the display name of an answer's column may stand for, the name itself first."""
        name = self
        yield name
        for _ in range(_MAX_DECORATIONS):
            bare = name._without_decoration()
            if bare is None:
                return
            name = bare
            yield name

    def _without_decoration(self) -> Name | None:
        aggregated = _AGGREGATED.match(self.written, self.start, self.end)
        if aggregated:
            return self.part(aggregated.end(), self.end)
        bucketed = _BUCKETED.match(self.written, self.start, self.end)
        if bucketed and self.written[self.end - 1] == ")":
            return self.part(bucketed.end(), self.end - 1)
        return None


def whole(text: str) -> Name:
    """A text that is one name."""
    return Name(text, *_trimmed(text, 0, len(text)))


def bracketed(text: str) -> Iterator[Name]:
    """The names in brackets of a formula or a search; literals are passed over."""
    for match in _TOKEN.finditer(text):
        if match.group(1) is not None:
            yield Name(text, *_trimmed(text, *match.span(1)), escaped=True)


def tokens(text: str) -> Iterator[str]:
    """The names in brackets of a formula or a search, without escapes; literals are passed over."""
    return (name.text for name in bracketed(text))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the blanks at its ends."""
    raw = text[start:end]
    bare = raw.strip()
    start += raw.find(bare)
    return start, start + len(bare)


def escape(name: str) -> str:
    """A name as it is written in brackets."""
    return _NEEDS_ESCAPE.sub(lambda match: f"\\{match.group()}", name)
