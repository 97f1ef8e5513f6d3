"""The nouns of a difference: what changed, where, how much it weighs, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from tsdeploy.errors import Location
from tsdeploy.tml.syntax import Plain


class Weight(str, Enum):
    """What a difference touches, the heaviest first."""

    STRUCTURE = "structure"
    """What data there is, how it is joined and who sees it: what other objects are built on."""
    CONTENT = "content"
    """What an object says or shows."""
    LAYOUT = "layout"
    """Where and in which colour it shows it."""
    NOISE = "noise"
    """What a server, a release or an editor changes by itself."""

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Weight).index(self)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text from a document inside a phrase: whoever prints it must escape it. ``marks`` asks for quotation marks."""

    text: str
    marks: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if self.marks else self.text


Phrase: TypeAlias = "tuple[str | Quoted, ...]"
"""Words of this project and, as Quoted, words of the document."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change in the user's words.

    ``what`` is stable and for machines (``column.added``); ``at`` names the place with list items by their natural
    keys. ``location`` is where it stands in the new text, or in the old one when it is gone. ``before`` and
    ``after`` are the values, None where there is none, secrets masked. ``covers`` are the places of all fields that
    the sentence speaks for.
    """

    what: str
    weight: Weight
    at: str
    subject: Phrase
    predicate: str = ""
    old: str | None = None
    new: str | None = None
    before: Plain | None = None
    after: Plain | None = None
    location: Location | None = None
    covers: tuple[str, ...] = ()

    @property
    def head(self) -> Phrase:
        """The sentence without values."""
        return (*self.subject, f" {self.predicate}") if self.predicate else self.subject

    @property
    def sentence(self) -> str:
        """The whole sentence, values in full length and nothing escaped."""
        text = "".join(map(str, self.head))
        if self.old is None and self.new is None:
            return text
        colon = ":" if self.predicate else ""
        return f"{text}{colon} {' → '.join(value for value in (self.old, self.new) if value is not None)}"


def heaviest(differences: tuple[Difference, ...]) -> Weight:
    """The heaviest weight among differences; noise where there are none."""
    return min((difference.weight for difference in differences), key=lambda weight: weight.rank, default=Weight.NOISE)
