"""What git remembers of a release: one small file each, ``environments/ENV/releases/ID.json``, one object a line.

A file that is never changed again, and whose name no other release has, merges without a conflict. The machine that
carried the release out has a copy beside its journal, for when the file was never committed, and is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import load_config, load_schema, read_text
from tsdeploy.errors import ConfigError, Finding, Location
from tsdeploy.files import refuse_led_out
from tsdeploy.version import __version__

_WHAT = "release file"


@dataclass(frozen=True, slots=True)
class ReleasedObject:
    """What became of one object: ``action`` as in the plan (or ``delete``), ``status`` as in the result.

    ``hash`` is the SHA-256 of what was sent, ``live`` that of the text which the server had afterwards, ``before`` the
    ``live`` that was recorded until then; "" where there is none.
    """

    object: str
    source: str
    action: str
    status: str
    guid: str = ""
    hash: str = ""
    live: str = ""
    before: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One release: ``kind`` is ``deploy``, ``restore``, ``rollback`` or ``prune``, ``status`` ``done``, ``failed``,
    ``partial`` or ``interrupted``. ``by`` is git's committer, ``user`` the one of ThoughtSpot; times are ISO 8601, UTC.
    ``undoes`` are the releases that a rollback took back; ``hooks`` are those that ran, each with how it ended;
    ``settings`` are sentences about what was set besides TML.
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


def read_release(path: Path, shown: str) -> ReleaseFile:
    """Read the file of a release. Raises ConfigError TD302 or TD303, also where it says that it is of another one."""
    schema = load_schema("tsdeploy.config", "release")
    value: dict[str, Any] = dict(load_config(path, schema, what=_WHAT, shown=shown).value)
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
        yield read_file(project, path)


def known_releases(project: Project, environment: Environment) -> Iterator[tuple[Path, str]]:
    """File and text of each release, the newest first, also of those whose files were thrown away, but for the copies.

    The text tells what a release does not mention, sooner than ``read_file``. Raises ConfigError TD302, TD018.
    """
    copies = (project.state / "releases" / environment.name).glob("*/*.json")
    paths = {path.stem: path for path in (*copies, *releases_folder(environment).glob("*.json"))}
    for name in sorted(paths, reverse=True):
        refuse_led_out(project.root, paths[name])
        yield paths[name], read_text(paths[name], what=_WHAT, shown=project.shown(paths[name]))


def read_file(project: Project, path: Path) -> ReleaseFile:
    """The release of a file of the project; no link to one of the machine, whose words an error would show.

    Raises as ``releases``.
    """
    refuse_led_out(project.root, path)
    return read_release(path, project.shown(path))
