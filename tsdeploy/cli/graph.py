"""``tsdeploy graph``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.output import finding_json, print_findings, say
from tsdeploy.config.project import Project
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
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import FolderContent, duplicates, load_folder, read_documents
from tsdeploy.tml.graph import Graph, build_graph, index
from tsdeploy.tml.loose_ends import ambiguous, dangling
from tsdeploy.tml.selector import select
from tsdeploy.visible import json_text

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
    A SELECTOR is kind:glob, a name, a GUID, obj_id:…, path:… or name:… for names that hold a colon.
    + in front adds what it depends on, + at the end what depends on it; ! in front excludes.
    """
    project = project_of(ctx)
    content = _content(project, revision)
    whole = build_graph(content.documents)
    graph = whole.within(select(selectors, whole))
    form = form or _SUFFIXES.get(PurePath(file).suffix.lower() if file else "", "text")
    findings = [*content.findings, *duplicates(content.documents), *_loose_ends(content, graph)]
    if column is None:
        text = _rendered(graph, form, project.root.name, findings)
    else:
        text = _breakage(column, whole, graph, form, findings)
    if file is None:
        click.echo(text, nl=False)
    else:
        write_atomically(Path(file), text.encode("utf-8"))
        say(f"wrote {file}")
    print_findings(findings)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return TsdeployError.exit_code if failed else 0


def _content(project: Project, revision: str | None) -> FolderContent:
    if revision is None:
        return load_folder(project.tml, shown=project.shown(project.tml))
    return read_documents(Repository.find(project.root).files(revision, project.tml))


def _loose_ends(content: FolderContent, graph: Graph) -> list[Finding]:
    """What is loose in the objects that are shown; what is not shown is there all the same."""
    identities = index(content.documents)
    shown: list[Document] = list(graph.documents.values())
    return [*dangling(identities, shown), *ambiguous(identities, shown)]


def _rendered(graph: Graph, form: str, title: str, findings: list[Finding]) -> str:
    if form == "json":
        plain = {**plain_of(graph), "findings": [finding_json(finding) for finding in findings]}
        return json_text(plain, indent=2) + "\n"
    drawing = draw(graph)
    if form == "html":
        return page_of(drawing, f"{title}: dependencies")
    text = _RENDERINGS[form](drawing)
    if form == "mermaid" and (drawing.edges + drawing.links > MAX_EDGES or len(text) > MAX_CHARACTERS):
        say("this is more than Mermaid draws by default: select less, or use --format html")
    return text


def _breakage(asked: str, whole: Graph, graph: Graph, form: str, findings: list[Finding]) -> str:
    """What breaks without a column among all documents, as far as it is shown."""
    if form not in _COLUMN_FORMATS:
        hint = f"use --format {' or '.join(_COLUMN_FORMATS)}"
        raise UsageError(Finding("TD017", f"what uses a column is not drawn as {form}", at="--uses-column", hint=hint))
    columns = build_column_graph(whole.documents)
    found = asked_column(asked, whole, columns)
    report = BreakageReport(found, columns.broken_by([found]), whole.documents, graph.documents.keys())
    if form == "json":
        plain = {**report.plain(), "findings": [finding_json(finding) for finding in findings]}
        return json_text(plain, indent=2) + "\n"
    return report.text()
