"""What a check sees: one object, what it refers to, and the Org as it will be."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.request import ImportRequest
from tsdeploy.sandbox.importing.world import Subject, World
from tsdeploy.sandbox.store.warehouses import Warehouses
from tsdeploy.tml.columns.use import Unknown
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class Context:
    """One object of a batch with its references, place → GUID.

    ``unknown`` are the columns it names that its sources lack, without those of parts whose source is missing.
    """

    claim: Claim
    links: dict[str, str]
    world: World
    request: ImportRequest
    warehouses: Warehouses
    unknown: tuple[Unknown, ...] = ()

    @property
    def document(self) -> Document:
        """The object's document."""
        return self.claim.part.document

    def target(self, place: str) -> Subject | None:
        """What the reference at a place means."""
        return self.world.at(self.links.get(place, ""))
