"""What one document sees of the others: which documents its identity blocks mean, and what those offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tsdeploy.tml.columns.offered import formula_ways, offers_columns
from tsdeploy.tml.columns.scope import Known, Offer, Scope, Sets, Source, make_offer
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Index, index
from tsdeploy.tml.sets import models_of_set
from tsdeploy.tml.spots import Spot, body
from tsdeploy.tml.syntax import Path

_SOURCE_LISTS = (("model_tables",), ("tables",), ("schema", "tables"))
_ENDS = ("source", "destination", "with")


@dataclass(frozen=True, slots=True, eq=False)
class ColumnIndex:
    """Documents by key, and what they offer. ``keys`` are the keys by the id of the document."""

    documents: Mapping[str, Document]
    identities: Index
    keys: Mapping[int, str]
    offers: Mapping[str, Offer]
    sets: Sets


def index_columns(documents: Mapping[str, Document]) -> ColumnIndex:
    """Look at documents once. The keys are those of a graph of them (``GraphOf.documents``)."""
    identities = index(documents.values())
    keys = {id(document): key for key, document in documents.items()}
    offers = {key: make_offer(key, document) for key, document in documents.items() if offers_columns(document)}
    sets: dict[tuple[str, str], tuple[ColumnRef, ...]] = {}
    for key, document in documents.items():
        if document.kind.name == "cohort":
            for model in dict.fromkeys(keys[id(model)] for model in models_of_set(document, identities)):
                name = (model, document.name.casefold())
                sets[name] = (*sets.get(name, ()), ColumnRef(key, document.name))
    return ColumnIndex(documents, identities, keys, offers, sets)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A document, and what the identity blocks at each path of it mean."""

    document: Document
    key: str
    columns: ColumnIndex
    meant: Mapping[Path, tuple[Offer, ...]]

    @property
    def body(self) -> Spot:
        """The content of the document."""
        return body(self.document)

    @property
    def own(self) -> tuple[Offer, ...]:
        """What the document itself offers."""
        offer = self.columns.offers.get(self.key)
        return (offer,) if offer else ()

    def own_names(self, *, parts_only: bool = False) -> Mapping[str, Known]:
        """The names of the document's own columns; of its formulas and parameters alone where only they are seen."""
        if not parts_only:
            return self.own[0].folded if self.own else {}
        parts = {spot.text for key in ("formulas", "parameters") for spot in self.body.each(key, "name")}
        parts |= {spot.text for spot in self.body.each("formulas", "id")}
        return {
            way: known
            for offer in self.own
            for way, known in offer.folded.items()
            if known.column is not None and not parts.isdisjoint(offer.columns[known.column.column].ways)
        }

    def local_names(self, holder: Spot) -> dict[str, Known]:
        """The names of an answer's own formulas, parameters and sets."""
        given = [
            *formula_ways(spot.text for key in ("id", "name") for spot in holder.each("formulas", key)),
            *(spot.text for key in ("parameters", "cohorts") for spot in holder.each(key, "name")),
        ]
        return {name.strip().casefold(): Known(name) for name in given if name}

    def sources(self, holder: Spot, besides: Mapping[str, Source] | None = None) -> dict[str, Source]:
        """The tables that something is built on, by each name that it and its join paths call them.

        Join paths may also lead to what is there ``besides``.
        """
        found = dict(besides or {})
        for table in (table for keys in _SOURCE_LISTS for table in holder.each(*keys)):
            alias = table.text_of("alias")
            for name in (alias,) if alias else (table.text_of("id"), table.text_of("name"), table.text):
                if name:
                    found[name.casefold()] = Source(name, self.meant.get(table.path, ()))
        for path in holder.each("table_paths"):
            name = path.text_of("id")
            if name:
                end = found.get(path.text_of("table").casefold())
                found[name.casefold()] = Source(name, end.offers if end is not None else ())
        return found

    def ends(self, join: Spot) -> dict[str, Source]:
        """The tables that a join of this document compares, by name."""
        found = {self.document.name.casefold(): Source(self.document.name, self.own)}
        for end in (end for key in _ENDS for end in join.each(key)):
            for name in (end.text_of("id"), end.text_of("name"), end.text):
                if name:
                    found[name.casefold()] = Source(name, self.meant.get(end.path, ()))
        return found

    def scope(self, holder: Spot, local: Mapping[str, Known]) -> Scope:
        """Own names, and those of the sources with or without the source in front."""
        sources = self.sources(holder)
        return Scope(local, sources, distinct(source.offers for source in sources.values()), self.columns.sets)

    def scope_of(self, offers: Iterable[Offer], local: Mapping[str, Known]) -> Scope:
        """As ``scope``, for what hangs on documents without a list of sources, such as feedback."""
        found = tuple(offers)
        names = (self.columns.documents[offer.key].name for offer in found)
        sources = {name.casefold(): Source(name, (offer,)) for name, offer in zip(names, found, strict=True)}
        return Scope(local, sources, found, self.columns.sets)


def make_sight(document: Document, key: str, columns: ColumnIndex) -> Sight:
    """Resolve the references of a document."""
    meant = {
        reference.path: tuple(
            columns.offers[columns.keys[id(other)]]
            for other in columns.identities.meant(document, reference)
            if columns.keys[id(other)] in columns.offers
        )
        for reference in document.references
    }
    return Sight(document, key, columns, meant)


def distinct(groups: Iterable[Iterable[Offer]]) -> tuple[Offer, ...]:
    """Every offer once."""
    return tuple({offer.key: offer for group in groups for offer in group}.values())
