"""The file of a release: what goes into it, and how it is found again by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleasedObject, ReleaseFile, read_file, releases, releases_folder
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, unfinished
from tsdeploy.deploy.result import DeployResult
from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.files import within, write_atomically
from tsdeploy.visible import json_text

_ID = re.compile(r"[0-9A-Za-z-]+")
_LATEST = "latest"


def released_objects(result: DeployResult, before: Iterable[Before], objects: ObjectMap) -> tuple[ReleasedObject, ...]:
    """What a release's file says of its objects: how each was ``before``, and what is recorded of it now."""
    told = (
        ReleasedObject(item.label, item.source, item.action, item.status, item.guid, item.hash, message=item.message)
        for item in result.objects
    )
    return with_texts(told, before, objects)


def with_texts(
    objects: Iterable[ReleasedObject], before: Iterable[Before], recorded: ObjectMap
) -> tuple[ReleasedObject, ...]:
    """The objects, each with the texts that the server had before and after the release, as far as it is done."""
    was = {one.key: one.record.live for one in before if one.record is not None}
    now = {record.source: record.live for record in recorded}
    return tuple(
        replace(
            item,
            live=now.get(item.source, "") if item.status == "done" else "",
            before=was.get(item.source, ""),
        )
        for item in objects
    )


def write_release(environment: Environment, release: ReleaseFile, folder: ReleaseFolder) -> Path:
    """Write the file of a release, and its copy in the release's folder. Raises TsdeployError TD001."""
    path = within(environment.folder, f"releases/{release.id}.json")
    value = asdict(release)
    lines = [json_text({name: item for name, item in one.items() if item}) for one in value.pop("objects")]
    head = json_text({"version": 1, **{name: item for name, item in value.items() if item}}, indent=1)
    body = ',\n "objects": [' + ("\n" + ",\n".join(lines) + "\n" if lines else "") + "]\n}\n"
    content = (head.removesuffix("\n}") + body).encode("utf-8")
    write_atomically(folder.path / path.name, content)
    write_atomically(path, content)
    return path


def find_release(project: Project, environment: Environment, name: str = _LATEST) -> ReleaseFile:
    """The release of that name, or the only one whose name begins so; ``latest`` is the last that changed or
    set anything.

    Raises UsageError TD616 when there is none, or more than one.
    """
    if name == _LATEST:
        found = next((one for one in releases(project, environment) if one.changed or one.settings), None)
        if found is not None:
            return found
        raise UsageError(_nothing_yet(project, environment))
    paths = [path for path in releases_folder(environment).glob("*.json") if path.stem.startswith(name)]
    if not _ID.fullmatch(name) or len(paths) != 1:
        raise UsageError(_not_found(environment, f"{len(paths) or 'no'} releases are called {name}"))
    return read_file(project, paths[0])


def _nothing_yet(project: Project, environment: Environment) -> Finding:
    open_ = unfinished(project, environment)
    if not open_:
        return _not_found(environment, "no release of it changed anything")
    why = f"release {open_[-1]} is under way, or was cut off, and none before it changed anything"
    return replace(_not_found(environment, why), hint=f"look it up, and go on:  tsdeploy deploy {environment.name}")


def _not_found(environment: Environment, why: str) -> Finding:
    where = Location(f"environments/{environment.name}/releases")
    return Finding("TD616", f"{environment.name}: {why}", where, hint=f"tsdeploy history {environment.name}")
