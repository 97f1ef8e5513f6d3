"""Every use of columns in a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from tsdeploy.tml.columns.names import Name, bracketed, whole
from tsdeploy.tml.columns.parts import Part, parts_of, table_joins
from tsdeploy.tml.columns.places import ANY, ColumnPlace, Writing
from tsdeploy.tml.columns.scope import Meaning, Scope, Source
from tsdeploy.tml.columns.sight import ColumnIndex, Sight, make_sight
from tsdeploy.tml.columns.use import ColumnRef, Unknown, Use
from tsdeploy.tml.step_tree import StepTree
from tsdeploy.tml.syntax import Mapping, Path, Scalar, node_at
from tsdeploy.tml.tape import Tape, Value


@dataclass(frozen=True, slots=True)
class Join:
    """A join that others can use by its name, and the columns that it compares."""

    name: str
    columns: tuple[ColumnRef, ...] = ()


Joins = MappingType[str, MappingType[str, Join]]
"""The joins by the key of the document that has them, and their names in lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnReader:
    """Reads documents of one set; ``sights`` by key, ``joins`` those of all of them."""

    index: ColumnIndex
    sights: MappingType[str, Sight]
    joins: Joins

    def read(self, key: str) -> Iterator[Use | Unknown]:
        """The uses of one document in the order of its parts, and the names that mean nothing to its sources.

        A name is unknown also where the source itself is in no file.
        """
        for part in parts_of(self.sights[key]):
            for found in _found(part, part.places.every):
                site = _Site(key, part, *found)
                yield from site.join(self.joins) if site.place.writing is Writing.JOIN else site.names()

    def unknown(self, key: str) -> Iterator[Unknown]:
        """The names in the strict places of one document that mean nothing to its sources."""
        for part in parts_of(self.sights[key]):
            for place, path, number in _found(part, part.places.strict):
                site = _Site(key, part, place, path, number)
                for name in site.written():
                    if part.scope.resolve(name) is None and name.text:
                        yield site.unknown(name)

    def joins_for(self, sight: Sight, sources: MappingType[str, Source]) -> dict[str, str]:
        """The names of the joins that a document has, or gets from its sources: in lower case → as they are written."""
        keys = dict.fromkeys(offer.key for source in sources.values() for offer in source.offers)
        return {way: join.name for key in (sight.key, *keys) for way, join in self.joins.get(key, {}).items()}


def make_reader(index: ColumnIndex) -> ColumnReader:
    """Look at every document, and at the joins of all tables, which others use by name."""
    sights = {key: make_sight(document, key, index) for key, document in index.documents.items()}
    joins = {key: _joins_of(sight) for key, sight in sights.items() if sight.document.kind.is_data}
    return ColumnReader(index, sights, joins)


def _joins_of(sight: Sight) -> dict[str, Join]:
    found = {item.text_of("name").casefold(): Join(item.text_of("name")) for item in sight.body.each("joins")}
    for name, part in table_joins(sight):
        compared = (
            column
            for spot in part.holder.each("on")
            for written in bracketed(spot.text)
            for column, _ in part.scope.resolve(written) or ()
        )
        found[name.casefold()] = Join(name, tuple(dict.fromkeys(compared)))
    return found


def _found(part: Part, tree: StepTree[ColumnPlace]) -> list[tuple[ColumnPlace, Path, int]]:
    holder = part.holder
    found: list[tuple[ColumnPlace, Path, int]] = []
    _descend(tree, holder.document.root.tape.values, holder.number, holder.path, found)
    return found


def _descend(
    tree: StepTree[ColumnPlace],
    values: list[Value],
    number: int,
    path: Path,
    found: list[tuple[ColumnPlace, Path, int]],
) -> None:
    value = values[number]
    if isinstance(value, list):
        for position, item in enumerate(value):
            _descend(tree, values, item, (*path, position), found)
    elif isinstance(value, dict):
        for place in tree.here:
            if place.writing is Writing.KEYS:
                found += ((place, (*path, text), child) for text, child in value.items())
        for key, below in tree.below.items():
            for name in value if key == ANY else (key,):
                child = value.get(name)
                if child is not None:
                    _descend(below, values, child, (*path, name), found)
    elif value:
        found += ((place, path, number) for place in tree.here if place.writing is not Writing.KEYS)


@dataclass(frozen=True, slots=True, eq=False)
class _Site:
    """One scalar that names columns: a value by its number on the tape, or the key in front of it."""

    key: str
    part: Part
    place: ColumnPlace
    path: Path
    number: int

    @property
    def is_key(self) -> bool:
        return self.place.writing is Writing.KEYS

    @property
    def text(self) -> str:
        return str(self.path[-1] if self.is_key else self._tape.values[self.number])

    @property
    def _tape(self) -> Tape:
        return self.part.holder.document.root.tape

    def names(self) -> Iterator[Use | Unknown]:
        is_display = self.place.writing is Writing.DISPLAY
        for name in self.written():
            scope = self.part.scope
            meanings = _displayed(name, scope) if is_display else scope.resolve(name)
            if meanings is not None:
                yield from (self._use(column, part) for column, part in meanings)
            elif name.text:
                yield self.unknown(name)

    def written(self) -> Iterable[Name]:
        return bracketed(self.text) if self.place.writing is Writing.TEXT else (whole(self.text),)

    def join(self, joins: Joins) -> Iterator[Use]:
        wanted = self.text.casefold()
        offers = {offer.key: None for source in self.part.scope.sources.values() for offer in source.offers}
        found = (joins.get(key, {}).get(wanted) for key in (*offers, self.key))
        compared = dict.fromkeys(column for join in found if join is not None for column in join.columns)
        nothing = Name(self.text, 0, 0)
        yield from (self._use(column, nothing) for column in compared)

    def _use(self, column: ColumnRef, name: Name) -> Use:
        return Use(
            document=self.key,
            column=column,
            role=self.place.role,
            path=self.path,
            position=self._position(name),
            scalar=self._scalar(),
            start=name.start,
            end=name.end,
            escaped=name.escaped,
            is_key=self.is_key,
            makes=self.part.makes,
            part=self.part.label,
        )

    def _scalar(self) -> Scalar:
        root = self.part.holder.document.root
        if self.is_key:
            holder = node_at(root, self.path[:-1])
            assert isinstance(holder, Mapping)
            return holder.entries[self.text][0]
        scalar = node_at(root, self.path)
        assert isinstance(scalar, Scalar)
        return scalar

    def unknown(self, name: Name) -> Unknown:
        lack = self.part.scope.lack(name)
        return Unknown(self.key, name.text, self.place.role, self.path, self._position(name), lack)

    def _position(self, name: Name) -> int:
        """Where the name stands in the text; the start of the scalar where escapes or lines of its own shift it."""
        start = (self._tape.key_starts if self.is_key else self._tape.starts)[self.number]
        text = self.part.holder.document.text
        at = start + (1 if text[start : start + 1] in ("'", '"') else 0) + name.start
        return at if text.startswith(name.written[name.start : name.end], at) else start


def _displayed(name: Name, scope: Scope) -> tuple[Meaning, ...] | None:
    for bare in name.undressed():
        found = scope.resolve(bare)
        if found is not None:
            return found
    return None
