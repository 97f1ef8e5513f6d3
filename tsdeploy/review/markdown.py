"""A review as a comment on a pull request, in as much room as a host gives.

The verdict and every heading are always there. What does not fit is left out by whole items, with how many there are
more and where the whole report is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.markdown import code
from tsdeploy.review.report import Mood, Review
from tsdeploy.review.sections import Section, numbers, sections
from tsdeploy.review.wording import counted

MARKER = "[//]: # (tsdeploy review)"
"""The first line of a comment, by which it is found again: a link definition, which every Markdown shows as nothing."""

_SIGNS = {Mood.STOP: "⛔", Mood.LOOK: "⚠️", Mood.FINE: "✅"}
_POINTER = "the whole report is in the artifact of this run"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a host's comments take: ``limit`` UTF-16 units, and whether ``<details>`` folds."""

    limit: int
    folds: bool = True


GITHUB = Dialect(65_536)


def review_markdown(review: Review, dialect: Dialect = GITHUB, pointer: str = "") -> str:
    """The comment, as GitHub takes it unless told otherwise. ``pointer`` says in plain text where the report is."""
    head = "\n".join((MARKER, "", *_head(review)))
    parts = [_Part(section, dialect, pointer or _POINTER) for section in sections(review)]
    room = dialect.limit - _size(head) - sum(part.least for part in parts)
    body = []
    for part in parts:
        text = part.text(room)
        room -= _size(text) - part.least
        body.append(text)
    return head + "".join(body)


def _head(review: Review) -> Iterator[str]:
    verdict = review.verdict()
    yield f"### {_SIGNS[verdict.mood]} {verdict.text}"
    yield ""
    counts = numbers(review)
    if counts:
        yield f"{counts} — in {counted(len(review.objects), 'object')}"
        yield ""
    yield f"{code(review.base.shown)} → {code(review.head.shown)}"
    yield ""
    yield ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A section as a host shows it."""

    section: Section
    dialect: Dialect
    pointer: str

    @property
    def least(self) -> int:
        """The room of the section without any of its items."""
        return _size(self._framed((), len(self.section.items)))

    def text(self, room: int) -> str:
        """The section in its least room and so much more."""
        everything = self.section.items
        most, size = 0, 0
        while most < len(everything) and size + _size(everything[most]) + 1 <= room:
            size += _size(everything[most]) + 1
            most += 1
        # "and 9 more" takes other room than "9 items".
        texts = (self._framed(everything[:count], len(everything) - count) for count in range(most, -1, -1))
        return next((text for text in texts if _size(text) <= self.least + room), self._framed((), len(everything)))

    def _framed(self, items: Sequence[str], missing: int) -> str:
        lines = [*self._opening(), ""]
        if self.section.lead:
            lines += [self.section.lead, ""]
        lines += items
        if missing:
            more = f"and {missing} more" if items else counted(missing, "item")
            lines.append(f"- {more}; {code(self.pointer)}")
        lines += ["", *(("</details>", "") if self.dialect.folds else ())]
        return "\n".join((*lines, ""))

    def _opening(self) -> tuple[str, ...]:
        if not self.dialect.folds:
            return (f"#### {self.section.heading}",)
        state = "<details open>" if self.section.unfolded else "<details>"
        return (state, f"<summary><b>{self.section.heading}</b></summary>")


def _size(text: str) -> int:
    """In UTF-16 units: no host counts more for a character."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
