"""The Org as it will be when the import is done: what is committed, with the objects of the batch over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.store.objects import Objects, StoredObject
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something a reference can mean."""

    guid: str
    kind: str
    name: str
    document: Document
    obj_id: str = ""


class World:
    """An Org with a batch laid over it."""

    def __init__(self, objects: Objects, org_id: int, claims: Iterable[Claim]) -> None:
        self.objects = objects
        self.org_id = org_id
        self._batch = {claim.guid: _of_claim(claim) for claim in claims}
        self._by_obj_id = {found.obj_id: found for found in self._batch.values() if found.obj_id}
        self._by_name: dict[str, list[Subject]] = {}
        for found in self._batch.values():
            self._by_name.setdefault(found.name, []).append(found)

    def at(self, guid: str) -> Subject | None:
        """The object with a GUID, if it is in this Org."""
        if guid in self._batch:
            return self._batch[guid]
        stored = self.objects.get(guid) if guid else None
        return _of_stored(stored) if stored is not None and stored.org_id == self.org_id else None

    def with_obj_id(self, obj_id: str) -> Subject | None:
        """The object with an obj_id: of the batch, else of the Org."""
        if not obj_id:
            return None
        stored = self._by_obj_id.get(obj_id) or self.objects.by_obj_id(self.org_id, obj_id)
        return self.at(stored.guid) if stored else None

    def named(self, name: str, kinds: Collection[str]) -> list[Subject]:
        """The objects with a name: those of the batch if there are any, else those of the Org."""
        in_batch = [found for found in self._by_name.get(name, []) if found.kind in kinds]
        if in_batch:
            return in_batch
        stored = self.objects.named(self.org_id, name) if name else []
        return [_of_stored(item) for item in stored if item.kind in kinds and item.guid not in self._batch]

    def model_of(self, cohort: Subject) -> str:
        """The GUID of the Model or worksheet that a set stands on, or ""."""
        if cohort.guid not in self._batch:
            return self.objects.links(cohort.guid).get("cohort.worksheet", "")
        for reference in cohort.document.references:
            if str(reference.place) == "cohort.worksheet":
                named = self.named(reference.name, reference.place.targets)
                found = self.with_obj_id(reference.obj_id) or self.at(reference.guid) or next(iter(named), None)
                return found.guid if found else ""
        return ""

    def cohorts_on(self, source: Subject) -> set[str]:
        """The names of the sets that stand on a Model or worksheet."""
        stored = [self.at(guid) for guid in self.dependents(source.guid)]
        known = [*self._batch.values(), *(found for found in stored if found is not None)]
        return {found.name for found in known if found.kind == "cohort" and self.model_of(found) == source.guid}

    def dependents(self, guid: str) -> list[str]:
        """GUIDs of the committed objects that refer to one."""
        return self.objects.dependents([guid]).get(guid, [])


def _of_claim(claim: Claim) -> Subject:
    return Subject(claim.guid, claim.kind, claim.name, claim.part.document, claim.obj_id)


def _of_stored(item: StoredObject) -> Subject:
    return Subject(item.guid, item.kind, item.name, reread(item.text), item.obj_id)
