"""The name-to-GUID map of an exported folder: its TML may carry obj_ids or names alone, and still be who it was.

The format is read here by itself, because the sandbox shares nothing with the rest of the project but the TML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document

FILE: Final = "objects.json"


@dataclass(frozen=True, slots=True)
class KnownGuids:
    """GUIDs by kind and obj_id, and by kind and name where the name is the only one of its kind."""

    by_obj_id: Mapping[tuple[str, str], str]
    by_name: Mapping[tuple[str, str], str]

    def of(self, document: Document) -> str:
        """The GUID of an object, "" when nothing is known of it."""
        kind = document.kind.name
        found = self.by_obj_id.get((kind, document.obj_id)) if document.obj_id else None
        return found or ("" if document.obj_id else self.by_name.get((kind, document.name), ""))

    def put_into(self, document: Document) -> Document:
        """The document with its GUID at the root, where it has none and one is known."""
        guid = self.of(document) if document.kind.owned and not document.guid else ""
        if not guid:
            return document
        first = next(iter(document.root.entries))
        change = edit.insert_before(document.text, document.root, first, ("guid", guid), document.dialect)
        return parse_document(edit.apply(document.text, [change]), document.path)


def read_known_guids(folder: Path) -> KnownGuids:
    """The map in a folder, or in that of the environment it was exported from; empty when there is none.

    A map of a deploy's target pairs each object with its source, and says nothing about the TML itself.
    Raises UsageError TD811 for a file that is no such map.
    """
    by_obj_id: dict[tuple[str, str], str] = {}
    by_name: dict[tuple[str, str], set[str]] = {}
    for path in (folder / FILE, *sorted(folder.glob(f"environments/*/{FILE}"))):
        for record in _records(path):
            kind, guid = str(record.get("kind")), str(record.get("guid"))
            if record.get("obj_id"):
                by_obj_id[(kind, str(record["obj_id"]))] = guid
            by_name.setdefault((kind, str(record.get("name"))), set()).add(guid)
    return KnownGuids(by_obj_id, {key: min(guids) for key, guids in by_name.items() if len(guids) == 1})


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    """The records of an environment's own objects that have a GUID."""
    if not path.is_file():
        return
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["objects"]
        own = [record for record in records if record.get("guid") and not record.get("source")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        where = Location(str(path))
        hint = "export the folder again, or take the file away"
        raise UsageError(Finding("TD811", f"is no map of objects: {error}", where, hint=hint)) from None
    yield from own
