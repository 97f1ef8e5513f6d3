"""``objects.json``: what the machine knows of an environment's objects, one object a line.

For a source environment it is the name-to-GUID map of what was exported; for a target it also pairs each
object with its source and remembers what was deployed. Sorted, so that git merges it and people can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.files import write_atomically
from tsdeploy.tml.dialect import json_text

_HEAD = '{\n"version": 1,\n"objects": ['
_TAIL = "]\n}\n"


@dataclass(frozen=True, slots=True)
class ObjectRecord:
    """One object of one environment.

    ``guid`` and ``obj_id`` are this environment's. ``source`` is the object's key in the source environment
    (GUID, else obj_id, else ``kind:name``), "" when it was only exported from here. ``inner`` pairs inner GUIDs
    (viz, group, parameter, alert) of the source with this environment's. ``hash`` is the SHA-256 of the text
    that was deployed last, ``live`` that of the text which the server had right after it, ``commit`` the git commit
    it came from. ``tags`` are those that an export found it to have, ``author`` the name of its
    author then, and ``table``, of a table, the warehouse's: ``db.schema.table``.
    """

    kind: str
    name: str
    guid: str = ""
    obj_id: str = ""
    source: str = ""
    inner: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""
    live: str = ""
    commit: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    table: str = ""

    @property
    def order(self) -> tuple[str, str, str, str]:
        """Where the record stands in the file."""
        return (self.kind, self.name, self.source, self.guid or self.obj_id)


@dataclass(frozen=True, slots=True)
class ObjectMap:
    """The records of one environment, found by source key or by own identity."""

    records: tuple[ObjectRecord, ...] = ()

    def __iter__(self) -> Iterator[ObjectRecord]:
        return iter(self.records)

    def by_source(self) -> dict[str, ObjectRecord]:
        """Source key → record."""
        return {record.source: record for record in self.records if record.source}

    def guids(self) -> dict[str, ObjectRecord]:
        """This environment's GUID → record."""
        return {record.guid: record for record in self.records if record.guid}

    def with_records(self, records: Iterable[ObjectRecord]) -> ObjectMap:
        """The map with records added or brought up to date.

        A record replaces the one with the same kind and source, and the one with the same kind and GUID; one
        without a source (from an export) only brings what an export knows of the object up to date.
        """
        kept = {_identity(record): record for record in self.records}
        by_source = {(record.kind, record.source): _identity(record) for record in self.records if record.source}
        for record in records:
            present = kept.get(_identity(record))
            if not record.source and present is not None:
                obj_id = record.obj_id or present.obj_id
                kept[_identity(record)] = replace(
                    present, name=record.name, obj_id=obj_id, tags=record.tags, author=record.author, table=record.table
                )
                continue
            before = by_source.get((record.kind, record.source), ("", ""))
            if before in kept and kept[before].source == record.source:
                del kept[before]
            kept[_identity(record)] = record
            if record.source:
                by_source[(record.kind, record.source)] = _identity(record)
        return ObjectMap(tuple(sorted(kept.values(), key=lambda record: record.order)))


def _identity(record: ObjectRecord) -> tuple[str, str]:
    return (record.kind, record.guid or record.obj_id or record.source or record.name)


def load_objects(path: Path, shown: str) -> ObjectMap:
    """Read the map; an empty one when there is no file yet. Raises ConfigError TD302 or TD303."""
    if not path.exists():
        return ObjectMap()
    schema = load_schema("tsdeploy.config", "objects")
    file = load_config(path, schema, what="object map", shown=shown)
    return ObjectMap(
        tuple(ObjectRecord(**{**record, "tags": tuple(record.get("tags", ()))}) for record in file.value["objects"])
    )


def save_objects(path: Path, objects: ObjectMap) -> bool:
    """Write the map by atomic replace; say whether the file changed."""
    body = ",\n".join(map(record_line, objects.records))
    return write_atomically(path, map_text(body).encode("utf-8"))


def map_text(body: str) -> str:
    """The text of a map around the lines of its records."""
    return _HEAD + ("\n" + body + "\n" if body else "") + _TAIL


def record_line(record: ObjectRecord) -> str:
    """A record as its line of the file, without the comma."""
    return json_text(_as_json(record))


def _as_json(record: ObjectRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__dataclass_fields__}
    values["inner"] = dict(sorted(record.inner.items()))
    return {name: value for name, value in values.items() if value or name in ("kind", "name")}
