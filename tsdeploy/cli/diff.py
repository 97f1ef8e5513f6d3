"""``tsdeploy diff``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tsdeploy.cli.differences import objects_json, shown_objects, text_lines
from tsdeploy.cli.differences_markdown import markdown_lines
from tsdeploy.cli.drivers import merge_tml, print_external, print_textconv
from tsdeploy.cli.failures import ExitCode
from tsdeploy.cli.output import print_findings
from tsdeploy.errors import Finding, TsdeployError, UsageError
from tsdeploy.tml.compare import ObjectDiff
from tsdeploy.visible import json_text

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
    tsdeploy diff                          the folder against the last commit
    tsdeploy diff HEAD~1                   … against the one before it
    tsdeploy diff main HEAD                between two commits; also  main..HEAD
    tsdeploy diff before/tml after/tml     between two folders
    tsdeploy diff live:prod env:prod       what it has, what would be sent
    tsdeploy diff env:dev env:prod -s 'table:*'

    A and B are a commit, a folder, env:NAME for the release as it would be sent to an environment, or live:NAME for
    what the environment has of it. B is the working folder when it is left out.
    """
    if ctx.meta[_EXTERNAL]:
        print_external(sides)
        return 0
    if ctx.meta[_MERGING]:
        return 0 if merge_tml(sides) else TsdeployError.exit_code
    # This loads all of export and REST, which git's drivers, called for each file, do without.
    from tsdeploy.cli.context import project_of
    from tsdeploy.plan.comparison import compare_found

    comparison = compare_found(lambda: project_of(ctx), *_two(sides), selectors)
    found, findings = comparison.objects, comparison.findings
    _print(found, form, findings, noise=noise)
    print_findings(findings)
    if any(finding.is_error for finding in findings):
        return TsdeployError.exit_code
    return ExitCode.PENDING if pending_exit and shown_objects(found, noise=noise) else 0


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
        plain = {"objects": objects_json(found, noise=noise), "findings": [one.plain() for one in findings]}
        click.echo(json_text(plain, indent=2))
        return
    lines = markdown_lines if form == "markdown" else text_lines
    for line in lines(found, noise=noise):
        click.echo(line)
