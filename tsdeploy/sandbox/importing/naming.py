"""The columns that an object names, read with what the import found its references to mean.

A document may refer by a GUID that is dead or a name that is not unique; what counts is what the import resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tsdeploy.sandbox.importing.world import Subject, World
from tsdeploy.tml.columns.reading import ColumnReader, make_reader
from tsdeploy.tml.columns.scope import Offer, make_offer
from tsdeploy.tml.columns.sight import ColumnIndex, make_sight
from tsdeploy.tml.columns.use import ColumnRef, Unknown, Use
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import IndexOf
from tsdeploy.tml.references import Reference

_OFFERS_KEPT = 2048
_FEEDBACK_PLACES = ("guid", "obj_id")


@dataclass(frozen=True, slots=True)
class _Resolved(IndexOf[Document]):
    """References that mean what the import says: by the document they stand in, place → GUID."""

    documents: Mapping[str, Document]
    links: Mapping[int, Mapping[str, str]]

    def meant(self, document: Described, reference: Reference) -> tuple[Document, ...]:
        links = self.links.get(id(document), {})
        # Feedback names its Model by the identity at its root, whichever of the two that is.
        place = _FEEDBACK_PLACES[0] if reference.where in _FEEDBACK_PLACES else reference.where
        target = self.documents.get(links.get(place, ""))
        return (target,) if target is not None else ()


def unknown_names(subject: Subject, links: Mapping[str, str], world: World) -> Iterator[Unknown]:
    """The names of columns in an object that mean nothing to its sources."""
    index = _columns(_seen(subject, links, world), {subject.guid: links}, world)
    sight = make_sight(subject.document, subject.guid, index)
    yield from ColumnReader(index, {subject.guid: sight}, {}).unknown(subject.guid)


def columns_used(subject: Subject, links: Mapping[str, str], world: World, before: Subject) -> Iterator[Use]:
    """The columns that an object uses, one of the objects that it stands on being as it was before the import.

    A join that is used by its name uses the columns that it compares.
    """
    seen = {**_seen(subject, links, world), before.guid: before}
    known = {guid: world.links(guid) for guid in seen} | {subject.guid: links}
    reader = make_reader(_columns(seen, known, world))
    return (found for found in reader.read(subject.guid) if isinstance(found, Use))


def _seen(subject: Subject, links: Mapping[str, str], world: World) -> dict[str, Subject]:
    """The object, the data that it stands on, and the sets on that data."""
    targets = [world.at(guid) for guid in dict.fromkeys(links.values())]
    sources = [target for target in targets if target is not None and target.guid != subject.guid]
    cohorts = [cohort for source in sources for cohort in world.cohorts_on(source)]
    return {found.guid: found for found in (*cohorts, *sources, subject)}


def _columns(seen: Mapping[str, Subject], links: Mapping[str, Mapping[str, str]], world: World) -> ColumnIndex:
    documents = {guid: found.document for guid, found in seen.items()}
    by_document = {id(documents[guid]): places for guid, places in links.items()}
    sets: dict[tuple[str, str], tuple[ColumnRef, ...]] = {}
    for guid, found in seen.items():
        if found.kind == "cohort":
            sets[world.model_of(found), found.name.casefold()] = (ColumnRef(guid, found.name),)
    return ColumnIndex(
        documents=documents,
        identities=_Resolved({}, {}, {}, documents, by_document),
        keys={id(document): guid for guid, document in documents.items()},
        offers={guid: _offer(guid, documents[guid]) for guid, found in seen.items() if _offers(found)},
        sets=sets,
    )


def _offers(found: Subject) -> bool:
    return found.document.kind.is_data or found.kind == "cohort"


@lru_cache(maxsize=_OFFERS_KEPT)
def _offer(guid: str, document: Document) -> Offer:
    """What a document offers. A Model is asked by every answer on it, and read once."""
    return make_offer(guid, document)
