"""``tsdeploy diff``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tsdeploy.cli.differences import objects_json, shown_objects, text_lines
from tsdeploy.cli.differences_markdown import markdown_lines
from tsdeploy.cli.drivers import merge_tml, print_external, print_textconv
from tsdeploy.cli.output import finding_json, print_findings
from tsdeploy.errors import Finding, Severity, TsdeployError, UsageError
from tsdeploy.tml.compare import ObjectDiff, compare_pairs, pair_documents
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import asks_for_tags, select
from tsdeploy.visible import json_text

_PENDING_EXIT = 3
_COMMITTED = "HEAD"
_EXTERNAL = f"{__name__}.external"
_MERGING = f"{__name__}.merging"


def _textconv(ctx: click.Context, _: click.Parameter, file: str | None) -> None:
    if file is not None:
        print_textconv(file)
        ctx.exit()


def _external(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    ctx.meta[_EXTERNAL] = asked


def _merging(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    ctx.meta[_MERGING] = asked


@click.command("diff")
@click.argument("sides", nargs=-1, metavar="[A] [B]")
@click.option("--select", "-s", "selectors", multiple=True, metavar="SELECTOR", help="Only these objects. Repeatable.")
@click.option("--noise", is_flag=True, help="Also what servers, releases and browsers change by themselves.")
@click.option("--exit-code", "pending_exit", is_flag=True, help="Exit with 3 when there are differences.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print.")
@click.option("--textconv", metavar="FILE", hidden=True, is_eager=True, expose_value=False, callback=_textconv)
@click.option("--external", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_external)
@click.option("--merge-driver", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_merging)
@click.pass_context
def command(
    ctx: click.Context, sides: tuple[str, ...], selectors: tuple[str, ...], noise: bool, pending_exit: bool, form: str
) -> int:
    """Show what changed in the TML, in words, not lines.

    \b
    tsdeploy diff                          the working folder against the last commit
    tsdeploy diff HEAD~1                   … against the one before it
    tsdeploy diff main HEAD                between two commits; also  main..HEAD
    tsdeploy diff before/tml after/tml     between two folders
    tsdeploy diff live:prod env:prod       what prod has, against what would be sent to it
    tsdeploy diff env:dev env:prod -s 'table:*'

    A and B are a commit, a folder, env:NAME for the release as it would be sent to an environment, or live:NAME for
    what the environment has of it. B is the working folder when it is left out.
    """
    if ctx.meta[_EXTERNAL]:
        print_external(sides)
        return 0
    if ctx.meta[_MERGING]:
        return 0 if merge_tml(sides) else TsdeployError.exit_code
    # These load all of export and REST, which git's drivers, called for each file, do without.
    from tsdeploy.cli.context import project_of
    from tsdeploy.config.tags import tags_for
    from tsdeploy.plan.sides import read_side

    before, after = (read_side(side, lambda: project_of(ctx)) for side in _two(sides))
    pairs = pair_documents(before.documents, after.documents)
    if selectors:
        graph = build_graph(pair.newest for pair in pairs)
        tags = tags_for(selectors, project_of(ctx), graph.documents) if asks_for_tags(selectors) else None
        # What is only on the old side still counts among its peers.
        chosen = set(select(selectors, graph, tags=tags))
        pairs = [pair for pair in pairs if pair.newest.key in chosen]
    found = compare_pairs(pairs)
    findings = [*(finding.as_warning() for finding in before.findings), *after.findings]
    _print(found, form, findings, noise=noise)
    print_findings(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return TsdeployError.exit_code
    return _PENDING_EXIT if pending_exit and shown_objects(found, noise=noise) else 0


def _two(sides: tuple[str, ...]) -> tuple[str, str]:
    """Both sides; ``A..B`` is a way to write two commits."""
    if len(sides) == 1 and ".." in sides[0] and "..." not in sides[0] and not Path(sides[0]).exists():
        old, _, new = sides[0].partition("..")
        return old or _COMMITTED, new or _COMMITTED
    if len(sides) > len(("A", "B")):
        hint = "put quotes around names with blanks"
        raise UsageError(Finding("TD023", f"there are two sides to compare, not {len(sides)}", hint=hint))
    old, new = (*sides, *("", "")[len(sides) :])
    return old or _COMMITTED, new


def _print(found: Sequence[ObjectDiff], form: str, findings: Sequence[Finding], *, noise: bool) -> None:
    if form == "json":
        plain = {"objects": objects_json(found, noise=noise), "findings": [finding_json(one) for one in findings]}
        click.echo(json_text(plain, indent=2))
        return
    lines = markdown_lines if form == "markdown" else text_lines
    for line in lines(found, noise=noise):
        click.echo(line)
