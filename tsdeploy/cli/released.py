"""What a deploy, a rollback or a prune did, as people, machines and CI systems read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from tsdeploy.cli.aftermath import next_lines, state_lines
from tsdeploy.cli.output import print_findings, print_json
from tsdeploy.cli.wrapping import WIDTH, wrapped
from tsdeploy.deploy.result import STATUSES, DeployResult, ObjectResult
from tsdeploy.deploy.work import count
from tsdeploy.errors import TsdeployError
from tsdeploy.files import write_atomically
from tsdeploy.visible import shortened, visible

_QUIET = ("done", "accepted")
_LATER = ("not sent", "not asked")
_SHOWN = 5
_FEW = 3

junit_option = click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also write JUnit XML."
)


def print_released(result: DeployResult, form: str = "text", junit: Path | None = None) -> int:
    """Print a result in a form, after its findings; the exit code."""
    print_findings(result.findings)
    if form != "json":
        state = [line for sentence in state_lines(result) for line in wrapped(sentence, "")]
        print_result(result, [*state, *next_lines(result)])
    tell_machines(result, form, junit)
    return result.exit_code


def tell_machines(result: DeployResult, form: str, junit: Path | None) -> None:
    """The result in the forms that programs read, as far as they were asked for."""
    if form == "json":
        print_json(released_json(result))
    if junit is not None:
        from tsdeploy.deploy.junit import junit_xml

        write_atomically(junit, junit_xml(result).encode("utf-8"))


@contextmanager
def also_when_refused(kind: str, environment: str, form: str, junit: Path | None) -> Iterator[None]:
    """Programs get a result of what was refused before it began, too; people get the error, which goes on."""
    try:
        yield
    except TsdeployError as error:
        tell_machines(DeployResult(environment, "", (), error.findings, kind=kind), form, junit)
        raise


def print_result(result: DeployResult, more: Sequence[str] = ()) -> None:
    """What is not done, with its reasons, what else there is to say, and the summary."""
    for line in (*_not_done(result), *more, summary(result)):
        click.echo(line)


def _not_done(result: DeployResult) -> Iterator[str]:
    """Objects that share their fate and its reason together: the one that failed must be seen among the others."""
    groups: dict[tuple[str, str], list[ObjectResult]] = {}
    for item in result.objects:
        if item.status not in _QUIET:
            groups.setdefault((item.status, item.message), []).append(item)
    for (status, message), members in sorted(groups.items(), key=lambda group: group[0][0] in _LATER):
        fate = f"{status}: {visible(message)}" if message else status
        if len(members) <= (1 if message else _FEW):
            for item in members:
                yield from wrapped(f"! {visible(item.label)}: {fate}")
            continue
        yield from wrapped(f"! {count(members)}: {fate}")
        for item in members[:_SHOWN]:
            yield shortened(f"      {visible(item.label)}", WIDTH)
        if len(members) > _SHOWN:
            yield f"      and {len(members) - _SHOWN} more"


def summary(result: DeployResult) -> str:
    """The stable last line."""
    word = result.kind.capitalize()
    if not result.objects and not result.settings:
        return f"{word}: nothing to do." if result.carried_out else f"{word}: nothing published."
    statuses = [item.status for item in result.objects]
    if result.kind == "validate":
        later = statuses.count("not asked")
        tail = f", {later} not asked" if later else ""
        return f"Validate: {statuses.count('accepted')} accepted, {statuses.count('failed')} refused{tail}."
    counts = {status: statuses.count(status) for status in STATUSES}
    parts = [f"{number} {status}" for status, number in counts.items() if number or status == "done"]
    parts += [f"{len(result.settings)} set"] if result.settings else []
    return f"{word}: {', '.join(parts)}."


def released_json(result: DeployResult) -> dict[str, object]:
    """A result as plain data."""
    return {
        "kind": result.kind,
        "environment": result.environment,
        "release": result.release or None,
        "commit": result.commit,
        "status": result.status,
        "succeeded": result.succeeded,
        "overrides": list(result.overrides),
        "seconds": round(result.seconds, 3),
        "objects": [
            {
                "object": item.label,
                "path": item.path,
                "action": item.action,
                "status": item.status,
                "guid": item.guid or None,
                "message": item.message,
                "seconds": round(item.seconds, 3),
            }
            for item in result.objects
        ],
        "settings": list(result.settings),
        "findings": [finding.plain() for finding in result.findings],
        "journal": str(result.journal) if result.journal else None,
    }
