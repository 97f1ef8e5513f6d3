"""The dependency graph of a project, as far as selectors name it, and what is loose in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tsdeploy.config.project import Project
from tsdeploy.config.tags import tags_for
from tsdeploy.errors import Finding
from tsdeploy.git import Repository, refuse_planted
from tsdeploy.graph.breakage import BreakageReport
from tsdeploy.graph.drawing import draw
from tsdeploy.graph.forms import Form, drawn
from tsdeploy.tml.columns.asked import asked_column
from tsdeploy.tml.columns.graph import build_column_graph
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.folder import duplicates, load_folder, read_documents
from tsdeploy.tml.graph import GraphOf, build_graph, index
from tsdeploy.tml.loose_ends import ambiguous, dangling
from tsdeploy.tml.reading import read_entries
from tsdeploy.tml.selector import select

D = TypeVar("D", bound=Described)


@dataclass(frozen=True, slots=True, eq=False)
class ShownGraph(Generic[D]):
    """The part of a project's graph that is to be shown, the ``whole`` of it, and what was found on the way."""

    title: str
    graph: GraphOf[D]
    whole: GraphOf[D]
    findings: tuple[Finding, ...]

    def drawn(self, form: Form = "text") -> str:
        """The graph as text, as Mermaid, in DOT, or as an HTML page that needs no other file."""
        return drawn(draw(self.graph), form, self.title)


def read_graph(project: Project, selectors: Sequence[str] = (), revision: str = "") -> ShownGraph[Described]:
    """Who depends on whom among what the selectors name, of the TML in the folder or at a commit.

    Raises UsageError for a selector that names nothing, GitError TD704 for no such commit, and ConfigError.
    """
    if revision:
        documents = _at(project, revision)
        return _shown(project, selectors, *documents)
    # From the index of entries, where files that did not change need not be parsed again.
    refuse_planted(project.state)
    content = read_entries(project.tml, shown=project.shown(project.tml), cache=EntryCache(project.entry_cache))
    return _shown(project, selectors, content.entries, content.findings)


@dataclass(frozen=True, slots=True, eq=False)
class FoundBreakage:
    """What breaks without a column, and what was found on the way."""

    report: BreakageReport
    findings: tuple[Finding, ...]


def find_breakage(project: Project, column: str, selectors: Sequence[str] = (), revision: str = "") -> FoundBreakage:
    """What breaks without a column, written ``SELECTOR::COLUMN``, as far as selectors name it.

    Raises UsageError when the object or the column is not there, and what ``read_graph`` raises.
    """
    if revision:
        shown = _shown(project, selectors, *_at(project, revision))
    else:
        content = load_folder(project.tml, shown=project.shown(project.tml))
        shown = _shown(project, selectors, content.documents, content.findings)
    columns = build_column_graph(shown.whole.documents)
    found = asked_column(column, shown.whole, columns)
    report = BreakageReport(found, columns.broken_by([found]), shown.whole.documents, shown.graph.documents.keys())
    return FoundBreakage(report, shown.findings)


def _at(project: Project, revision: str) -> tuple[Sequence[Document], Sequence[Finding]]:
    content = read_documents(Repository.find(project.root).files(revision, project.tml))
    return content.documents, content.findings


def _shown(
    project: Project, selectors: Sequence[str], objects: Sequence[D], unread: Sequence[Finding]
) -> ShownGraph[D]:
    """Build the graph. What is loose is told of the objects that are shown; what is not shown is there all the same."""
    whole = build_graph(objects)
    graph = whole.within(select(selectors, whole, tags=tags_for(selectors, project, whole.documents)))
    identities = index(objects)
    shown = list(graph.documents.values())
    loose = (*dangling(identities, shown), *ambiguous(identities, shown))
    return ShownGraph(f"{project.root.name}: dependencies", graph, whole, (*unread, *duplicates(objects), *loose))
