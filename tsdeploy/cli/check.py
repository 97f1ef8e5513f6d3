"""``tsdeploy check``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from tsdeploy.check.run import CheckReport, check_project
from tsdeploy.check.sarif import check_sarif
from tsdeploy.cli.context import project_of
from tsdeploy.cli.coverage import coverage_json, coverage_lines
from tsdeploy.cli.output import label, one_line, other_places, print_json, safe
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding, Severity, TsdeployError
from tsdeploy.review.wording import counted

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_LONGEST = 400
_SETTLED = frozenset({"TD201", "TD204", "TD205", "TD206", "TD226"})
"""What no rule of a mapping covers; the hint is the line to write, and the same line may settle many places."""


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--env", "environments", multiple=True, metavar="ENV", help="Only for this environment. Repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", help="How to print.")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], environments: tuple[str, ...], form: str, strict: bool) -> int:
    """Find everything that can be known offline: structure, references, columns, secrets, mapping coverage.

    \b
    tsdeploy check                         for each environment with a source
    tsdeploy check tml/model --env prod    this folder, for prod alone
    tsdeploy check --format sarif > check.sarif
    tsdeploy explain TD140                 what a code means

    What the project lives with is written into .tsdeploy-check.yaml, each entry with its reason:

    \b
    version: 1
    suppress:
    - {rule: TD132, in: "table:OLD_*", reason: kept until the spring release}
    """
    report = check_project(_project(ctx, paths), paths, environments)
    if form == "text":
        _print(report)
    else:
        # Names of files need not be text; escapes keep whatever they are readable for any program.
        print_json(check_sarif(report) if form == "sarif" else report_json(report))
    return TsdeployError.exit_code if report.failed(strict=strict) else 0


def _project(ctx: click.Context, paths: tuple[Path, ...]) -> Project:
    """The project; where there is none and paths are named, this folder without any environment."""
    try:
        return project_of(ctx)
    except ConfigError:
        if not paths:
            raise
        return Project(Path(str(ctx.find_root().obj)).resolve())


def report_json(report: CheckReport) -> dict[str, object]:
    """A report as plain data."""
    return {
        "files": report.files,
        "summary": {severity.value: report.count(severity) for severity in Severity},
        "findings": [finding.plain() for finding in report.findings],
        "coverage": {name: coverage_json(coverage) for name, coverage in report.coverage},
        "suppressed": [{**one.finding.plain(), "reason": one.reason} for one in report.suppressed],
    }


def _print(report: CheckReport) -> None:
    groups = list(_by_cure(report.findings))
    for group in groups:
        _print_group(group)
    for name, coverage in report.coverage:
        for line in coverage_lines(f"mapping of {name}", coverage):
            click.echo(line)
    counts = [counted(report.count(severity), _NOUNS[severity]) for severity in Severity]
    suppressed = f"; {len(report.suppressed)} suppressed" if report.suppressed else ""
    for line in _few_lines(groups):
        click.echo(line)
    click.echo(f"Checked {counted(report.files, 'file')}: {', '.join(counts)}{suppressed}.")


def _by_cure(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Each finding by itself, but together what one line in a mapping settles; in the order of the first of each."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        cure = (finding.code, finding.hint) if finding.code in _SETTLED and finding.hint else number
        groups.setdefault(cure, []).append(finding)
    yield from groups.values()


def _few_lines(groups: Iterable[Sequence[Finding]]) -> Iterator[str]:
    """How few lines in a mapping settle how many findings, where that is good to know."""
    large = [group for group in groups if len(group) > 1]
    if large:
        lines = f"{counted(len(large), 'line')} in a mapping settle{'s' if len(large) == 1 else ''}"
        yield f"{lines} {sum(map(len, large))} of these;  tsdeploy check --format json  names every place."


def _print_group(group: Sequence[Finding]) -> None:
    finding = group[0]
    where = f"{safe(str(finding.location))}: " if finding.location else ""
    click.echo(f"{where}{label(finding)}: {one_line(finding.message, _LONGEST)}")
    if finding.at:
        click.echo(f"  at {one_line(finding.at, _LONGEST)}")
    for line in other_places(group):
        click.echo(line)
    if finding.hint:
        click.echo(f"  hint: {one_line(finding.hint, _LONGEST)}")
