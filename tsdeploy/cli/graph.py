"""``tsdeploy graph``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any, Literal

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.output import conclude, say
from tsdeploy.errors import Finding, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.graph.drawing import draw
from tsdeploy.graph.forms import drawn
from tsdeploy.graph.mermaid import MAX_CHARACTERS, MAX_EDGES
from tsdeploy.graph.plain import plain_of
from tsdeploy.graph.read import FoundBreakage, ShownGraph, find_breakage, read_graph
from tsdeploy.tml.described import Described
from tsdeploy.visible import json_text

Asked = Literal["text", "mermaid", "dot", "html", "json"]

_FORMATS = ("text", "mermaid", "dot", "html", "json")
_COLUMN_FORMATS = ("text", "json")
_SUFFIXES: dict[str, Asked] = {
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".html": "html",
    ".json": "json",
}


@click.command("graph")
@click.argument("selectors", nargs=-1, metavar="[SELECTOR]...")
@click.option("--uses-column", "column", metavar="COLUMN", help="What breaks when SELECTOR::COLUMN goes: text, json.")
@click.option(
    "--rev", "revision", default="", metavar="REV", help="The TML of a commit instead of the working folder's."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Default: by the suffix of FILE, else text.")
@click.option("-o", "--output", "file", metavar="FILE", help="Write to a file instead of standard output.")
@click.pass_context
def command(
    ctx: click.Context,
    selectors: tuple[str, ...],
    column: str | None,
    revision: str,
    form: Asked | None,
    file: str | None,
) -> int:
    """Who depends on whom: text, Mermaid, DOT, HTML.

    \b
    tsdeploy graph                              everything, as a tree
    tsdeploy graph -o graph.html                a page to zoom and search
    tsdeploy graph 'model:Retail Sales+'        a Model and all that uses it
    tsdeploy graph '+liveboard:*' '!table:*'    what they need, no tables
    tsdeploy graph --rev v1.4 --format mermaid
    tsdeploy graph --uses-column table:SALES::NET_AMOUNT    what breaks without

    A SELECTOR is kind:glob, a name, a GUID, obj_id:…, tag:…, path:… or name:… for names that hold a colon.
    + in front adds what it depends on, + at the end what depends on it; ! in front excludes.
    """
    project = project_of(ctx)
    form = form or _SUFFIXES.get(PurePath(file).suffix.lower() if file else "", "text")
    if column is None:
        shown = read_graph(project, selectors, revision)
        text, findings = _rendered(shown, form), shown.findings
    else:
        _refuse_drawing(form)
        broken = find_breakage(project, column, selectors, revision)
        text, findings = _breakage(broken, form), broken.findings
    if file is None:
        click.echo(text, nl=False)
    else:
        write_atomically(Path(file), text.encode("utf-8"))
        say(f"wrote {file}")
    return conclude(findings)


def _refuse_drawing(form: Asked) -> None:
    if form not in _COLUMN_FORMATS:
        hint = f"use --format {' or '.join(_COLUMN_FORMATS)}"
        raise UsageError(Finding("TD017", f"what uses a column is not drawn as {form}", at="--uses-column", hint=hint))


def _rendered(shown: ShownGraph[Described], form: Asked) -> str:
    if form == "json":
        return _json(plain_of(shown.graph), shown.findings)
    drawing = draw(shown.graph)
    text = drawn(drawing, form, shown.title)
    if form == "mermaid" and (drawing.edges + drawing.links > MAX_EDGES or len(text) > MAX_CHARACTERS):
        say("this is more than Mermaid draws by default: select less, or use --format html")
    return text


def _breakage(found: FoundBreakage, form: Asked) -> str:
    return _json(found.report.plain(), found.findings) if form == "json" else found.report.text()


def _json(plain: dict[str, Any], findings: Sequence[Finding]) -> str:
    return json_text({**plain, "findings": [finding.plain() for finding in findings]}, indent=2) + "\n"
