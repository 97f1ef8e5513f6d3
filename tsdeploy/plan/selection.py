"""Which part of a release a plan is about: by selectors, or by what changed since a commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.git import Repository
from tsdeploy.release import rule_files
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.selector import select


@dataclass(frozen=True, slots=True)
class Selection:
    """The keys of the documents a plan is about; ``whole`` when these are all there are."""

    keys: frozenset[str]
    whole: bool = True
    findings: tuple[Finding, ...] = ()


def select_release(
    project: Project, environment: Environment, graph: Graph, selectors: tuple[str, ...], since: str
) -> Selection:
    """The part of a release that selectors name and that changed since a commit; both narrow.

    A changed mapping, environment or source environment concerns every object, so ``since`` then leaves nothing out,
    and says so. Raises UsageError TD010–TD013 for selectors, TD015 when nothing is left, and GitError TD704, TD706.
    """
    chosen = frozenset(select(selectors, graph)) if selectors else frozenset(graph.documents)
    if not since:
        return Selection(chosen, not selectors)
    repository = Repository.find(project.root)
    rules = list(rule_files(project, environment))
    if environment.source:
        rules.append(project.environment(environment.source).folder / "environment.yaml")
    moved = repository.changed_since(since, rules)
    if moved:
        message = f"{moved[0]} changed since {since}: every object is planned"
        finding = Finding("TD504", message, Location(moved[0]), severity=Severity.INFO)
        return Selection(chosen, not selectors, (finding,))
    changed = {repository.root / PurePosixPath(path) for path in repository.changed_since(since, [project.tml])}
    return Selection(chosen & _keys_at(project, graph, changed), whole=False)


def _keys_at(project: Project, graph: Graph, files: Collection[Path]) -> frozenset[str]:
    resolved = {file.resolve() for file in files}
    return frozenset(
        key for key, document in graph.documents.items() if (project.root / document.path).resolve() in resolved
    )


def overwrites(selectors: tuple[str, ...], graph: Graph) -> frozenset[str]:
    """The keys that ``--overwrite-remote`` names. Raises UsageError as selectors do."""
    return frozenset(select(selectors, graph)) if selectors else frozenset()
