"""What is written down of an object that was published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tsdeploy.config.objects import ObjectMap, ObjectRecord, save_objects
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.deploy.journal import Log
from tsdeploy.plan.live import LiveObject
from tsdeploy.transform.inputs import Rendered


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that was published: as it was rendered, and what the server has for it."""

    rendered: Rendered
    guid: str
    live: LiveObject | None


class Recorder:
    """The object map of an environment, on disk after every change; safe to use from several threads."""

    def __init__(self, path: Path, objects: ObjectMap, journal: Log) -> None:
        self._path = path
        self._objects = objects
        self._journal = journal
        self._lock = Lock()

    @property
    def objects(self) -> ObjectMap:
        """The map as it is now."""
        return self._objects

    def keep(self, records: Iterable[ObjectRecord]) -> None:
        """Add records or bring them up to date."""
        found = tuple(records)
        with self._lock:
            self._objects = self._objects.with_records(found)
            save_objects(self._path, self._objects)
        self._journal.write("recorded", guids={record.source: record.guid for record in found})

    def forget(self, sources: Collection[str]) -> None:
        """Take the records of sources away."""
        with self._lock:
            kept = tuple(record for record in self._objects if not record.source or record.source not in sources)
            self._objects = ObjectMap(kept)
            save_objects(self._path, self._objects)
        self._journal.write("forgotten", sources=sorted(sources))


def identity_of(sent: Sent, before: ObjectRecord | None) -> ObjectRecord:
    """The record of an object that nobody has looked at yet: who it is, and what was deployed before."""
    source = sent.rendered.source
    return ObjectRecord(
        kind=source.kind.name,
        name=source.name,
        guid=sent.guid if source.kind.owned else "",
        obj_id=sent.rendered.target.obj_id,
        source=source.key,
        inner=dict(before.inner) if before else {},
        hash=before.hash if before else "",
        live=before.live if before else "",
        commit=before.commit if before else "",
    )


def record_of(sent: Sent, commit: str, before: ObjectRecord | None, *, exact: bool = True) -> ObjectRecord:
    """The record of an object that was looked at.

    Inner GUIDs that are known already are kept until they were looked up again. Where the server has not exactly what
    was sent (``exact`` is False), the text that it has is not recorded: the next plan is to compare.
    """
    rendered, source = sent.rendered, sent.rendered.source
    inner = dict(before.inner) if before else {}
    if sent.live is not None and has_inner(source):
        inner = pair_inner(source, sent.live.document)
    return ObjectRecord(
        kind=source.kind.name,
        name=source.name,
        guid=sent.guid if source.kind.owned else "",
        obj_id=rendered.target.obj_id,
        source=source.key,
        inner=inner,
        hash=rendered.hash,
        live=sent.live.hash if sent.live and exact else "",
        commit=commit,
    )
