"""``backup ENV``: what changed since the last backup, into the next commit of the backup branch."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tsdeploy.backup.listing import Listing, list_everything, to_read
from tsdeploy.backup.manifest import (
    MANIFEST,
    NOT_EXPORTED,
    SHARING,
    TAGS,
    VARIABLES,
    Manifest,
    lines_text,
    manifest_text,
    read_lines,
    read_manifest,
)
from tsdeploy.backup.merging import Merge
from tsdeploy.backup.places import store_of
from tsdeploy.backup.store import Store
from tsdeploy.backup.surroundings import Seen, Surroundings, read_sharing, sharing_text
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import Finding, Severity
from tsdeploy.export.collect import Collector, Extent, look_up
from tsdeploy.rest import ObjectHeader, Session, Usage
from tsdeploy.tml.references import GUID_PATTERN
from tsdeploy.visible import json_text, visible

_SHOWN = 200
_DAY = 86400
_INCIDENTS = re.compile(GUID_PATTERN)

Progress: TypeAlias = "Callable[[int, int], None]"


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What a backup did. ``commit`` is "" when nothing was different; findings are what could not be read.

    ``full`` says that everything was read, ``objects`` how many files of TML the backup has, ``read`` how many objects
    were asked for.
    """

    environment: str
    commit: str
    full: bool
    objects: int
    read: int
    counts: Counter[str]
    findings: tuple[Finding, ...] = ()
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether an object that could be backed up is not in it as it is now."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def back_up(
    project: Project,
    environment: Environment,
    session: Session,
    *,
    full: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> BackupResult:
    """Take a backup of an environment: everything the first time and every few days, else what changed.

    Raises DeployError TD610 when another backup of the environment is running, GitError, TsdeployError TD531 when the
    branch holds something else, and RestError when the server cannot be asked; then nothing is committed.
    """
    store = store_of(project, environment, make=True)
    with locked(project, replace(environment, name=f"{environment.name}.backup"), "backup"):
        return _Backup(environment, session, store, progress).run(full=full)


def last_manifest(store: Store, commit: str) -> Manifest:
    """The manifest of a backup. Raises TsdeployError TD531 when the commit has none."""
    return read_manifest(store.read(commit, MANIFEST) or b"", f"{store.branch}:{MANIFEST}")


@dataclass(slots=True)
class _Backup:
    """One backup under way."""

    environment: Environment
    session: Session
    store: Store
    progress: Progress

    def run(self, *, full: bool) -> BackupResult:
        """List, read, compare, commit."""
        begin, used = time.monotonic(), self.session.budget.usage
        head = self.store.head()
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(last_manifest, self.store, head) if head else None
            manifest = self._begun()
        before = reading.result() if reading else None
        everything = full or before is None or self._is_due(before, manifest)
        listing, todo = self._listed(before, everything=everything)
        surroundings = Surroundings(self.session)
        with ThreadPoolExecutor(1) as pool, self.store.change() as change:
            beside = pool.submit(surroundings.read, todo)
            merge = Merge(before, listing, change)
            collector = self._read(merge, todo)
            findings = self._settle(merge, collector, todo)
            full_at = manifest.server_time if everything or before is None else before.full_at
            manifest = replace(manifest, full_at=full_at, objects=merge.objects)
            files = self._files(beside.result(), merge, collector, head)
            for path, text in files.items():
                change.write(path, text.encode("utf-8"))
            commit = ""
            if not change.empty or before is None or not _is_same(before, manifest):
                change.write(MANIFEST, manifest_text(manifest).encode("utf-8"))
                seconds = self._commit_time(manifest, head)
                change.commit(_message(manifest, merge, everything=everything), head, seconds)
                commit = self.store.head()
        self._push(commit)
        spent = self.session.budget.usage.since(used)
        return BackupResult(
            environment=self.environment.name,
            commit=commit,
            full=everything,
            objects=len(merge.objects),
            read=len(todo),
            counts=merge.counts,
            findings=(*findings, *surroundings.findings),
            usage=spent,
            seconds=time.monotonic() - begin,
        )

    @property
    def _overlap(self) -> float:
        return self.environment.backup.overlap_minutes * 60

    def _begun(self) -> Manifest:
        """The next manifest without its objects. Signing in tells the server's time."""
        org = self.session.user.org_id
        now = self.session.budget.server_time or time.time()
        return Manifest(self.environment.name, self.environment.url, "" if org is None else str(org), now, now)

    def _is_due(self, before: Manifest, now: Manifest) -> bool:
        """Whether it is time to read everything again: after some days, or when the environment is another one."""
        if (before.url, before.org) != (now.url, now.org):
            return True
        return now.server_time - before.full_at >= self.environment.backup.full_every_days * _DAY

    def _listed(self, before: Manifest | None, *, everything: bool) -> tuple[Listing, list[ObjectHeader]]:
        listing = list_everything(
            self.session,
            before,
            all_sets=everything,
            system_owned=self.environment.export.system_owned,
            overlap=self._overlap,
        )
        if everything or before is None:
            return listing, list(listing.headers.values())
        return listing, to_read(listing, before, self._overlap)

    def _read(self, merge: Merge, todo: list[ObjectHeader]) -> Collector:
        collector = Collector(self.session, Extent(associated=False, attached=True))
        for number, item in enumerate(collector.collect(todo), start=1):
            merge.add(item)
            self.progress(min(number, len(todo)), len(todo))
        return collector

    def _settle(self, merge: Merge, collector: Collector, todo: list[ObjectHeader]) -> list[Finding]:
        """Tell what is gone from what is only refused, and forget the one but not the other."""
        there = {header.id for header in look_up(self.session, sorted(collector.refused))}
        for guid in [guid for guid in collector.refused if guid not in there]:
            del collector.refused[guid]
            merge.drop({guid})
        merge.drop(merge.listing.deleted)
        read = {header.id for header in todo} - collector.refused.keys() - collector.left_out.keys()
        merge.drop_what_hung_on(read)
        merge.refresh()
        return list(dict.fromkeys((*collector.refused.values(), *collector.left_out.values())))

    def _files(self, seen: Seen, merge: Merge, collector: Collector, head: str) -> dict[str, str]:
        """The files beside the TML that are not as they were."""
        old = dict(self.store.files(head, (SHARING, TAGS, VARIABLES, NOT_EXPORTED))) if head else {}
        guids = {one.guid for one in merge.objects.values()}
        sharing = read_sharing(read_lines(old.get(SHARING), "objects", SHARING)) | seen.sharing
        texts = {
            SHARING: sharing_text({guid: shares for guid, shares in sharing.items() if guid in guids}),
            TAGS: seen.tags,
            VARIABLES: seen.variables,
            NOT_EXPORTED: _not_exported(merge.listing, collector),
        }
        return {path: text for path, text in texts.items() if text is not None and text.encode() != old.get(path)}

    def _commit_time(self, manifest: Manifest, head: str) -> int:
        """The server's time; never before the last backup's, so that their order is that of the times."""
        latest = self.store.snapshots()[0].time if head else 0
        return max(round(manifest.server_time), latest)

    def _push(self, commit: str) -> None:
        settings = self.environment.backup
        if commit and settings.push:
            self.store.git("push", "--quiet", settings.remote, f"{self.store.ref}:{self.store.ref}")


def _is_same(before: Manifest, now: Manifest) -> bool:
    """Whether there is nothing to write down: only the time is another one."""
    return replace(now, server_time=before.server_time) == before


def _not_exported(listing: Listing, collector: Collector) -> str:
    """The file of what the server does not give; without the incidents, which differ each time it is asked."""
    return lines_text({}, "objects", _refused_lines(listing, collector))


def _refused_lines(listing: Listing, collector: Collector) -> Iterator[str]:
    for guid in sorted(collector.refused):
        header = listing.headers.get(guid)
        why = _INCIDENTS.sub("…", collector.refused[guid].message)
        yield json_text({"guid": guid, "name": header.name if header else "", "why": why})


def _message(manifest: Manifest, merge: Merge, *, everything: bool) -> str:
    counts = [f"{merge.counts[verb]} {verb}" for verb in ("added", "changed", "deleted") if merge.counts[verb]]
    what = ", ".join(counts) or "nothing changed"
    lines = [visible(line) for line in merge.lines[:_SHOWN]]
    lines += [f"and {len(merge.lines) - _SHOWN} more"] if len(merge.lines) > _SHOWN else []
    kind = "full" if everything else "incremental"
    return "\n".join(
        (f"Backup of {manifest.environment}: {what}", "", *lines, *([""] if lines else []), f"Pass: {kind}")
    )
