"""The objects in the texts of an import: one each, but for alerts, which come as a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing.problems import Problem, syntax_error
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.texts.items import span
from tsdeploy.sandbox.texts.reading import read
from tsdeploy.tml import edit
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

    new_guid: Callable[[], str]
    _minted: dict[tuple[int, str], str] = field(default_factory=dict)

    def mint(self, part: Part, purpose: str) -> str:
        """The new GUID of a part for a purpose."""
        minted = self._minted.get((id(part), purpose))
        return minted or self._minted.setdefault((id(part), purpose), self.new_guid())


@dataclass(frozen=True, slots=True)
class Parts:
    """The objects of an import, and the items that could not be read."""

    parts: tuple[Part, ...]
    unreadable: dict[int, Problem]


_KINDS_SINCE: Final = {"column_security_rules": "10.12", "column_alias": "10.13", "collection": "26.4"}
_OBJ_IDS_SINCE: Final = "10.6"


def read_parts(texts: Sequence[str], release: str) -> Parts:
    """Read every item; one that is no TML, or of a kind that the release does not know, fails alone."""
    parts: list[Part] = []
    unreadable: dict[int, Problem] = {}
    for item, text in enumerate(texts):
        try:
            parts += [Part(item, _as_known(document, release)) for document in _documents(text, f"item {item}")]
        except TmlError:
            unreadable[item] = syntax_error()
    return Parts(tuple(parts), unreadable)


def _as_known(document: Document, release: str) -> Document:
    """A document as a release understands it: older ones know no obj_ids, and read past them."""
    kind = document.kind.name
    if kind in _KINDS_SINCE and not has(release, _KINDS_SINCE[kind]):
        raise TmlError(_unknown_kind(document, kind))
    if has(release, _OBJ_IDS_SINCE):
        return document
    blocks = [reference.block for reference in document.references if reference.block is not None]
    edits = [
        one
        for block in (document.root, *blocks)
        for one in edit.delete(document.text, block, ("obj_id",))
        if len(block.nodes) > 1
    ]
    return read(edit.apply(document.text, edits), document.path)


def _unknown_kind(document: Document, kind: str) -> Finding:
    return Finding("TD103", f"{kind} is no kind of object", Location(document.path))


def _documents(text: str, name: str) -> list[Document]:
    document = read(text, name)
    if not document.kind.known:
        raise TmlError(_unknown_kind(document, document.kind.root))
    if not isinstance(document.body, tml.Sequence):
        return [document]
    head = document.text[: span(document.text, document.body, 0)[0]] if document.body.items else document.text
    return [
        read(head + document.text[slice(*span(document.text, document.body, index))], name)
        for index in guesses.documents_of_list(len(document.body.items))
    ]
