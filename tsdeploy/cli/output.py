"""How results look on a terminal. Results go to standard output, progress and findings to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from tsdeploy.errors import Finding, Severity, TsdeployError, UsageError
from tsdeploy.visible import json_text, visible_lines

_SHOWN_PLACES = 3
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def safe(text: str) -> str:
    """Text from outside on one line, with what is invisible made visible, and nothing that a pipeline would carry out.

    A name with line breaks could otherwise look like lines of ours.
    """
    return visible_lines(" ".join(text.splitlines()))


def safe_lines(text: str) -> str:
    """As ``safe``, of a text that is shown as a whole."""
    return visible_lines(text)


def one_line(text: str, limit: int = 60) -> str:
    """Text from outside as one short line."""
    flat = safe(" ".join(text.split()))
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def say(text: str) -> None:
    """Progress and remarks, to standard error."""
    click.echo(safe(text), err=True)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say what takes a while: a spinner on a terminal, a line where there is none."""
    if not sys.stderr.isatty():
        say(text)
        yield
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(safe(text))):
        yield


def print_findings(findings: Iterable[Finding]) -> None:
    """Write findings to standard error, errors last; what has the same cure is said once, with its places."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.code, finding.hint or finding.message)
        groups.setdefault(key, []).append(finding)
    for group in sorted(groups.values(), key=lambda group: group[0].is_error):
        _print_group(group)


def conclude(findings: Sequence[Finding]) -> int:
    """Write findings as the last of a command; the exit code that they make."""
    print_findings(findings)
    return TsdeployError.exit_code if any(finding.is_error for finding in findings) else 0


def label(finding: Finding) -> str:
    """How bad it is, and its code: ``error[TD204]``."""
    return click.style(f"{finding.severity.value}[{finding.code}]", fg=_COLORS[finding.severity], bold=True)


def _print_group(group: Sequence[Finding]) -> None:
    first = group[0]
    click.echo(f"{label(first)}: {safe(first.message)}", err=True)
    if first.at:
        click.echo(f"  at {safe(first.at)}", err=True)
    if first.location:
        click.echo(f"  in {safe(str(first.location))}", err=True)
    if first.request_id:
        click.echo(f"  request {safe(first.request_id)}", err=True)
    for line in other_places(group):
        click.echo(line, err=True)
    if first.hint:
        click.echo(f"  hint: {safe(first.hint)}", err=True)


def other_places(group: Sequence[Finding]) -> Iterator[str]:
    """Where else is what the first of some findings says: a few places, and how many more there are."""
    for finding in group[1 : 1 + _SHOWN_PLACES]:
        yield f"     {safe(_also(finding, group[0]))}"
    if left := len(group[1 + _SHOWN_PLACES :]):
        yield f"     and {left} more place{'s' if left > 1 else ''}"


def _also(finding: Finding, first: Finding) -> str:
    """What another finding with the same cure adds: its place, and what it says where that is something else."""
    if finding.location is None:
        return finding.message
    return f"{finding.location}: {finding.message}" if finding.message != first.message else str(finding.location)


def print_json(value: Any) -> None:
    """A result as JSON, to standard output."""
    click.echo(json_text(value, indent=2))


def confirmed(question: str, what: str) -> bool:
    """Ask whether something is to be done. Raises UsageError TD002 where nobody can answer."""
    if not can_ask():
        raise UsageError(Finding("TD002", f"nobody is here to confirm the {what}", hint="run it with --yes"))
    return click.confirm(question)


def can_ask() -> bool:
    """Whether a person is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()
