"""What differs between two sides, object by object: commits, folders, releases, and what is live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tsdeploy.config.project import Project
from tsdeploy.config.tags import tags_for
from tsdeploy.errors import Finding
from tsdeploy.plan.sides import read_side
from tsdeploy.tml.compare import ObjectDiff, compare_pairs, pair_documents
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import asks_for_tags, select

COMMITTED = "HEAD"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The objects that differ, by label. Errors among the findings mean that the newer side could not be read whole."""

    objects: tuple[ObjectDiff, ...]
    findings: tuple[Finding, ...] = ()


def compare_sides(
    project: Project, before: str = COMMITTED, after: str = "", selectors: Sequence[str] = ()
) -> Comparison:
    """Compare two sides: each a commit, a folder, ``env:NAME``, ``live:NAME``, or "" for the project's own TML.

    Raises what ``read_side`` raises, and UsageError for a selector that names nothing.
    """
    return compare_found(lambda: project, before, after, selectors)


def compare_found(project: Callable[[], Project], before: str, after: str, selectors: Sequence[str] = ()) -> Comparison:
    """The same for whoever may be in no project, which two folders do not need."""
    older, newer = (read_side(side, project) for side in (before, after))
    pairs = pair_documents(older.documents, newer.documents)
    if selectors:
        graph = build_graph(pair.newest for pair in pairs)
        tags = tags_for(selectors, project(), graph.documents) if asks_for_tags(selectors) else None
        # What is only on the old side still counts among its peers.
        chosen = set(select(selectors, graph, tags=tags))
        pairs = [pair for pair in pairs if pair.newest.key in chosen]
    findings = (*(finding.as_warning() for finding in older.findings), *newer.findings)
    return Comparison(compare_pairs(pairs), findings)
