"""Whether a regular expression can try one text in more ways than it has characters: a repeat of what repeats.

``(a+)+`` parts a run of ``a`` in every way there is. ``(,a+)*`` cannot: each round begins with a comma, which no ``a``
is. So a repeat within a repeat has to be delimited by a character that the inner one does not take.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as names
    from re import _parser as parser
else:  # the same modules, under the names of before
    import sre_constants as names
    import sre_parse as parser

_CHARACTERS = [chr(code) for code in range(256)]
_REPEATS = (names.MAX_REPEAT, names.MIN_REPEAT)
_CATEGORIES = {
    names.CATEGORY_DIGIT: r"\d",
    names.CATEGORY_NOT_DIGIT: r"\D",
    names.CATEGORY_SPACE: r"\s",
    names.CATEGORY_NOT_SPACE: r"\S",
    names.CATEGORY_WORD: r"\w",
    names.CATEGORY_NOT_WORD: r"\W",
}


def is_ambiguous(pattern: re.Pattern[Any]) -> bool:
    """Whether a repeat of the pattern holds another one that nothing delimits."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return any(_parts_at_will(body) for body in _repeated(parser.parse(text, pattern.flags & ~re.UNICODE & ~re.DEBUG)))


def _repeated(tree: Any) -> Iterator[list[Any]]:
    """The bodies of everything that repeats without an end, however deep."""
    for op, value in tree:
        if op in _REPEATS and value[1] is names.MAXREPEAT:
            yield list(value[2])
        for inner in _inside(op, value):
            yield from _repeated(inner)


def _inside(op: Any, value: Any) -> list[Any]:
    if op in _REPEATS:
        return [value[2]]
    if op is names.SUBPATTERN:
        return [value[3]]
    if op is names.BRANCH:
        return list(value[1])
    if op in (names.ASSERT, names.ASSERT_NOT):
        return [value[1]]
    return []


def _parts_at_will(body: list[Any]) -> bool:
    """Whether a round can take more or less of a run, so that rounds part the run in any way."""
    if len(body) == 1 and body[0][0] is names.SUBPATTERN:
        return _parts_at_will(list(body[0][1][3]))
    if len(body) == 1 and body[0][0] is names.BRANCH:
        return any(_parts_at_will(list(branch)) for branch in body[0][1][1])
    taken = [_set(list(value[2])) for op, value in body if op in _REPEATS and value[1] is names.MAXREPEAT]
    delimiters = [_set([item]) for item in body if item[0] in (names.LITERAL, names.NOT_LITERAL, names.IN, names.ANY)]
    return any(run and not any(run.isdisjoint(one) for one in delimiters) for run in taken)


def _set(items: list[Any]) -> frozenset[str]:
    """The characters that one of the items takes."""
    found: set[str] = set()
    for op, value in items:
        if op is names.LITERAL:
            found.add(chr(value))
        elif op is names.NOT_LITERAL:
            found.update(set(_CHARACTERS) - {chr(value)})
        elif op is names.ANY:
            found.update(_CHARACTERS)
        elif op is names.IN:
            found.update(_class(value))
        else:
            # Of several characters in a row the first decides, as the backslash does of an escape.
            found.update(*(_set(list(inner)[:1]) for inner in _inside(op, value)))
    return frozenset(found)


def _class(items: list[Any]) -> set[str]:
    found: set[str] = set()
    for op, value in items:
        if op is names.LITERAL:
            found.add(chr(value))
        elif op is names.RANGE:
            found.update(chr(code) for code in range(value[0], min(value[1], 255) + 1))
        elif op is names.CATEGORY:
            found.update(one for one in _CHARACTERS if re.match(_CATEGORIES[value], one))
    return set(_CHARACTERS) - found if items and items[0][0] is names.NEGATE else found
