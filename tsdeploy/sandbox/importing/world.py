"""The Org as it will be when the import is done: what is committed, with the objects of the batch over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
        self._batch = {claim.guid: subject_of(claim) for claim in claims}
        self._by_obj_id = {found.obj_id: found for found in self._batch.values() if found.obj_id}
        self._by_name: dict[str, list[Subject]] = {}
        for found in self._batch.values():
            self._by_name.setdefault(found.name, []).append(found)
        self._links: dict[str, Mapping[str, str]] = {}
        self._cohorts: dict[str, tuple[Subject, ...]] = {}

    def settle_links(self, links: Mapping[str, Mapping[str, str]]) -> None:
        """Tell what the references of the batch mean, by GUID and place."""
        self._links = dict(links)

    def links(self, guid: str) -> Mapping[str, str]:
        """What the references of an object mean: place → GUID."""
        return self._links[guid] if guid in self._links else self.objects.links(guid)

    def at(self, guid: str) -> Subject | None:
        """The object with a GUID, if it is in this Org."""
        if guid in self._batch:
            return self._batch[guid]
        stored = self.objects.get(guid) if guid else None
        return subject_stored(stored) if stored is not None and stored.org_id == self.org_id else None

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
        return [subject_stored(item) for item in stored if item.kind in kinds and item.guid not in self._batch]

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

    def cohorts_on(self, source: Subject) -> tuple[Subject, ...]:
        """The sets that stand on a Model or worksheet."""
        if source.guid not in self._cohorts:
            stored = [self.at(guid) for guid in self.objects.dependents_of_kind(source.guid, "cohort")]
            known = [*self._batch.values(), *(found for found in stored if found is not None)]
            on_it = (found for found in known if found.kind == "cohort" and self.model_of(found) == source.guid)
            self._cohorts[source.guid] = tuple({found.guid: found for found in on_it}.values())
        return self._cohorts[source.guid]

    def dependents(self, guid: str) -> list[str]:
        """GUIDs of the committed objects that refer to one."""
        return self.objects.dependents([guid]).get(guid, [])


def subject_of(claim: Claim) -> Subject:
    """What a claim will be."""
    return Subject(claim.guid, claim.kind, claim.name, claim.part.document, claim.obj_id)


def subject_stored(item: StoredObject) -> Subject:
    """What an object is now."""
    return Subject(item.guid, item.kind, item.name, reread(item.text), item.obj_id)
