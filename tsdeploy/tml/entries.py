"""What a document says of itself and of others, without its text and tree: small enough to keep for a whole estate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tsdeploy.errors import Location
from tsdeploy.tml.catalogue import places
from tsdeploy.tml.document import Document, object_key
from tsdeploy.tml.kinds import KINDS, Kind, unknown_kind
from tsdeploy.tml.references import Reference

Packed = Sequence[Any]
"""An entry as plain lists, numbers and text, for a cache or another process; its path is not part of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in an index. It answers what a graph asks of a document: key, label, references, positions.

    The use of a set, which TML names only in the text of a search, needs the document itself.
    """

    path: str
    kind: Kind
    name: str
    guid: str
    obj_id: str
    references: tuple[Reference, ...]
    places: dict[int, tuple[int, int]]

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
    )


def line_places(text: str, indexes: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Index → (line, column), both from 1, in one pass over the text; the indexes ascend."""
    found: dict[int, tuple[int, int]] = {}
    line, start, done = 1, 0, 0
    for index in indexes:
        breaks = text.count("\n", done, index)
        if breaks:
            line += breaks
            start = text.rfind("\n", done, index) + 1
        found[index] = (line, index - start + 1)
        done = index
    return found


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
    return [entry.kind.root, entry.name, entry.guid, entry.obj_id, references]


def unpack(packed: Packed, path: str) -> Entry:
    """The entry of plain data, as ``pack`` made it."""
    root, name, guid, obj_id, references = packed
    catalogue = places(root)
    found = tuple(
        Reference(catalogue[number], tuple(steps), position, guid, obj_id, name, start=start, end=end)
        for number, steps, position, _, _, guid, obj_id, name, start, end in references
    )
    where = {position: (line, column) for _, _, position, line, column, *_ in references}
    return Entry(path, KINDS.get(root) or unknown_kind(root), name, guid, obj_id, found, where)
