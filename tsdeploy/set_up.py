"""A repository set up: environments, files of git, what another tool left, pipelines, drivers; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.project import Project, find_project
from tsdeploy.files import refuse_led_out
from tsdeploy.git import Repository, create_repository
from tsdeploy.git_drivers import Installed, install_git_drivers
from tsdeploy.pairing.adopt import Adopted, adopt_repository
from tsdeploy.pipelines import Pipeline, pipeline_for, write_pipeline
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.scaffold.answers import BRANCH, NewEnvironment
from tsdeploy.scaffold.undo import undone_on_failure
from tsdeploy.scaffold.write import TOUCHED, Written, scaffold


@dataclass(frozen=True, slots=True)
class SetupOrder:
    """What to set up.

    ``environments`` are new ones; ``tml`` is the folder of the TML. ``adopts`` takes over what another tool laid out,
    from ``source``, with mapping files on ``config_branch``. ``systems`` get a pipeline that deploys to ``target``.
    ``drivers`` are git's, ``repository`` makes one.
    """

    environments: tuple[NewEnvironment, ...] = ()
    tml: str = "tml"
    adopts: bool = False
    source: str = ""
    config_branch: str = ""
    systems: tuple[str, ...] = ()
    target: str = ""
    drivers: bool = False
    repository: bool = False

    def __bool__(self) -> bool:
        return bool(self.environments or self.adopts or self.systems or self.drivers or self.repository)

    @property
    def built_in(self) -> str:
        """The environment that objects are built in, "" where that is not said."""
        return self.source or next((one.name for one in self.environments if not one.source), "")


@dataclass(frozen=True, slots=True)
class PipelineWritten:
    """A pipeline's file, None where it was there already."""

    system: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was done. ``files`` are those of the project, ``repository`` says whether one was made.

    ``adopted``, ``pipeline`` and ``drivers`` are None where they were not asked for.
    """

    root: Path
    files: tuple[Written, ...] = ()
    adopted: Adopted | None = None
    pipeline: Pipeline | None = None
    pipelines: tuple[PipelineWritten, ...] = ()
    drivers: Installed | None = None
    repository: bool = False


def set_up_project(root: Path, order: SetupOrder) -> SetUp:
    """Do what an order says, in a folder that need not be a project yet; what is there is never overwritten.

    When something fails, nothing that was written is left. Raises UsageError TD725 for a pipeline that cannot be
    written, TsdeployError TD018 where a link leads out of the folder, GitError for drivers without a repository, and
    what ``adopt_repository`` raises.
    """
    touched = [*TOUCHED, *(SYSTEMS[system].path for system in order.systems)]
    for path in (*(root / name for name in touched), *root.glob("environments/*"), *root.glob("environments/*/*")):
        refuse_led_out(root, path)
    if order.repository:
        create_repository(root)
    with undone_on_failure(root / name for name in touched):
        files = tuple(scaffold(root, order.environments, order.tml)) if order.environments or order.adopts else ()
        adopted = adopt_repository(root, order.built_in, order.config_branch) if order.adopts else None
        pipeline = pipeline_for(find_project(root), order.target) if order.systems else None
        pipelines = _pipelines(root, order.systems, pipeline) if pipeline else ()
    drivers = install_git_drivers(Repository.find(root)) if order.drivers else None
    return SetUp(root, files, adopted, pipeline, pipelines, drivers, order.repository)


def _pipelines(root: Path, systems: tuple[str, ...], pipeline: Pipeline) -> tuple[PipelineWritten, ...]:
    return tuple(PipelineWritten(system, write_pipeline(root, system, pipeline)) for system in systems)


def present_source(root: Path) -> str:
    """The environment of a project that objects are built in, "" where there is none yet. Raises ConfigError."""
    project = Project(root)
    return next((name for name in project.environment_names() if not project.environment(name).source), "")


def usual_branch(repository: Repository | None) -> str:
    """The branch that deploys are made from: ``main`` or ``master`` where there is one, else the present one."""
    if repository is None:
        return BRANCH
    branches = repository.branches()
    usual = next((name for name in (BRANCH, "master") if name in branches), "")
    return usual or repository.run("branch", "--show-current").strip() or BRANCH
