"""What a graph asks of a document, so that it can also be built from an index that holds no text."""

from __future__ import annotations

from typing import Protocol

from tsdeploy.errors import Location
from tsdeploy.tml.kinds import Kind
from tsdeploy.tml.references import Reference


class Described(Protocol):
    """One object: who it is, where it lies, and what it refers to. A Document is one."""

    @property
    def path(self) -> str:
        """Where it came from."""

    @property
    def kind(self) -> Kind:
        """What it is."""

    @property
    def name(self) -> str:
        """How people call it."""

    @property
    def guid(self) -> str:
        """Its GUID, or ""."""

    @property
    def obj_id(self) -> str:
        """Its portable id, or ""."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """What it refers to."""

    @property
    def key(self) -> str:
        """What names it among its project's; see ``Document.key``."""

    @property
    def label(self) -> str:
        """Kind and name: ``model:Sales``."""

    def at(self, index: int) -> Location:
        """The file, line and column of a reference's position."""


def identities(document: Described) -> list[str]:
    """What an object may be known by. GUID and obj_id both count, so that switching between them changes nobody."""
    if not document.kind.owned:
        return [document.key]
    return [identity for identity in (document.guid, document.obj_id) if identity] or [document.key]
