"""What a release leaves on this machine: its journal, the texts from before, and the texts that were sent.

``.tsdeploy/releases/ENV/ID/``, readable by its owner alone and never in git. TML may hold what not everybody is to see;
secrets stand in it only as references.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.deploy.journal import Journal, Log, read_journal
from tsdeploy.deploy.record_branch import tip_of
from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.git import Repository
from tsdeploy.tml.document import parse_document
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Origin, Target

JOURNAL = "journal.jsonl"
_BEFORE = "before.jsonl"
_SENT = "sent.jsonl"
_TAIL = 65536
"""Bytes that the last line of a journal has at most: it names calls, no objects."""


@dataclass(frozen=True, slots=True)
class Before:
    """One object as it was before a release. ``text`` is "" for what was not there, ``record`` None without one."""

    key: str
    label: str
    path: str
    guid: str = ""
    text: str = ""
    record: ObjectRecord | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of its text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SentText:
    """One document as it was sent.

    ``hash`` is the SHA-256 of the text, ``inner`` pairs inner GUIDs of the source with those of the text;
    ``keeps_views`` is that of what was rendered.
    """

    key: str
    kind: str
    name: str
    path: str
    guid: str
    obj_id: str
    hash: str
    text: str
    inner: Mapping[str, str] = field(default_factory=dict)
    keeps_views: bool = True

    @property
    def label(self) -> str:
        """The object, as ``kind:name``."""
        return f"{self.kind}:{self.name}"


def sent_text(rendered: Rendered) -> SentText:
    """What is kept of a document before it is sent."""
    source = rendered.source
    sent = rendered.document()
    return SentText(
        rendered.key,
        source.kind.name,
        source.name,
        source.path,
        rendered.target.guid,
        rendered.target.obj_id,
        rendered.hash,
        sent.text,
        pair_inner(source, sent) if has_inner(source) else {},
        rendered.keeps_views,
    )


def rendered_again(text: SentText, guid: str) -> Rendered:
    """What was sent, as an object with a GUID in the target: in its own terms, not in those of the source."""
    document = parse_document(text.text, text.path)
    target = Target(guid, text.obj_id, Origin.RECORDED)
    return Rendered(document, text.text, target, keeps_views=text.keeps_views)


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """The folder of one release."""

    path: Path

    @property
    def id(self) -> str:
        """The release's name: when it began, and from which commit."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """The file of its journal."""
        return self.path / JOURNAL

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it is open: there is nothing to look up in a later run."""
        last = self._last_event()
        return (last.get("event") in ("end", "recovered") and not last.get("open")) or not self.journal.exists()

    @property
    def is_done(self) -> bool:
        """Whether it ended well."""
        return self._last_event().get("status") == "done"

    def _last_event(self) -> dict[str, Any]:
        """The last line of the journal, for which the others need not be read; empty when it is torn."""
        if not self.journal.exists():
            return {}
        with self.journal.open("rb") as file:
            file.seek(max(0, self.journal.stat().st_size - _TAIL))
            lines = file.read().splitlines()
        try:
            found = json.loads(lines[-1]) if lines else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def texts(self) -> Path:
        """The file of the texts from before."""
        return self.path / _BEFORE

    def keep_before(self, objects: Iterable[Before], restores: Iterable[Before] = ()) -> None:
        """Keep how objects are, all at once, before the first of them changes; and what they are to be again."""
        with Journal(self.texts) as log:
            kept, wanted = [asdict(one) for one in objects], [asdict(one) for one in restores]
            log.write("before", objects=kept, restores=wanted)

    def before(self) -> tuple[Before, ...]:
        """How the objects were. Raises TsdeployError TD615 for a damaged file."""
        return _read_before(self.texts, "objects")

    def restores(self) -> tuple[Before, ...]:
        """What the objects of a rollback were to be again. Raises TsdeployError TD615 for a damaged file."""
        return _read_before(self.texts, "restores")

    @property
    def sent_texts(self) -> Path:
        """The file of what was sent."""
        return self.path / _SENT

    def open_sent(self) -> Journal:
        """Where what is about to be sent is kept; see ``keep_sent``."""
        return Journal(self.sent_texts)

    def sent(self) -> dict[tuple[str, str], SentText]:
        """Key and hash → what was sent. Raises TsdeployError TD615 for a damaged file."""
        found = [SentText(**one) for event in read_journal(self.sent_texts) for one in event.facts["objects"]]
        return {(one.key, one.hash): one for one in found}


def keep_sent(log: Log, texts: Iterable[SentText]) -> None:
    """Keep what is about to be sent, on disk before it is."""
    log.write("sent", objects=[asdict(one) for one in texts])


def _read_before(path: Path, which: str) -> tuple[Before, ...]:
    try:
        found = [one for event in read_journal(path) for one in event.facts[which]]
        return tuple(_before(one) for one in found)
    except (KeyError, TypeError):
        # On a branch for backups, whoever can push can have written it.
        hint = "look who wrote it, and bring the objects back from a backup"
        finding = Finding("TD615", "these texts from before are none", Location(str(path)), hint=hint)
        raise TsdeployError(finding) from None


def _before(value: Mapping[str, Any]) -> Before:
    """An object as it was kept. Raises KeyError and TypeError for anything else."""
    one = Before(**{**value, "record": _record(value["record"])})
    if not all(isinstance(text, str) for text in (one.key, one.label, one.path, one.guid, one.text)):
        raise TypeError
    return one


def _record(value: dict[str, Any] | None) -> ObjectRecord | None:
    """What was recorded of an object. Raises KeyError and TypeError for what cannot have been."""
    if value is None:
        return None
    inner, tags = value["inner"], tuple(value["tags"])
    if not isinstance(inner, dict):
        raise TypeError
    words = [value[name] for name in value.keys() - {"inner", "tags"}]
    if not all(isinstance(word, str) for word in (*words, *tags, *inner, *inner.values())):
        raise TypeError
    return ObjectRecord(**{**value, "tags": tags})


def release_folder(project: Project, environment: Environment, release: str) -> ReleaseFolder:
    """The folder of a release, whether it is there or not."""
    return ReleaseFolder(project.state / "releases" / environment.name / release)


def new_release(project: Project, environment: Environment, commit: str) -> ReleaseFolder:
    """The folder of a release that begins now. Names sort by time."""
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")
    return release_folder(project, environment, f"{now}-{commit[:8]}")


def local_releases(project: Project, environment: Environment) -> Iterator[ReleaseFolder]:
    """The releases that this machine knows of, oldest first."""
    folder = project.state / "releases" / environment.name
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            yield ReleaseFolder(path)


def unfinished(project: Project, environment: Environment) -> list[str]:
    """The releases of this clone that were cut off, or are under way, oldest first. Looks, and settles nothing."""
    return [folder.id for folder in local_releases(project, environment) if not folder.is_closed]


def backup_path(environment: Environment, release: str) -> str:
    """Where a branch for backups keeps the texts from before a release."""
    return f"backup/{environment.name}/{release}/{_BEFORE}"


def backed_up(project: Project, environment: Environment, release: str) -> tuple[Before, ...]:
    """The texts from before a release, from the branch for backups; none where it does not have them.

    Raises GitError when that is on a remote that cannot be reached.
    """
    settings, path = environment.deploy.record, backup_path(environment, release)
    repository = Repository.find(project.root)
    tip = tip_of(repository, settings, settings.backup_branch) if settings.backup_branch else ""
    for _, content in repository.blobs(tip, lambda found: found == path) if tip else ():
        with TemporaryDirectory() as folder:
            copy = Path(folder) / _BEFORE
            copy.write_bytes(content)
            return _read_before(copy, "objects")
    return ()
