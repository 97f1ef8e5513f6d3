"""A message of the server becomes an explanation with a place in a file; one that nobody knows stays as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.deploy.message_catalogue import CATALOGUE, Message
from tsdeploy.errors import Location
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Scalar, path_text, walk

_BREAK = re.compile(r"<\s*/?\s*(br|li|ul|p)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BLANKS = re.compile(r"\s+")
_NAMING = frozenset({"name", "id", "column_id", "db_column_name", "with", "destination", "formula_id", "type"})


@dataclass(frozen=True, slots=True)
class Explained:
    """One message. ``known`` is None for what the catalogue does not have; ``name`` is what the message is about."""

    text: str
    known: Message | None = None
    means: str = ""
    hint: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.means} (it says: {self.text})" if self.means else self.text


def plain_text(message: str) -> str:
    """A server message without its HTML, in one line."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("; ", message)))
    return re.sub(r"(?:\s*;\s*)+", "; ", _BLANKS.sub(" ", text)).strip("; ")


def explain(text: str) -> Explained:
    """What a plain text means; the first entry of the catalogue that knows it decides."""
    for message in CATALOGUE:
        match = message.pattern.search(text)
        if match is not None:
            found = {key: (value or "").strip() for key, value in match.groupdict().items()}
            # Only names that the catalogue's own patterns have can be asked for: nothing of the text is a format.
            return Explained(
                text, message, _filled(message.means, found), _filled(message.hint, found), found.get("name", "")
            )
    return Explained(text)


def _filled(template: str, found: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: found.get(match.group(1), match.group()), template)


def place_of(name: str, document: Document) -> tuple[Location, str]:
    """Where a document says a name, and the path there; its beginning where it does not.

    What names something (``name``, ``column_id`` …) comes before text that only contains the name.
    """
    best: tuple[int, Scalar, str] | None = None
    for rank, scalar, path in _mentions(name, document) if name else ():
        if best is None or rank < best[0]:
            best = (rank, scalar, path)
    if best is None:
        return document.at(document.body.start), ""
    return document.at(best[1].start), best[2]


def _mentions(name: str, document: Document) -> Iterator[tuple[int, Scalar, str]]:
    wanted = name.casefold()
    for path, scalar in walk(document.root):
        if wanted in scalar.value.casefold():
            last = scalar.value.rpartition("::")[2]
            naming = str(path[-1]) in _NAMING
            rank = (0 if last == name else 1) if naming and last.casefold() == wanted else 2
            yield rank, scalar, path_text(path)
