"""The objects in the texts of an import: one each, but for alerts, which come as a list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.sandbox.importing.problems import Problem, syntax_error
from tsdeploy.sandbox.texts.items import span
from tsdeploy.sandbox.texts.reading import read
from tsdeploy.tml import syntax as tml
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One object of an import: from which item of the request, and its document."""

    item: int
    document: Document


@dataclass(frozen=True, slots=True)
class Minter:
    """New GUIDs: the same one each time for the same object and purpose within an import."""

    _minted: dict[tuple[int, str], str] = field(default_factory=dict)

    def mint(self, part: Part, purpose: str) -> str:
        """The new GUID of a part for a purpose."""
        return self._minted.setdefault((id(part), purpose), str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Parts:
    """The objects of an import, and the items that could not be read."""

    parts: tuple[Part, ...]
    unreadable: dict[int, Problem]


def read_parts(texts: Sequence[str]) -> Parts:
    """Read every item; one that is no TML fails alone."""
    parts: list[Part] = []
    unreadable: dict[int, Problem] = {}
    for item, text in enumerate(texts):
        try:
            parts += [Part(item, document) for document in _documents(text, f"item {item}")]
        except TmlError:
            unreadable[item] = syntax_error()
    return Parts(tuple(parts), unreadable)


def _documents(text: str, name: str) -> list[Document]:
    document = read(text, name)
    if not document.kind.known:
        unknown = Finding("TD103", f"{document.kind.root} is no kind of object", Location(name))
        raise TmlError(unknown)
    if not isinstance(document.body, tml.Sequence):
        return [document]
    head = document.text[: span(document.text, document.body, 0)[0]] if document.body.items else document.text
    return [
        read(head + document.text[slice(*span(document.text, document.body, index))], name)
        for index in range(len(document.body.items))
    ]
