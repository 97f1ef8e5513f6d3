"""What a name means at a place: own formulas and parameters, then the columns of the sources, then sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tsdeploy.tml.columns.names import Name
from tsdeploy.tml.columns.offered import Column, columns_of
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.document import Document

Meaning: TypeAlias = "tuple[ColumnRef, Name]"
"""A column, and the part of what is written that is its name."""

Sets: TypeAlias = "Mapping[tuple[str, str], tuple[ColumnRef, ...]]"
"""The sets that hang on a model, by the model's key and the set's name in lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """The columns of one document, found by any of their names. Case counts only where names differ in nothing else."""

    key: str
    columns: Mapping[str, Column]
    folded: Mapping[str, str]

    def find(self, name: str) -> ColumnRef | None:
        """The column that goes by a name."""
        found = name if name in self.columns else self.folded.get(name.strip().casefold())
        return ColumnRef(self.key, found) if found is not None else None


def make_offer(key: str, document: Document) -> Offer:
    """What a document offers."""
    columns = columns_of(document)
    folded: dict[str, str] = {}
    for name in columns:
        folded.setdefault(name.strip().casefold(), name)
    for name, column in columns.items():
        for way in column.ways:
            folded.setdefault(way.strip().casefold(), name)
    return Offer(key, columns, folded)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What names mean at a place.

    ``local`` are names of the place's own, in lower case; None for one that nobody else can use. ``sources`` are
    documents by each name they are called there, in lower case; ``bare`` those whose columns need no ``SOURCE::``.
    """

    local: Mapping[str, ColumnRef | None] = field(default_factory=dict)
    sources: Mapping[str, tuple[Offer, ...]] = field(default_factory=dict)
    bare: tuple[Offer, ...] = ()
    sets: Sets = field(default_factory=dict)

    def resolve(self, name: Name) -> tuple[Meaning, ...] | None:
        """The columns that a name may mean; none for one that is only local, None when it is not known."""
        text = name.text
        if text.casefold() in self.local:
            own = self.local[text.casefold()]
            return ((own, name.ending_in(own.column)),) if own else ()
        found = list(self._qualified(name)) or list(_in(self.bare, name)) or list(self._sets(name, self.bare))
        return tuple(found) if found else None

    def _qualified(self, name: Name) -> Iterator[Meaning]:
        for table, column in name.splits():
            offers = self.sources.get(table.casefold(), ())
            found = list(_in(offers, column)) or list(self._sets(column, offers))
            if found:
                yield from found
                return

    def _sets(self, name: Name, offers: Iterable[Offer]) -> Iterator[Meaning]:
        for offer in offers:
            for one in self.sets.get((offer.key, name.text.casefold()), ()):
                yield one, name


def _in(offers: Iterable[Offer], name: Name) -> Iterator[Meaning]:
    for offer in offers:
        found = offer.find(name.text)
        if found is not None:
            yield found, name.ending_in(found.column)
