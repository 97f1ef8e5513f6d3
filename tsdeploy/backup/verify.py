"""Whether a backup could be restored: every file is whole, and nothing that is needed is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.backup.manifest import BESIDE, MANIFEST, SHARING, BackedUp, Manifest, read_lines
from tsdeploy.backup.people import read_people
from tsdeploy.backup.run import last_manifest
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.errors import Finding, Location, Severity, TmlError, TsdeployError
from tsdeploy.export.collect import depends_of
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.folder import decode


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was looked at: how many objects, and what is wrong."""

    snapshot: Snapshot
    objects: int
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether it can be restored."""
        return not any(finding.is_error for finding in self.findings)


def verify(store: Store, snapshot: Snapshot) -> Verified:
    """Read a whole backup: each file parses and has the hash of the manifest, there is none too many or too few, and
    what refers to another object finds it.

    Raises TsdeployError TD531 when there is no manifest that can be read.
    """
    manifest = last_manifest(store, snapshot.commit)
    found = (_missing, _beside, _objects)
    findings = [finding for look in found for finding in look(store, snapshot, manifest)]
    return Verified(snapshot, len(manifest.objects), tuple(findings))


def _missing(store: Store, snapshot: Snapshot, manifest: Manifest) -> Iterator[Finding]:
    there = set(store.paths(snapshot.commit))
    listed = {one.path for one in manifest.objects.values()} | manifest.files.keys()
    for path in sorted(listed - there):
        yield Finding("TD537", "the manifest lists a file that is not there", Location(path), hint="back up --full")
    for path in sorted(there - listed - {MANIFEST, *BESIDE}):
        message = "a file that the manifest does not list"
        yield Finding("TD537", message, Location(path), severity=Severity.WARNING)


def _beside(store: Store, snapshot: Snapshot, manifest: Manifest) -> Iterator[Finding]:
    files = dict(store.files(snapshot.commit, BESIDE))
    for path, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        # Older manifests do not list these files.
        if manifest.files.get(path, digest) != digest:
            yield Finding("TD537", "has not the bytes it was backed up with", Location(path), hint="back up --full")
    try:
        for path, content in files.items():
            read_lines(content, BESIDE[path], path)
        read_people(files)
    except TsdeployError as error:
        yield from error.findings
    if SHARING not in files:
        yield Finding("TD537", "nothing is known of sharing", Location(SHARING), hint="back up --full")


def _objects(store: Store, snapshot: Snapshot, manifest: Manifest) -> Iterator[Finding]:
    by_path = {one.path: one for one in manifest.objects.values()}
    known = {name for one in manifest.objects.values() for name in (one.guid, one.obj_id) if name}
    for path, content in store.files(snapshot.commit, by_path):
        yield from _look(path, content, by_path[path], known)


def _look(path: str, content: bytes, one: BackedUp, known: set[str]) -> Iterator[Finding]:
    if hashlib.sha256(content).hexdigest() != one.sha256:
        yield Finding("TD537", f"{one.kind}:{one.name} has not the bytes it was backed up with", Location(path))
        return
    try:
        document = parse_document(decode(content, path), path)
    except TmlError as error:
        yield from error.findings
        return
    for needed in dict.fromkeys(depends_of(document)):
        if needed not in known:
            message = f"{one.kind}:{one.name} is built on {needed}, which the backup does not have"
            hint = "it was deleted, came with the cluster, or the server would not give it: see not-exported.json"
            yield Finding("TD538", message, Location(path), hint=hint, severity=Severity.WARNING)
