"""Phrases in Markdown: words of this project as they are, every word from outside as inline code."""

from __future__ import annotations

from tsdeploy.markdown import code
from tsdeploy.tml.difference.change import Difference, Phrase, Weight
from tsdeploy.tml.difference.excerpt import excerpt

_LIMIT = 120


def phrase(parts: Phrase) -> str:
    """A phrase as Markdown."""
    return "".join(part if isinstance(part, str) else code(part.text) for part in parts)


def plain_phrase(parts: Phrase) -> str:
    """A phrase as plain text, nothing escaped."""
    return "".join(map(str, parts))


def sentence(difference: Difference, *, marked: bool = True) -> str:
    """A difference in one line of Markdown; noise is ``marked`` as such where that is not said otherwise."""
    head = phrase(difference.head)
    if marked and difference.weight is Weight.NOISE:
        head += " (noise)"
    if difference.old is None and difference.new is None:
        return head
    old, new = excerpt(difference.old or "", difference.new or "", _LIMIT)
    sides = [code(text) for text, side in ((old, difference.old), (new, difference.new)) if side is not None]
    return f"{head}{':' if difference.predicate else ''} {' → '.join(sides)}"
