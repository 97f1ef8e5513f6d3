"""A project: the git folder that holds TML and environments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.environment import Environment, load_environment
from tsdeploy.config.objects import ObjectMap, load_objects
from tsdeploy.config.yaml_file import load_config, load_schema, nearest
from tsdeploy.errors import ConfigError, Finding, Location

_TML = "tml"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with ``environments/`` and ``tml/``, or whatever folder ``tsdeploy.yaml`` says the TML is in."""

    root: Path
    tml_folder: str = _TML

    @property
    def tml(self) -> Path:
        """The folder of TML, in any layout."""
        return self.root / self.tml_folder

    @property
    def state(self) -> Path:
        """Journals, caches and locks; never in git."""
        return self.root / ".tsdeploy"

    @property
    def entry_cache(self) -> Path:
        """What is known of the TML files that were read before."""
        return self.state / "cache" / "entries.json"

    def live_cache(self, environment: Environment) -> Path:
        """What was read of an environment's live TML."""
        return self.state / "cache" / f"live-{environment.name}.sqlite"

    def environment_names(self) -> tuple[str, ...]:
        """The names of all environments, sorted."""
        return tuple(sorted(path.parent.name for path in self.root.glob("environments/*/environment.yaml")))

    def environment(self, name: str) -> Environment:
        """Read one environment. Raises ConfigError TD306 when there is none of that name, and see load_environment."""
        folder = self.root / "environments" / name
        if name not in self.environment_names():
            raise ConfigError(self._no_environment(name))
        return load_environment(folder, self.shown(folder / "environment.yaml"))

    def objects(self, environment: Environment) -> ObjectMap:
        """The environment's ``objects.json``. Raises ConfigError TD302 or TD303."""
        return load_objects(environment.objects_path, self.shown(environment.objects_path))

    def shown(self, path: Path) -> str:
        """A path as messages show it: relative to the project where it lies in it."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)

    def _no_environment(self, name: str) -> Finding:
        names = self.environment_names()
        known = f"environments here: {', '.join(names)}" if names else "this project has no environments yet"
        hint = nearest(name, names) or known
        return Finding(
            "TD306",
            f"there is no environment {name}",
            Location(f"environments/{name}/environment.yaml"),
            hint=hint,
        )


def load_project(root: Path) -> Project:
    """The project in a folder. Raises ConfigError TD302 or TD303 for its ``tsdeploy.yaml``, which it need not have."""
    path = root / "tsdeploy.yaml"
    if not path.exists():
        return Project(root)
    file = load_config(path, load_schema("tsdeploy.config", "project"), what="project file", shown=path.name)
    folder = file.value.get("tml", _TML)
    if not (root / folder).resolve().is_relative_to(root.resolve()):
        finding = Finding("TD303", "must be a folder of the project", file.at("tml"), at="tml")
        raise ConfigError(finding)
    return Project(root, folder)


def find_project(start: Path) -> Project:
    """The project that a folder lies in: the nearest parent with ``environments/``.

    Raises ConfigError TD307 when there is none, TD302 or TD303 for its ``tsdeploy.yaml``.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "environments").is_dir():
            return load_project(folder)
    raise ConfigError(
        Finding(
            "TD307",
            "this folder is in no tsdeploy project: neither it nor a parent has environments/",
            Location(str(start)),
            hint="change into the project's folder, or name it:  tsdeploy --project FOLDER …",
        )
    )
