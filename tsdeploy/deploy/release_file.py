"""What git remembers of a release: one small file each, ``environments/ENV/releases/ID.json``, one object a line.

A file that is never changed again, and whose name no other release has, merges without a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.deploy.result import DeployResult
from tsdeploy.errors import ConfigError, Finding, Location, UsageError
from tsdeploy.files import refuse_led_out, within, write_atomically
from tsdeploy.version import __version__
from tsdeploy.visible import json_text

_ID = re.compile(r"[0-9A-Za-z-]+")
_LATEST = "latest"


@dataclass(frozen=True, slots=True)
class ReleasedObject:
    """What became of one object: ``action`` as in the plan (or ``delete``), ``status`` as in the result."""

    object: str
    source: str
    action: str
    status: str
    guid: str = ""
    hash: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One release: ``kind`` is ``deploy``, ``rollback`` or ``prune``, ``status`` ``done``, ``failed``, ``partial`` or
    ``interrupted``. ``by`` is git's committer, ``user`` the one of ThoughtSpot; times are ISO 8601, UTC. ``undoes`` are
    the releases that a rollback took back; ``hooks`` are those that ran, each with how it ended; ``settings`` are
    sentences about what was set besides TML.
    """

    id: str
    kind: str
    commit: str
    by: str
    user: str
    host: str
    started: str
    finished: str
    status: str
    objects: tuple[ReleasedObject, ...]
    overrides: tuple[str, ...] = ()
    undoes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    hooks: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    tool: str = __version__

    @property
    def changed(self) -> tuple[ReleasedObject, ...]:
        """The objects that are, or may be, another than before."""
        return tuple(item for item in self.objects if item.status in ("done", "unknown", "altered"))


def releases_folder(environment: Environment) -> Path:
    """Where the files of an environment's releases are."""
    return environment.folder / "releases"


def released_objects(result: DeployResult) -> tuple[ReleasedObject, ...]:
    """What a release's file says of its objects."""
    return tuple(
        ReleasedObject(item.label, item.source, item.action, item.status, item.guid, item.hash, item.message)
        for item in result.objects
    )


def write_release(environment: Environment, release: ReleaseFile) -> Path:
    """Write the file of a release. Raises TsdeployError TD001."""
    path = within(environment.folder, f"releases/{release.id}.json")
    value = asdict(release)
    lines = [json_text({name: item for name, item in one.items() if item}) for one in value.pop("objects")]
    head = json_text({"version": 1, **{name: item for name, item in value.items() if item}}, indent=1)
    body = ',\n "objects": [' + ("\n" + ",\n".join(lines) + "\n" if lines else "") + "]\n}\n"
    write_atomically(path, (head.removesuffix("\n}") + body).encode("utf-8"))
    return path


def read_release(path: Path, shown: str) -> ReleaseFile:
    """Read the file of a release. Raises ConfigError TD302 or TD303, also where it says that it is of another one."""
    schema = load_schema("tsdeploy.deploy", "release")
    value: dict[str, Any] = dict(load_config(path, schema, what="release file", shown=shown).value)
    del value["version"]
    if value["id"] != path.stem:
        # Names say which release was the last one, and where the texts from before it are.
        hint = f"bring it back:  git checkout -- {shown}"
        raise ConfigError(Finding("TD303", f"says that it is release {value['id']}", Location(shown), "id", hint))
    objects = tuple(ReleasedObject(**{"source": "", **one}) for one in value.pop("objects"))
    plain: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
    return ReleaseFile(objects=objects, **({"by": "", "user": "", "host": ""} | plain))


def releases(project: Project, environment: Environment) -> Iterator[ReleaseFile]:
    """The releases of an environment, the newest first. Raises ConfigError for a file that is none, TD018."""
    for path in sorted(releases_folder(environment).glob("*.json"), reverse=True):
        yield _read(project, path)


def find_release(project: Project, environment: Environment, name: str = _LATEST) -> ReleaseFile:
    """The release of that name, or the only one whose name begins so; ``latest`` is the last that changed anything.

    Raises UsageError TD616 when there is none, or more than one.
    """
    if name == _LATEST:
        found = next((one for one in releases(project, environment) if one.changed), None)
        if found is not None:
            return found
        raise UsageError(_not_found(environment, "no release of it changed anything"))
    paths = [path for path in releases_folder(environment).glob("*.json") if path.stem.startswith(name)]
    if not _ID.fullmatch(name) or len(paths) != 1:
        raise UsageError(_not_found(environment, f"{len(paths) or 'no'} releases are called {name}"))
    return _read(project, paths[0])


def _read(project: Project, path: Path) -> ReleaseFile:
    """A file of the repository; no link to one of the machine, whose words an error would show."""
    refuse_led_out(project.root, path)
    return read_release(path, project.shown(path))


def _not_found(environment: Environment, why: str) -> Finding:
    where = Location(f"environments/{environment.name}/releases")
    return Finding("TD616", f"{environment.name}: {why}", where, hint=f"tsdeploy history {environment.name}")
