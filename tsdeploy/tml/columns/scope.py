"""What a name means at a place: own formulas and parameters, then the columns of the sources, then sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Known:
    """A name as it is written, and the column that it means; None for one that only its own place can use."""

    name: str
    column: ColumnRef | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """The columns of one document, found by any of their names. Case counts only where names differ in nothing else."""

    key: str
    columns: Mapping[str, Column]
    folded: Mapping[str, Known]

    def find(self, name: str) -> ColumnRef | None:
        """The column that goes by a name."""
        if name in self.columns:
            return ColumnRef(self.key, name)
        found = self.folded.get(name.strip().casefold())
        return found.column if found is not None else None


def make_offer(key: str, document: Document) -> Offer:
    """What a document offers."""
    columns = columns_of(document)
    folded: dict[str, Known] = {}
    for name in columns:
        folded.setdefault(name.strip().casefold(), Known(name, ColumnRef(key, name)))
    for name, column in columns.items():
        for way in column.ways:
            if way != name:
                folded.setdefault(way.strip().casefold(), Known(way, ColumnRef(key, name)))
    return Offer(key, columns, folded)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a place is built on: how it is called there, and what it offers; nothing where it is in no file."""

    name: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Lack:
    """Why a name means nothing.

    ``source`` is what stands in front of ``::``, ``""`` where the name was looked for among all sources; ``offers`` are
    those that it was looked for in, none where there is no such source. ``is_certain`` says whether all that it may be
    in is at hand. ``scope`` is what is known at the place.
    """

    source: str
    column: str
    offers: tuple[Offer, ...]
    is_certain: bool
    scope: Scope

    def known(self) -> list[str]:
        """The names that could have stood there: of sources, or of columns."""
        if self.source and not self.offers:
            return [source.name for source in self.scope.sources.values()]
        local = () if self.source else self.scope.local.values()
        return [known.name for names in (local, *(offer.folded.values() for offer in self.offers)) for known in names]


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What names mean at a place.

    ``local`` are names of the place's own, ``sources`` what it is built on by each name that has there, both in lower
    case; ``bare`` are the offers whose columns need no ``SOURCE::``. ``is_qualified``: all but own names need one.
    """

    local: Mapping[str, Known] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    bare: tuple[Offer, ...] = ()
    sets: Sets = field(default_factory=dict)
    is_qualified: bool = False

    def resolve(self, name: Name) -> tuple[Meaning, ...] | None:
        """The columns that a name may mean; none for one that is only local, None when it is not known."""
        text = name.text
        own = self.local.get(text.casefold())
        if own is not None:
            return ((own.column, name.ending_in(own.column.column)),) if own.column else ()
        found = self._qualified(name) or _in(self.bare, name) or self._sets(name, self.bare)
        return tuple(found) or None

    def lack(self, name: Name) -> Lack:
        """Why a name is not known; it must not be."""
        splits = [(table, column.text) for table, column in name.splits()]
        for table, column in splits:
            source = self.sources.get(table.casefold())
            if source is not None:
                return Lack(table, column, source.offers, bool(source.offers), self)
        is_complete = bool(self.sources) and all(source.offers for source in self.sources.values())
        if splits:
            return Lack(*splits[0], (), is_complete or (self.is_qualified and bool(self.sources)), self)
        return Lack("", name.text, self.bare, is_complete or self.is_qualified, self)

    def _qualified(self, name: Name) -> list[Meaning]:
        for table, column in name.splits():
            source = self.sources.get(table.casefold())
            if source is not None:
                found = _in(source.offers, column) or self._sets(column, source.offers)
                if found:
                    return found
        return []

    def _sets(self, name: Name, offers: Iterable[Offer]) -> list[Meaning]:
        if not self.sets:
            return []
        folded = name.text.casefold()
        return [(one, name) for offer in offers for one in self.sets.get((offer.key, folded), ())]


def _in(offers: Iterable[Offer], name: Name) -> list[Meaning]:
    text = name.text
    found = (offer.find(text) for offer in offers)
    return [(column, name.ending_in(column.column)) for column in found if column is not None]
