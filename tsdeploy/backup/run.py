"""``backup ENV``: what changed since the last backup, into the next commit of the backup branch."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tsdeploy.backup.listing import Lister, Listing
from tsdeploy.backup.manifest import (
    BESIDE,
    MANIFEST,
    NOT_EXPORTED,
    SHARING,
    Manifest,
    lines_text,
    manifest_text,
    read_lines,
    read_manifest,
)
from tsdeploy.backup.merging import SIGNS, Difference, Merge
from tsdeploy.backup.places import store_of
from tsdeploy.backup.reading import Progress, Reading
from tsdeploy.backup.store import Change, Store
from tsdeploy.backup.surroundings import Surroundings, read_sharing, sharing_text
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.export.parallel import threads
from tsdeploy.logs.events import note
from tsdeploy.rest import Session, Usage
from tsdeploy.tml.references import GUID_PATTERN
from tsdeploy.visible import json_text, visible

_LOG = logging.getLogger("tsdeploy.backup")
_SHOWN = 200
_DAY = 86400
_INCIDENTS = re.compile(GUID_PATTERN)


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What a backup did. ``commit`` is "" when nothing was different; findings are what could not be read.

    ``full`` says that everything was read, ``objects`` how many files of TML the backup has, ``read`` how many objects
    were asked for, ``moving`` how many still changed when it was over, ``not_exported`` how many the server did not
    give.
    """

    environment: str
    commit: str
    full: bool
    objects: int
    read: int
    counts: Counter[str]
    moving: int = 0
    not_exported: int = 0
    findings: tuple[Finding, ...] = ()
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether an object that could be backed up is not in it as it is now."""
        return any(finding.is_error for finding in self.findings)


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
    where = f"{store.branch}:{MANIFEST}"
    content = store.read(commit, MANIFEST)
    if content is None:
        hint = "git fsck  tells which; bring the branch back from its remote, or rename it and back up anew"
        raise TsdeployError(
            Finding("TD531", "is not there, or git cannot read it any more", Location(where), hint=hint)
        )
    return read_manifest(content, where)


@dataclass(frozen=True, slots=True)
class _Made:
    """A backup that is not written down yet: the manifest, also as its text, and the files beside the TML."""

    manifest: Manifest
    text: str
    files: dict[str, bytes]
    differences: list[Difference]


@dataclass(slots=True)
class _Backup:
    """One backup under way."""

    environment: Environment
    session: Session
    store: Store
    progress: Progress

    def run(self, *, full: bool) -> BackupResult:
        """List, read, look again what moved meanwhile, compare, commit."""
        begin, used = time.monotonic(), self.session.budget.usage
        head = self.store.head()
        with threads(1) as pool:
            reading_manifest = pool.submit(last_manifest, self.store, head) if head else None
            manifest = self._begun()
        before = reading_manifest.result() if reading_manifest else None
        everything = full or before is None or self._is_due(before, manifest)
        surroundings = Surroundings(self.session)
        with threads(2) as pool, self.store.change() as change:
            beside = pool.submit(surroundings.files)
            lister = Lister(self.session, self.environment.export.system_owned)
            reading = Reading(lister, Merge(before, Listing({}), change), surroundings, self.progress)
            self._read(reading, None if everything else before)
            moved = pool.submit(reading.has_moved, manifest.server_time)
            full_at = manifest.server_time if everything or before is None else before.full_at
            manifest = replace(manifest, full_at=full_at)
            made = self._made(reading, manifest, beside.result(), head)
            if moved.result():
                reading.catch_up(manifest.server_time)
                made = self._made(reading, manifest, beside.result(), head)
            commit = self._commit(change, made, before, head)
        self._push(commit or head)
        return BackupResult(
            environment=self.environment.name,
            commit=commit,
            full=everything,
            objects=len(made.manifest.objects),
            read=len(reading.read),
            counts=Counter(one.verb for one in made.differences),
            moving=len(reading.moving),
            not_exported=len(reading.refused),
            findings=(*reading.findings(), *surroundings.findings()),
            usage=self.session.budget.usage.since(used),
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

    def _read(self, reading: Reading, before: Manifest | None) -> None:
        """Read what changed since a backup, or everything."""
        if before is None:
            known = reading.merge.before
            reading.take_all(known.by_guid().keys() if known else ())
        else:
            reading.take_changed(before, self._overlap)
        note(_LOG, "backup", full=before is None, listed=len(reading.merge.listing.headers), read=len(reading.read))

    def _made(self, reading: Reading, begun: Manifest, beside: dict[str, str], head: str) -> _Made:
        """The backup of what was read so far."""
        reading.merge.refresh()
        files = self._files(reading, beside, head)
        manifest = replace(begun, objects=reading.merge.objects, files=_sums(files))
        return _Made(manifest, manifest_text(manifest), files, reading.merge.differences())

    def _commit(self, change: Change, made: _Made, before: Manifest | None, head: str) -> str:
        """Write the backup down; its commit, "" when nothing is different."""
        if change.empty and before is not None and _is_same(before, made.manifest):
            return ""
        known = before.files if before else {}
        for path, content in made.files.items():
            if known.get(path) != made.manifest.files[path]:
                change.write(path, content)
        change.write(MANIFEST, made.text.encode("utf-8"))
        change.commit(_message(made, before), head, self._commit_time(made.manifest, head))
        return self.store.head()

    def _files(self, reading: Reading, found: dict[str, str], head: str) -> dict[str, bytes]:
        """The files beside the TML; what could not be read is as it was."""
        old = dict(self.store.files(head, BESIDE)) if head else {}
        guids = {one.guid for one in reading.merge.objects.values()}
        sharing = read_sharing(read_lines(old.get(SHARING), BESIDE[SHARING], SHARING)) | reading.sharing
        texts = found | {
            SHARING: sharing_text({guid: shares for guid, shares in sharing.items() if guid in guids}),
            NOT_EXPORTED: lines_text({}, BESIDE[NOT_EXPORTED], _refused_lines(reading)),
        }
        return old | {path: text.encode("utf-8") for path, text in texts.items()}

    def _commit_time(self, manifest: Manifest, head: str) -> int:
        """The server's time; never before the last backup's, so that their order is that of the times."""
        latest = self.store.snapshots()[0].time if head else 0
        return max(round(manifest.server_time), latest)

    def _push(self, latest: str) -> None:
        """Also what an earlier push did not get through."""
        settings = self.environment.backup
        if latest and settings.push:
            branch = self.store.branch
            kept = f"the backup is in {branch} here, and the next one pushes it as well"
            hint = f"{kept}; where the remote's {branch} has others, give each its own  backup: {{branch: …}}"
            self.store.push(settings.remote, hint=hint)


def _is_same(before: Manifest, now: Manifest) -> bool:
    """Whether there is nothing to write down: only the time is another one."""
    return replace(now, server_time=before.server_time) == before


def _sums(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def _refused_lines(reading: Reading) -> Iterator[str]:
    """What the server does not give; without the incidents, which differ each time it is asked."""
    for what, why in sorted(reading.surroundings.unread.items()):
        yield json_text({"name": what, "why": _INCIDENTS.sub("…", why)})
    for guid in sorted(reading.refused):
        header = reading.merge.listing.headers.get(guid)
        who = {"name": header.name, "type": header.type, "subtype": header.subtype} if header else {"name": ""}
        yield json_text({"guid": guid, **who, "why": _INCIDENTS.sub("…", reading.refused[guid].message)})


def _message(made: _Made, before: Manifest | None) -> str:
    counts = Counter(one.verb for one in made.differences)
    what = ", ".join(f"{counts[verb]} {verb}" for verb in SIGNS if counts[verb]) or "nothing changed"
    lines = [visible(str(one)) for one in made.differences[:_SHOWN]]
    lines += [f"and {len(made.differences) - _SHOWN} more"] if len(made.differences) > _SHOWN else []
    is_full = before is None or made.manifest.full_at != before.full_at
    return "\n".join(
        (
            f"Backup of {made.manifest.environment}: {what}",
            "",
            *lines,
            *([""] if lines else []),
            f"Pass: {'full' if is_full else 'incremental'}",
        )
    )
