"""A document in which a merge left its marks, as lines for tools that compare lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.errors import TmlError
from tsdeploy.tml.difference.listing import listing
from tsdeploy.tml.document import parse_document

_MARK = re.compile(r"^(?:<{7,}|\|{7,}|={7,}|>{7,})(?: .*)?$")
_BEHIND = {"<": (True, False), "|": (False, False), "=": (False, True), ">": (True, True)}
"""Whether the lines behind a mark are ours, and whether they are theirs."""


def conflicted_listing(text: str, path: str) -> list[str] | None:
    """The listings of both sides in one, with marks around what differs.

    None where there are no marks, or a side by itself is no document either.
    """
    sides = _sides(text)
    if sides is None:
        return None
    try:
        ours, theirs = (list(listing(parse_document(side, path))) for side in sides)
    except TmlError:
        return None
    return list(_marked(ours, theirs))


def _sides(text: str) -> tuple[str, str] | None:
    """The text without conflicts, as one side has it and as the other."""
    ours, theirs = [], []
    is_ours, is_theirs, marks = True, True, 0
    for line in text.splitlines(keepends=True):
        if _MARK.match(line.rstrip("\r\n")):
            is_ours, is_theirs = _BEHIND[line[0]]
            marks += 1
            continue
        ours += [line] if is_ours else []
        theirs += [line] if is_theirs else []
    return ("".join(ours), "".join(theirs)) if marks else None


def _marked(ours: list[str], theirs: list[str]) -> Iterator[str]:
    """In one pass, whatever repeats: where both go on with lines that the other has elsewhere, one of each differs."""
    in_ours, in_theirs = frozenset(ours), frozenset(theirs)
    own = other = 0
    while own < len(ours) or other < len(theirs):
        if ours[own : own + 1] == theirs[other : other + 1]:
            yield ours[own]
            own, other = own + 1, other + 1
            continue
        end, other_end = _until(ours, own, in_theirs), _until(theirs, other, in_ours)
        if (end, other_end) == (own, other):
            end, other_end = end + 1, other_end + 1
        yield from ("<<<<<<< ours", *ours[own:end], "=======", *theirs[other:other_end], ">>>>>>> theirs")
        own, other = min(end, len(ours)), min(other_end, len(theirs))


def _until(lines: list[str], start: int, known: frozenset[str]) -> int:
    """Where the next line is that is known."""
    return next((number for number in range(start, len(lines)) if lines[number] in known), len(lines))
