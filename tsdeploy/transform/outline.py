"""What others need to know of a document of a release: who it is. Small, so that all of them fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.errors import Location
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.document import Document, object_key
from tsdeploy.tml.kinds import Kind
from tsdeploy.tml.references import Reference


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A document without its text, its tree and its references. It answers what an index asks of a document."""

    path: str
    kind: Kind
    name: str
    guid: str
    obj_id: str

    @property
    def references(self) -> tuple[Reference, ...]:
        """None are kept."""
        return ()

    @property
    def key(self) -> str:
        """As of a Document."""
        return object_key(self.kind, self.guid or self.obj_id, self.name)

    @property
    def label(self) -> str:
        """As of a Document."""
        return f"{self.kind.name}:{self.name}"

    def at(self, index: int) -> Location:
        """The start of the file."""
        return Location(self.path, 1, 1)


def outline_of(document: Document) -> Outline:
    """The outline of a document."""
    return Outline(document.path, document.kind, document.name, document.guid, document.obj_id)


def minted(document: Document) -> Iterator[str]:
    """The inner GUIDs that a document defines, and that a server may mint anew."""
    for reference in document.references:
        if reference.place.promotion is Promotion.MINT:
            yield reference.guid
