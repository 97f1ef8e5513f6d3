"""A project: the git folder that holds TML and environments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.environment import Environment, load_environment
from tsdeploy.config.objects import ObjectMap, load_objects
from tsdeploy.config.places import environment_names, project_root
from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.errors import ConfigError, Finding, Location
from tsdeploy.files import is_led_out, leads_out
from tsdeploy.nearest import nearest

_TML = "tml"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with ``environments/`` and ``tml/``, or whatever folder ``tsdeploy.yaml`` says the TML is in.

    ``keep_releases`` is how many releases of an environment that ended well keep their texts; None: all.
    """

    root: Path
    tml_folder: str = _TML
    keep_releases: int | None = None

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
        return environment_names(self.root)

    def environment(self, name: str) -> Environment:
        """Read one environment. Raises ConfigError TD306 (none of that name), TD018, and what load_environment does."""
        folder = self.root / "environments" / name
        if name not in self.environment_names():
            raise ConfigError(self._no_environment(name))
        for file in ("environment.yaml", "mapping.yaml", "objects.json"):
            self._not_led_out(folder / file)
        return load_environment(folder, self.shown(folder / "environment.yaml"))

    def _not_led_out(self, path: Path) -> None:
        """Raises ConfigError TD018 when a link makes a file of the project one that lies elsewhere."""
        if is_led_out(self.root, path):
            raise ConfigError(leads_out(self.shown(path)))

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
        known = (
            f"environments here: {', '.join(names)}"
            if names
            else "this project has none yet;  tsdeploy init  makes them"
        )
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
        return _kept_inside(Project(root))
    file = load_config(path, load_schema("tsdeploy.config", "project"), what="project file", shown=path.name)
    folder = file.value.get("tml", _TML)
    is_git = any(part.lower() == ".git" for part in Path(folder).parts)
    if is_git or not _is_inside(root, folder):
        finding = Finding("TD303", "must be a folder of the project", file.at("tml"), at="tml")
        raise ConfigError(finding)
    return _kept_inside(Project(root, folder, file.value.get("keep_releases")))


def _is_inside(root: Path, folder: str) -> bool:
    """Whether a name leads to a place below a folder; one that no system takes leads nowhere."""
    try:
        path = root / folder
        return not path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):
        return False


def _kept_inside(project: Project) -> Project:
    """The project, where its folders are its own. Raises ConfigError TD018 for a link that leads out of it."""
    for folder in (project.tml, project.state):
        if folder.is_symlink() and not folder.resolve().is_relative_to(project.root.resolve()):
            raise ConfigError(leads_out(project.shown(folder)))
    return project


def find_project(start: Path) -> Project:
    """The project that a folder lies in: the nearest parent with ``environments/``.

    Raises ConfigError TD307 when there is none, TD302 or TD303 for its ``tsdeploy.yaml``.
    """
    root = project_root(start)
    if root is not None:
        return load_project(root)
    raise ConfigError(
        Finding(
            "TD307",
            "this folder is in no tsdeploy project: neither it nor a parent has environments/",
            Location(str(start)),
            hint="tsdeploy init  makes one here; or change into its folder, or name it:  tsdeploy --project FOLDER …",
        )
    )
