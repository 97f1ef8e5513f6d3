"""Releases that ``objects.json`` lacks: its last state was thrown away, or never committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleasedObject, known_releases, read_file
from tsdeploy.errors import Finding, Location, Severity


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """An object map brought up to date: what releases left, by the ``keys`` (of the source) that it lacked it for."""

    objects: ObjectMap
    keys: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Left:
    """What the last release of an object says of it."""

    release: str
    commit: str
    object: ReleasedObject


def with_unrecorded(
    project: Project, environment: Environment, objects: ObjectMap, there: Mapping[str, str]
) -> Unrecorded:
    """Take over what releases wrote down of objects whose text is not the one that ``objects.json`` knows.

    ``there`` is the SHA-256 of each object's live text, by source key. Only what the last release of an object left
    exactly so is taken over, and only where that release, or one before it, found what ``objects.json`` has: anything
    else may be somebody's edit. An info TD548 for each release that it lacks. Raises ConfigError for a file that is no
    release's, TD018.
    """
    behind = {
        record.source: record
        for record in objects
        if record.source and record.live and there.get(record.source, record.live) != record.live
    }
    if not behind:
        return Unrecorded(objects)
    found = _left_so(project, environment, behind, there)
    records = (_brought(behind[key], left) for key, left in found.items())
    lacking: dict[str, int] = {}
    for left in found.values():
        lacking[left.release] = lacking.get(left.release, 0) + 1
    findings = (_lacks(project, environment, release, lacking[release]) for release in sorted(lacking))
    return Unrecorded(objects.with_records(records), frozenset(found), tuple(findings))


def _left_so(
    project: Project, environment: Environment, behind: Mapping[str, ObjectRecord], there: Mapping[str, str]
) -> dict[str, _Left]:
    """Source key → the last release of an object, where it left what is there."""
    files = tuple(known_releases(project, environment))
    found: dict[str, _Left] = {}
    last: dict[str, _Left] = {}
    # Most edits are somebody's, and no file has their hash: then none has to be parsed.
    unsure = {key for key in behind if any(there[key] in text for _, text in files)}
    for path, _ in files:
        if not unsure:
            break
        release = read_file(project, path)
        if release.kind == "restore":
            continue  # what a backup had is not what git has
        for item in (one for one in release.changed if one.source in unsure):
            left = last.setdefault(item.source, _Left(release.id, release.commit, item))
            if left.object.live != there[item.source]:
                unsure.discard(item.source)
            elif item.before == behind[item.source].live:
                found[item.source] = left
                unsure.discard(item.source)
    return found


def _brought(record: ObjectRecord, left: _Left) -> ObjectRecord:
    return replace(record, hash=left.object.hash, live=left.object.live, commit=left.commit)


def _lacks(project: Project, environment: Environment, release: str, number: int) -> Finding:
    where = project.shown(environment.objects_path)
    objects = f"{number} objects are as that left them" if number > 1 else "1 object is as that left it"
    message = f"{where} lacks release {release}: {objects}, and nobody edited {'them' if number > 1 else 'it'}"
    name = environment.name
    hint = f"tsdeploy deploy {name}  records it again; commit {where} after each deploy, or set  deploy.record"
    return Finding("TD548", message, Location(where), hint=hint, severity=Severity.INFO)
