"""``tsdeploy doctor``."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_json, safe
from tsdeploy.doctor.check import Line, Verdict
from tsdeploy.doctor.place import Place
from tsdeploy.doctor.run import examine_environment, examine_place
from tsdeploy.errors import TsdeployError

_COLORS = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.PROBLEM: "red"}
_HERE = "this machine"
_INDENT = " " * 11


@click.command("doctor", cls=GroupedCommand, variables=SERVER_VARIABLES)
@click.argument("environments", metavar="[ENVIRONMENT]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="This machine, and each environment of the project.")
@click.option(
    "--timeout",
    type=click.FloatRange(1, 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Begin no check of an environment later than that.",
)
@format_option
@click.pass_context
def command(ctx: click.Context, environments: tuple[str, ...], everything: bool, timeout: float, form: str) -> int:
    """Tell whether everything is in place, and what to do where it is not.

    \b
    tsdeploy doctor                        this machine, git, the project's files
    tsdeploy doctor prod                   can I reach it, who am I, what may I do
    tsdeploy doctor --all --format json    everything, for monitoring

    Nothing is changed anywhere. Exit codes: 0 nothing is broken, 1 there is a problem, 2 usage.
    """
    groups = dict(_groups(ctx, environments, everything, timeout))
    if form == "json":
        printed = {title: list(lines) for title, lines in groups.items()}
        print_json([{"place": title, "lines": list(map(_line_json, lines))} for title, lines in printed.items()])
    else:
        printed = {title: _printed(title, lines) for title, lines in groups.items()}
        _print_sum([*chain.from_iterable(printed.values())])
    broken = any(line.remark.verdict is Verdict.PROBLEM for lines in printed.values() for line in lines)
    return TsdeployError.exit_code if broken else 0


def _groups(
    ctx: click.Context, names: tuple[str, ...], everything: bool, seconds: float
) -> Iterator[tuple[str, Iterator[Line]]]:
    """What is looked at, and the lines of it, which come as they are found."""
    if everything or not names:
        yield _HERE, examine_place(Place.of(Path(str(ctx.find_root().obj))), seconds)
    if everything or names:
        project = project_of(ctx)
        for name in names or project.environment_names():
            # A misspelt name is told before anything is asked.
            if name not in project.environment_names():
                project.environment(name)
            yield name, examine_environment(project, name, seconds)


def _printed(title: str, lines: Iterator[Line]) -> list[Line]:
    click.echo(safe(title))
    seen = []
    for line in lines:
        remark = line.remark
        verdict = click.style(f"{remark.verdict.value:8}", fg=_COLORS[remark.verdict])
        click.echo(f"  {verdict} {_fitted(f'{line.check}: {safe(remark.text)}')}")
        if remark.hint:
            code = f" ({remark.code})" if remark.code else ""
            click.echo(f"{_INDENT}{_fitted(safe(remark.hint) + code)}")
        seen.append(line)
    return seen


def _fitted(text: str) -> str:
    """A text in lines that fit a terminal; one line elsewhere, where programs read."""
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns - len(_INDENT)
    return f"\n{_INDENT}".join(textwrap.wrap(text, max(width, 30), break_on_hyphens=False))


def _print_sum(lines: list[Line]) -> None:
    counts = {verdict: sum(line.remark.verdict is verdict for line in lines) for verdict in Verdict}
    nouns = {
        verdict: verdict.value if count == 1 or verdict is Verdict.OK else f"{verdict.value}s"
        for verdict, count in counts.items()
    }
    click.echo(f"Doctor: {', '.join(f'{count} {nouns[verdict]}' for verdict, count in counts.items())}.")


def _line_json(line: Line) -> dict[str, str | None]:
    remark = line.remark
    return {
        "check": line.check,
        "verdict": remark.verdict.value,
        "text": remark.text,
        "hint": remark.hint,
        "code": remark.code or None,
    }
