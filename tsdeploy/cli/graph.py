"""``tsdeploy graph``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Generic, TypeVar

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.output import finding_json, print_findings, say
from tsdeploy.config.project import Project
from tsdeploy.config.tags import tags_for
from tsdeploy.errors import Finding, Severity, TsdeployError, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.git import Repository
from tsdeploy.graph.breakage import BreakageReport
from tsdeploy.graph.dot import dot_of
from tsdeploy.graph.drawing import Drawing, draw
from tsdeploy.graph.mermaid import MAX_CHARACTERS, MAX_EDGES, mermaid_of
from tsdeploy.graph.page import page_of
from tsdeploy.graph.plain import plain_of
from tsdeploy.graph.text import text_of
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
from tsdeploy.visible import json_text

D = TypeVar("D", bound=Described)

_FORMATS = ("text", "mermaid", "dot", "html", "json")
_COLUMN_FORMATS = ("text", "json")
_SUFFIXES = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".html": "html", ".json": "json"}
_RENDERINGS: dict[str, Callable[[Drawing], str]] = {"text": text_of, "mermaid": mermaid_of, "dot": dot_of}


@click.command("graph")
@click.argument("selectors", nargs=-1, metavar="[SELECTOR]...")
@click.option("--uses-column", "column", metavar="COLUMN", help="What breaks when SELECTOR::COLUMN goes: text, json.")
@click.option("--rev", "revision", metavar="REV", help="The TML of a commit instead of the working folder's.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Default: by the suffix of FILE, else text.")
@click.option("-o", "--output", "file", metavar="FILE", help="Write to a file instead of standard output.")
@click.pass_context
def command(
    ctx: click.Context,
    selectors: tuple[str, ...],
    column: str | None,
    revision: str | None,
    form: str | None,
    file: str | None,
) -> int:
    """Who depends on whom: text, Mermaid, DOT, HTML.

    \b
    tsdeploy graph                              everything, as a tree
    tsdeploy graph -o graph.html                a page to pan, zoom, search and click through
    tsdeploy graph 'model:Retail Sales+'        a Model and all that uses it
    tsdeploy graph '+liveboard:*' '!table:*'    Liveboards and what they need, without tables
    tsdeploy graph --rev v1.4 --format mermaid
    tsdeploy graph --uses-column table:SALES::NET_AMOUNT    what breaks without that column

    \b
    A SELECTOR is kind:glob, a name, a GUID, obj_id:…, tag:…, path:… or name:… for names that hold a colon.
    + in front adds what it depends on, + at the end what depends on it; ! in front excludes.
    """
    project = project_of(ctx)
    form = form or _SUFFIXES.get(PurePath(file).suffix.lower() if file else "", "text")
    if column is None:
        described = _select(selectors, project, *_described(project, revision))
        text, findings = _rendered(described, form, project.root.name), described.findings
    else:
        documents = _select(selectors, project, *_documents(project, revision))
        text, findings = _breakage(column, documents, form), documents.findings
    if file is None:
        click.echo(text, nl=False)
    else:
        write_atomically(Path(file), text.encode("utf-8"))
        say(f"wrote {file}")
    print_findings(findings)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return TsdeployError.exit_code if failed else 0


@dataclass(frozen=True, slots=True)
class _Shown(Generic[D]):
    """The graph of everything, the part of it that is to be shown, and what was found on the way."""

    whole: GraphOf[D]
    graph: GraphOf[D]
    findings: tuple[Finding, ...]


def _documents(project: Project, revision: str | None) -> tuple[Sequence[Document], Sequence[Finding]]:
    if revision is None:
        content = load_folder(project.tml, shown=project.shown(project.tml))
    else:
        content = read_documents(Repository.find(project.root).files(revision, project.tml))
    return content.documents, content.findings


def _described(project: Project, revision: str | None) -> tuple[Sequence[Described], Sequence[Finding]]:
    """What a graph needs: from the index of entries, where files that did not change need not be parsed again."""
    if revision is not None:
        return _documents(project, revision)
    content = read_entries(project.tml, shown=project.shown(project.tml), cache=EntryCache(project.entry_cache))
    return content.entries, content.findings


def _select(selectors: tuple[str, ...], project: Project, objects: Sequence[D], unread: Sequence[Finding]) -> _Shown[D]:
    """Build the graph. What is loose is told of the objects that are shown; what is not shown is there all the same."""
    whole = build_graph(objects)
    graph = whole.within(select(selectors, whole, tags=tags_for(selectors, project, whole.documents)))
    identities = index(objects)
    shown = list(graph.documents.values())
    loose = (*dangling(identities, shown), *ambiguous(identities, shown))
    return _Shown(whole, graph, (*unread, *duplicates(objects), *loose))


def _rendered(shown: _Shown[D], form: str, title: str) -> str:
    if form == "json":
        return _json(plain_of(shown.graph), shown.findings)
    drawing = draw(shown.graph)
    if form == "html":
        return page_of(drawing, f"{title}: dependencies")
    text = _RENDERINGS[form](drawing)
    if form == "mermaid" and (drawing.edges + drawing.links > MAX_EDGES or len(text) > MAX_CHARACTERS):
        say("this is more than Mermaid draws by default: select less, or use --format html")
    return text


def _breakage(asked: str, shown: _Shown[Document], form: str) -> str:
    """What breaks without a column among all documents, as far as it is shown."""
    if form not in _COLUMN_FORMATS:
        hint = f"use --format {' or '.join(_COLUMN_FORMATS)}"
        raise UsageError(Finding("TD017", f"what uses a column is not drawn as {form}", at="--uses-column", hint=hint))
    columns = build_column_graph(shown.whole.documents)
    found = asked_column(asked, shown.whole, columns)
    report = BreakageReport(found, columns.broken_by([found]), shown.whole.documents, shown.graph.documents.keys())
    return _json(report.plain(), shown.findings) if form == "json" else report.text()


def _json(plain: dict[str, Any], findings: Sequence[Finding]) -> str:
    return json_text({**plain, "findings": [finding_json(finding) for finding in findings]}, indent=2) + "\n"
