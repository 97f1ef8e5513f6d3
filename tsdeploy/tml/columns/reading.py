"""Every use of columns in a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.tml.columns.names import Name, bracketed, whole
from tsdeploy.tml.columns.parts import Part, parts_of, table_joins
from tsdeploy.tml.columns.places import ColumnPlace, Writing
from tsdeploy.tml.columns.scope import Meaning, Scope
from tsdeploy.tml.columns.sight import ColumnIndex, make_sight
from tsdeploy.tml.columns.spots import Spot
from tsdeploy.tml.columns.use import ColumnRef, Unknown, Use
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Scalar

Joins = Mapping[tuple[str, str], tuple[ColumnRef, ...]]
"""The columns that a join compares, by the key of the document that has it and the join's name."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnReader:
    """Reads documents of one set; ``joins`` are those of all of them."""

    columns: ColumnIndex
    joins: Joins

    def read(self, key: str) -> Iterator[Use | Unknown]:
        """The uses of one document in the order of its parts, and the names that mean nothing to its sources.

        A name is unknown also where the source itself is in no file.
        """
        document = self.columns.documents[key]
        for part in parts_of(make_sight(document, key, self.columns)):
            for place in part.places:
                for spot in _spots(part.holder, place):
                    if isinstance(spot.node, Scalar):
                        site = _Site(document, key, part, place, spot, spot.node)
                        yield from site.join(self.joins) if place.writing is Writing.JOIN else site.names()


def uses_of(document: Document, reader: ColumnReader) -> Iterator[Use]:
    """Every use of a column of another document, or of its own, in one of the reader's documents."""
    found = reader.read(reader.columns.keys[id(document)])
    return (use for use in found if isinstance(use, Use) and not use.is_own)


def make_reader(columns: ColumnIndex) -> ColumnReader:
    """Read the joins of all tables, which others use by name."""
    joins: dict[tuple[str, str], tuple[ColumnRef, ...]] = {}
    for key, document in columns.documents.items():
        if not document.kind.is_data:
            continue
        for name, part in table_joins(make_sight(document, key, columns)):
            compared = (
                column
                for spot in part.holder.each("on")
                for written in bracketed(spot.text)
                for column, _ in part.scope.resolve(written) or ()
            )
            joins[key, name.casefold()] = tuple(dict.fromkeys(compared))
    return ColumnReader(columns, joins)


def _spots(holder: Spot, place: ColumnPlace) -> Iterator[Spot]:
    found = holder.each(*place.keys)
    return (key for spot in found for key in spot.key_spots()) if place.writing is Writing.KEYS else found


@dataclass(frozen=True, slots=True, eq=False)
class _Site:
    """One scalar that names columns."""

    document: Document
    key: str
    part: Part
    place: ColumnPlace
    spot: Spot
    scalar: Scalar

    def names(self) -> Iterator[Use | Unknown]:
        scope = self.part.scope
        if self.place.writing is Writing.TEXT:
            for name in bracketed(self.scalar.value):
                yield from self._meant(name, scope.resolve(name))
        elif self.scalar.value:
            name = whole(self.scalar.value)
            is_display = self.place.writing is Writing.DISPLAY
            yield from self._meant(name, _displayed(name, scope) if is_display else scope.resolve(name))

    def join(self, joins: Joins) -> Iterator[Use | Unknown]:
        wanted = self.scalar.value.casefold()
        offers = {offer.key: None for group in self.part.scope.sources.values() for offer in group}
        found = (column for key in (*offers, self.key) for column in joins.get((key, wanted), ()))
        nothing = Name(self.scalar.value, 0, 0)
        yield from (self._use(column, nothing) for column in dict.fromkeys(found))

    def _meant(self, name: Name, meanings: tuple[Meaning, ...] | None) -> Iterator[Use | Unknown]:
        if meanings is not None:
            yield from (self._use(column, part) for column, part in meanings)
        elif name.text:
            position = self._position(name)
            yield Unknown(self.key, name.text, self.place.role, self.spot.path, position, name.start)

    def _use(self, column: ColumnRef, name: Name) -> Use:
        return Use(
            document=self.key,
            column=column,
            role=self.place.role,
            path=self.spot.path,
            position=self._position(name),
            scalar=self.scalar,
            start=name.start,
            end=name.end,
            escaped=name.escaped,
            is_key=self.place.writing is Writing.KEYS,
            makes=self.part.makes,
            part=self.part.label,
        )

    def _position(self, name: Name) -> int:
        """Where the name stands in the text; the start of the scalar where escapes or lines of its own shift it."""
        at = self.scalar.start + (1 if self.scalar.style in ("'", '"') else 0) + name.start
        is_there = self.document.text.startswith(name.written[name.start : name.end], at)
        return at if is_there else self.scalar.start


def _displayed(name: Name, scope: Scope) -> tuple[Meaning, ...] | None:
    for bare in name.undressed():
        found = scope.resolve(bare)
        if found is not None:
            return found
    return None
