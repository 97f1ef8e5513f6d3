"""One object through all backups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.backup.manifest import BackedUp
from tsdeploy.backup.run import last_manifest
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.errors import Finding, UsageError


@dataclass(frozen=True, slots=True)
class Version:
    """A backup in which an object's TML is another than before. ``verb`` is ``added``, ``changed`` or ``deleted``."""

    snapshot: Snapshot
    verb: str


def versions(store: Store, guid: str) -> list[Version]:
    """The backups in which an object changed, the latest first. Raises UsageError TD539 when none ever had it."""
    path = _path_ever(store, guid)
    found, before = [], False
    for one in reversed(store.snapshots(path)):
        there = store.read(one.commit, path) is not None
        found.append(Version(one, "deleted" if not there else "changed" if before else "added"))
        before = there
    return found[::-1]


def version_at(store: Store, guid: str, snapshot: Snapshot) -> tuple[BackedUp, str]:
    """An object as a backup has it, and its TML. Raises UsageError TD539 when the backup does not have it."""
    one = _find(store, snapshot, guid)
    content = store.read(snapshot.commit, one.path) if one else None
    if one is None or content is None:
        hint = "without --at, all its versions are listed"
        raise UsageError(Finding("TD539", f"backup {snapshot.commit[:10]} has no object {guid}", hint=hint))
    return one, content.decode("utf-8")


def _path_ever(store: Store, guid: str) -> str:
    """The path that an object has, or had last: it keeps its path as long as it is there."""
    for snapshot in _naming(store, guid):
        one = _find(store, snapshot, guid)
        if one is not None:
            return one.path
    raise UsageError(Finding("TD539", f"no backup has an object {guid}", hint="tsdeploy backup list shows the backups"))


def _naming(store: Store, guid: str) -> Iterator[Snapshot]:
    """The latest backup, then those whose manifest gained or lost the GUID."""
    everything = store.snapshots()
    yield from everything[:1]
    touched = set(store.git("log", "--format=%H", f"-S{guid}", store.ref, "--", "manifest.json").split())
    for number, one in enumerate(everything):
        if one.commit in touched:
            yield one
            yield from everything[number + 1 : number + 2]


def _find(store: Store, snapshot: Snapshot, guid: str) -> BackedUp | None:
    objects = last_manifest(store, snapshot.commit).objects.values()
    return next((one for one in objects if guid.lower() in (one.guid, one.key) or guid == one.obj_id), None)
