"""What a change means for each environment: a plan of the changed objects, from files or with the server's answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from tsdeploy.check.suppression import FILE_NAME
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding, GitError, Location, RestError, Severity, TmlError
from tsdeploy.files import write_atomically
from tsdeploy.git import Head, Repository
from tsdeploy.mapping.reading import mapping_files
from tsdeploy.plan.build import PlanOptions, make_plan
from tsdeploy.plan.change import Plan
from tsdeploy.plan.decide import Situation, decide, unsure_updates
from tsdeploy.plan.live import last_known
from tsdeploy.plan.live_cache import LiveCache
from tsdeploy.release import release_inputs
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.outlook import Outlook
from tsdeploy.sessions import connect
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.transform.inputs import Rendering
from tsdeploy.transform.render import Renderer


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What is to be planned: the documents that changed, those they are built on, and the commit."""

    changed: tuple[Document, ...]
    needed: tuple[Document, ...]
    head: Head
    base: str


@contextmanager
def project_at(project: Project, objects: GitObjects, commit: str) -> Iterator[Project]:
    """The configuration of a project as a commit has it, in a folder that goes away; its TML is not there."""
    prefix = objects.prefix
    wanted = list(objects.configuration(commit, "environments", FILE_NAME))
    with tempfile.TemporaryDirectory(prefix="tsdeploy-review-") as name:
        root = Path(name).resolve()
        for blob, content in zip(wanted, objects.read(blob.id for blob in wanted), strict=True):
            path = root / blob.path.removeprefix(prefix)
            # A path that git allows may still lead out of a folder where that has other rules.
            if path.resolve().is_relative_to(root):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, content)
        yield Project(root, project.tml_folder)


def included_files(project: Project) -> tuple[str, ...]:
    """What the mappings of a project's environments include from elsewhere in it, relative to the project."""
    mappings = [project.root / "environments" / name / "mapping.yaml" for name in project.environment_names()]
    found = {file for path in mappings if path.exists() for file in mapping_files(path)}
    return tuple(sorted(file.relative_to(project.root).as_posix() for file in found))


def targets_of(project: Project) -> tuple[str, ...]:
    """The environments that are deployed to, and those of which nobody can tell."""
    return tuple(name for name in project.environment_names() if _has_source(project, name))


def environments_of(project: Project, names: Sequence[str]) -> tuple[str, ...]:
    """The environments to look at: those named, else every one with a source.

    Raises ConfigError TD306 when there is no environment of a given name.
    """
    for name in names:
        if name not in project.environment_names():
            project.environment(name)  # raises, naming the nearest
    return tuple(names) or targets_of(project)


Prepare: TypeAlias = Callable[[Environment], None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What decides whether an environment is asked. ``there`` is the configuration at the newer commit.

    ``prepare`` is called with an environment before it is asked.
    """

    repository: Repository
    objects: GitObjects
    project: Project
    there: Project
    prepare: Prepare = lambda _: None

    def refusal(self, name: str, change: Change) -> Finding | None:
        """Why an environment is not asked although it could be; None where it is to be asked."""
        file = f"{self.objects.prefix}environments/{name}/environment.yaml"
        if any(self._id(change.base, path) != self._id(change.head.commit, path) for path in self._trusted(name, file)):
            # Whoever writes these files says where the credentials are sent, and who may read them on the way.
            message = f"the change touches the address or the sign-in of {name}, so it is planned without asking it"
            return Finding("TD721", message, Location(file), hint="look at the file first", severity=Severity.WARNING)
        paths = [path for path in (self.project.tml, self.project.root / "environments") if path.exists()]
        dirty = [path for path in self.repository.dirty(paths) if not _is_record(path)]
        if self.repository.head().commit == change.head.commit and not dirty:
            return None
        message = f"{change.head.commit[:10]} is not what is checked out, so {name} is planned without asking it"
        return Finding("TD720", message, hint="check it out, and commit what is not yet", severity=Severity.WARNING)

    def _trusted(self, name: str, file: str) -> tuple[str, ...]:
        """The files that decide where credentials go: the environment's, and the certificates that it trusts."""
        bundle = self.project.environment(name).tls.ca_bundle
        top = self.repository.root.resolve()
        if bundle is None or not bundle.resolve().is_relative_to(top):
            return (file,)
        return (file, bundle.resolve().relative_to(top).as_posix())

    def _id(self, commit: str, path: str) -> str:
        return "".join(blob.id for blob in self.objects.below(commit, path))


def outlook(project: Project, there: Project, name: str, change: Change, asking: Asking | None) -> Outlook:
    """What a change means for one environment, with its answer where it may be asked and can be."""
    if asking is None:
        return replace(_offline(project, there, name, change), unasked="this review asks nobody")
    if not has_credentials(there, name):
        # As in the pipeline of a fork, which gets no secrets.
        return replace(_offline(project, there, name, change), unasked="its credentials are not at hand here")
    refusal = asking.refusal(name, change)
    if refusal is None:
        return _live(project, name, change, asking.prepare)
    found = _offline(project, there, name, change)
    return replace(found, findings=(*found.findings, refusal))


def _offline(project: Project, there: Project, name: str, change: Change) -> Outlook:
    """What can be told without the server. ``there`` is the configuration at the commit; caches are the project's."""
    try:
        environment = there.environment(name)
        inputs = release_inputs(there, environment)
        cache = project.live_cache(environment)
        with LiveCache(cache if cache.exists() else None) as kept:
            inputs = replace(inputs, known=kept.last_known_target())
            renderer = Renderer((*change.changed, *change.needed), inputs)
            rendered = tuple(renderer.render(one) for one in change.changed if renderer.writes(one))
            live = last_known(rendered, kept)
    except (ConfigError, TmlError) as error:
        return Outlook(name, None, findings=error.findings)
    graph = build_graph((*change.changed, *change.needed))
    keys = frozenset(one.key for one in rendered)
    situation = Situation(inputs, live, {}, frozenset(), keys, graph, offline=True)
    changes = tuple(decide(one, situation) for one in rendered)
    plan = Plan(
        environment=name,
        head=change.head,
        inputs=inputs,
        rendering=Rendering(rendered, (), (), renderer.coverage()),
        changes=changes,
        findings=unsure_updates(changes, inputs),
        selected=True,
        as_of="the last deploy",
    )
    return Outlook(name, plan)


def _live(project: Project, name: str, change: Change, prepare: Prepare) -> Outlook:
    """What the environment itself says, of the commit that is checked out."""
    try:
        environment = project.environment(name)
        prepare(environment)
        with connect(environment) as session:
            plan = make_plan(project, environment, session, PlanOptions(since=change.base))
    except (ConfigError, TmlError, GitError, RestError) as error:
        return Outlook(name, None, live=True, findings=error.findings)
    return Outlook(name, plan, live=True)


def _is_record(path: str) -> bool:
    """Whether a file says what was deployed: this machine's own may be newer than what is committed."""
    steps = PurePosixPath(path).parts
    return "environments" in steps[:-1] and (steps[-1] == "objects.json" or "releases" in steps[:-1])


def has_credentials(project: Project, name: str) -> bool:
    """Whether the secrets that an environment refers to are set."""
    try:
        project.environment(name).auth.secret.reveal()
    except ConfigError:
        return False
    return True


def _has_source(project: Project, name: str) -> bool:
    try:
        return bool(project.environment(name).source)
    except ConfigError:
        # Shown as what is wrong with it, rather than passed over.
        return True
