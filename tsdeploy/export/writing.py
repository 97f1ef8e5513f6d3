"""Exported documents into files, one by one as they come."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.export.fetch import Fetched
from tsdeploy.export.paths import Paths
from tsdeploy.export.result import ExportedFile
from tsdeploy.files import not_led_out, write_atomically
from tsdeploy.logs.events import note
from tsdeploy.rest import ObjectHeader
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping as TmlMapping

_LOG = logging.getLogger("tsdeploy.export")


@dataclass(slots=True)
class Writer:
    """Writes documents and remembers of each what the name-to-GUID map needs; never the text."""

    project: Project
    environment: Environment
    paths: Paths
    headers: Mapping[str, ObjectHeader]
    files: list[ExportedFile] = field(default_factory=list)
    _records: list[ObjectRecord] = field(default_factory=list)
    _connections: dict[tuple[str, str], ObjectRecord] = field(default_factory=dict)

    def write(self, item: Fetched) -> None:
        """Put a document into its file, unless the file has the same bytes. Raises TsdeployError TD001, TD018."""
        document = item.document
        header = self.headers.get(item.guid)
        more = {
            "environment": self.environment.name,
            "author": header.author_name if header else "",
            "tag": min(header.tags, default="") if header else "",
        }
        path = not_led_out(self.project.root, self.project.root / self.paths.path_of(document, more))
        content = document.text.encode("utf-8")
        action = write_file(path, content)
        guid = item.guid or document.guid
        note(_LOG, "file", object=document.label, file=self.project.shown(path), action=action)
        self.files.append(ExportedFile(document.label, self.project.shown(path), action, guid, size=len(content)))
        record = ObjectRecord(document.kind.name, document.name, guid, document.obj_id, table=warehouse_table(document))
        self._records.append(record)
        self._note_connections(document)

    def records(self, headers: Mapping[str, ObjectHeader]) -> Iterator[ObjectRecord]:
        """The objects that were written, and the connections that they name."""
        for record, file in zip(self._records, self.files, strict=True):
            header = headers.get(record.guid)
            if header is None or not _is_own(record, header):
                yield record
                continue
            yield ObjectRecord(
                record.kind,
                record.name,
                file.guid,
                record.obj_id,
                tags=tuple(sorted(header.tags)),
                author=header.author_name,
                table=record.table,
            )
        yield from self._connections.values()

    def _note_connections(self, document: Document) -> None:
        for reference in document.references:
            if "connection" in reference.place.targets and (reference.guid or reference.obj_id):
                connection = ObjectRecord("connection", reference.name, reference.guid, reference.obj_id)
                self._connections[(reference.name, reference.says)] = connection


def write_file(path: Path, content: bytes) -> str:
    """Write a file where its bytes differ; ``added``, ``changed`` or ``unchanged``. Raises TsdeployError TD001."""
    existed = path.exists()
    changed = write_atomically(path, content)
    return "unchanged" if not changed else "changed" if existed else "added"


def warehouse_table(document: Document) -> str:
    """What a table stands for, as ``db.schema.table``; "" for everything else."""
    body = document.body
    if document.kind.name != "table" or not isinstance(body, TmlMapping):
        return ""
    parts = (body.scalar(key) for key in ("db", "schema", "db_table"))
    return ".".join(part.value for part in parts if part is not None and part.value)


def _is_own(record: ObjectRecord, header: ObjectHeader) -> bool:
    """Feedback has its model's GUID, but neither its tags nor its author."""
    return record.kind not in ("nls_feedback", "column_alias", "column_security_rules") and header.id == record.guid
