"""How a command line ends: what a failure looks like, and the exit code of each."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import click

from tsdeploy.cli.streams import lost
from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.logs.logbook import Logbook
from tsdeploy.visible import visible

_SYSTEM = frozenset(
    getattr(errno, name)
    for name in ("EACCES", "EDQUOT", "EIO", "EMFILE", "ENAMETOOLONG", "ENFILE", "ENOSPC", "EPERM", "EROFS", "ETXTBSY")
    if hasattr(errno, name)
)
"""What the operating system refuses for reasons of its own; anything else is a mistake in this program."""


class ExitCode(IntEnum):
    """Every code that a command ends with."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PENDING = 3
    REFUSED = 4
    PARTLY = 5
    BUG = 70
    INTERRUPTED = 130


@dataclass(slots=True)
class Run:
    """One command line under way, and the folder that it says the project is in."""

    arguments: tuple[str, ...]
    book: Logbook
    folder: Path = field(default_factory=Path)


def end(run: Run, call: Callable[[], object]) -> int:
    """Carry out a command line to its exit code. Failures, and how to see them again, go to standard error."""
    code = _carried_out(run, call)
    error = lost(sys.stdout) or lost(sys.stderr)
    if error is not None:
        _print([_output_lost(error)])
        code = code or ExitCode.FAILED
    if code not in (ExitCode.DONE, ExitCode.INTERRUPTED):
        _say_again(run)
    return code


def _say_again(run: Run) -> None:
    from tsdeploy.cli.reproduce import local_command

    again = local_command(run.arguments)
    if again:
        click.echo(f"to see this on your own machine:  {visible(run.book.redactor.redact(again))}", err=True)


def _carried_out(run: Run, call: Callable[[], object]) -> int:
    try:
        code = call()
    except TsdeployError as error:
        _print(error.findings)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except OSError as error:
        if error.errno not in _SYSTEM:
            return _report_bug(run, error)
        _print([_refused(error)])
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 - the one place where a bug of ours ends
        return _report_bug(run, error)
    return code if isinstance(code, int) else ExitCode.DONE


def _output_lost(error: OSError) -> Finding:
    return Finding("TD062", f"the output could not be written: {error.strerror}", hint="what was to be done was done")


def _refused(error: OSError) -> Finding:
    where = Location(str(error.filename)) if error.filename is not None else None
    hint = "see to the disk, the rights of the files, and the limits of this user"
    return Finding("TD061", f"the operating system refuses: {error.strerror}", where, hint=hint)


def _print(findings: Sequence[Finding]) -> None:
    from tsdeploy.cli.output import print_findings

    print_findings(findings)


def _report_bug(run: Run, error: Exception) -> int:
    """Two lines, and a report that whoever reads them can pass on."""
    from tsdeploy.config.places import project_root
    from tsdeploy.logs.crash import crash_report, write_crash

    click.echo(f"error[TD000]: this is a bug in tsdeploy: {type(error).__name__}", err=True)
    root = project_root(run.folder)
    state = root / ".tsdeploy" if root else None
    try:
        path = write_crash(state, run.book.run, crash_report(error, run.arguments, run.book))
    except OSError as failed:
        click.echo(f"  hint: report it; no file could be written about it: {failed.strerror}", err=True)
    else:
        said = visible(str(path))
        click.echo(f"  hint: report it with {said}, which holds no secrets and no TML", err=True)
    return ExitCode.BUG
