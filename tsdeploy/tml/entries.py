"""What a document says of itself and of others, without its text and tree: small enough to keep for a whole estate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Any

from tsdeploy.errors import Location
from tsdeploy.tml.catalogue import places
from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.document import Document, object_key
from tsdeploy.tml.kinds import KINDS, Kind, unknown_kind
from tsdeploy.tml.lines import line_places
from tsdeploy.tml.references import Reference
from tsdeploy.tml.searches import Search, searches_of
from tsdeploy.tml.syntax import Path

Packed = Sequence[Any]
"""An entry as plain lists, numbers and text, for a cache or another process; its path is not part of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in an index. It answers what a graph asks of a document: key, label, references, positions.

    ``searches`` and ``columns`` (the names of what a document offers) tell the use of sets, which TML names only in the
    text of a search.
    """

    path: str
    kind: Kind
    name: str
    guid: str
    obj_id: str
    references: tuple[Reference, ...] = ()
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    searches: tuple[Search, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """As of a Document."""
        return object_key(self.kind, self.guid or self.obj_id, self.name)

    @property
    def label(self) -> str:
        """As of a Document."""
        return f"{self.kind.name}:{self.name}"

    def at(self, index: int) -> Location:
        """The file, line and column of a reference's position; the start of the file for any other index."""
        return Location(self.path, *self.places.get(index, (1, 1)))


def entry_of(document: Document) -> Entry:
    """The entry of a document."""
    return Entry(
        document.path,
        document.kind,
        document.name,
        document.guid,
        document.obj_id,
        tuple(replace(reference, block=None, scalar=None) for reference in document.references),
        line_places(document.text, sorted({reference.position for reference in document.references})),
        searches_of(document),
        tuple(columns_of(document)),
    )


def bare_entry(document: Document) -> Entry:
    """Who a document is, and nothing of what it refers to: small enough to keep for each document of a release."""
    return Entry(document.path, document.kind, document.name, document.guid, document.obj_id)


def pack(entry: Entry) -> Packed:
    """The entry as plain data."""
    numbers = {place: number for number, place in enumerate(places(entry.kind.root))}
    references = [
        [
            numbers[r.place],
            list(r.path),
            r.position,
            *entry.places[r.position],
            r.guid,
            r.obj_id,
            r.name,
            r.start,
            r.end,
        ]
        for r in entry.references
    ]
    searches = [[list(search.path), list(search.names)] for search in entry.searches]
    return [entry.kind.root, entry.name, entry.guid, entry.obj_id, references, searches, list(entry.columns)]


def unpack(packed: Packed, path: str) -> Entry:
    """The entry of plain data, as ``pack`` made it. Equal texts are one object, whatever entries they stand in."""
    root, name, guid, obj_id, references, searches, columns = packed
    catalogue = places(root)
    found = tuple(
        Reference(
            catalogue[number],
            _path(steps),
            position,
            intern(guid),
            intern(obj_id),
            intern(name),
            start=start,
            end=end,
        )
        for number, steps, position, _, _, guid, obj_id, name, start, end in references
    )
    where = {position: (line, column) for _, _, position, line, column, *_ in references}
    named = tuple(Search(_path(steps), tuple(map(intern, names))) for steps, names in searches)
    kind = KINDS.get(root) or unknown_kind(root)
    return Entry(path, kind, name, guid, obj_id, found, where, named, tuple(map(intern, columns)))


def _path(steps: Sequence[str | int]) -> Path:
    return tuple(intern(step) if isinstance(step, str) else step for step in steps)
