"""Words of reports: phrases in Markdown, with every word from outside as inline code, and what people call things."""

from __future__ import annotations

from tsdeploy.markdown import code
from tsdeploy.tml.difference.change import Difference, Phrase, Weight
from tsdeploy.tml.difference.excerpt import excerpt
from tsdeploy.tml.kinds import KINDS

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


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def kind_words(kind: str) -> str:
    """What people call a kind of object."""
    return KINDS[kind].called if kind in KINDS else kind.replace("_", " ")
