"""One object through all backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.backup.merging import FOLDER
from tsdeploy.backup.run import last_manifest
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.errors import Finding, UsageError
from tsdeploy.tml.selector import glob_matches

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Version:
    """A backup in which an object's TML is another than before. ``verb`` is ``added``, ``changed`` or ``deleted``.

    ``one`` is the object as it is, or was before it was deleted.
    """

    snapshot: Snapshot
    verb: str
    one: BackedUp


def versions(store: Store, text: str) -> list[Version]:
    """The backups in which an object changed, the latest first.

    It is named by GUID, obj_id, name or ``kind:name``. Raises UsageError TD539 when no backup ever had it, or when
    several objects are called so.
    """
    last = last_with(store, text)
    if last is None:
        hint = "tsdeploy backup list shows the backups"
        raise UsageError(Finding("TD539", f"no backup has an object {text}", hint=hint))
    one = _only(last[1], text)
    found, before = [], False
    for snapshot in reversed(store.snapshots(one.path)):
        there = store.read(snapshot.commit, one.path) is not None
        found.append(Version(snapshot, "deleted" if not there else "changed" if before else "added", one))
        before = there
    return found[::-1]


def version_at(store: Store, text: str, snapshot: Snapshot) -> tuple[BackedUp, str]:
    """An object as a backup has it, and its TML. Raises UsageError TD539 when the backup does not have it."""
    found = _called(last_manifest(store, snapshot.commit), text)
    one = _only(found, text) if found else None
    content = store.read(snapshot.commit, one.path) if one else None
    if one is None or content is None:
        hint = "without --at, all its versions are listed"
        raise UsageError(Finding("TD539", f"backup {snapshot.commit[:10]} has no object {text}", hint=hint))
    return one, content.decode("utf-8")


def last_with(store: Store, text: str) -> tuple[Snapshot, list[BackedUp]] | None:
    """The latest backup with objects of this GUID, obj_id or name, and these; None when none ever had one.

    Only the latest backup, and those after which something was gone, need to be looked into.
    """
    everything = store.snapshots()
    if not everything:
        return None
    that_lose = ("--first-parent", "--no-renames", "--diff-filter=D", "--format=%H")
    losing = set(store.git("log", *that_lose, store.ref, "--", FOLDER).split())
    before_a_loss = [older for newer, older in pairwise(everything) if newer.commit in losing]
    for snapshot in (*everything[:1], *before_a_loss):
        found = _called(last_manifest(store, snapshot.commit), text)
        if found:
            return snapshot, found
    return None


def _called(manifest: Manifest, text: str) -> list[BackedUp]:
    """The objects of a GUID or an obj_id, else those of a name, for which ``*`` and ``?`` stand for any text."""
    objects = manifest.objects.values()
    found = [one for one in objects if text.lower() in (one.guid, one.key) or (text and text == one.obj_id)]
    kind, colon, name = text.partition(":")
    return found or [
        one
        for one in objects
        if glob_matches(text, one.name) or (colon and kind == one.kind and glob_matches(name, one.name))
    ]


def _only(found: Sequence[BackedUp], text: str) -> BackedUp:
    if len(found) > 1:
        names = ", ".join(f"{one.kind}:{one.name} ({one.guid or one.key})" for one in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        message = f"{len(found)} objects are called {text}: {names}{more}"
        raise UsageError(Finding("TD539", message, hint="name one by its GUID"))
    return found[0]
