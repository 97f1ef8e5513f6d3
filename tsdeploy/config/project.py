"""A project: the git folder that holds TML and environments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.environment import Environment, load_environment
from tsdeploy.config.objects import ObjectMap, load_objects
from tsdeploy.config.yaml_file import nearest
from tsdeploy.errors import ConfigError, Finding, Location


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with ``environments/`` and ``tml/``."""

    root: Path

    @property
    def tml(self) -> Path:
        """The folder of TML, in any layout."""
        return self.root / "tml"

    @property
    def state(self) -> Path:
        """Journals, caches and locks; never in git."""
        return self.root / ".tsdeploy"

    @property
    def entry_cache(self) -> Path:
        """What is known of the TML files that were read before."""
        return self.state / "cache" / "entries.json"

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


def find_project(start: Path) -> Project:
    """The project that a folder lies in: the nearest parent with ``environments/``. Raises ConfigError TD307."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "environments").is_dir():
            return Project(folder)
    raise ConfigError(
        Finding(
            "TD307",
            "this folder is in no tsdeploy project: neither it nor a parent has environments/",
            Location(str(start)),
            hint="change into the project's folder, or name it:  tsdeploy --project FOLDER …",
        )
    )
