"""What a deploy, a rollback or a prune did, as people, machines and CI systems read it."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli.output import finding_json, print_findings, print_json, safe
from tsdeploy.deploy.result import STATUSES, DeployResult
from tsdeploy.files import write_atomically

junit_option = click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also write JUnit XML."
)
_QUIET = ("done", "not sent")


def print_released(result: DeployResult, form: str = "text", junit: Path | None = None) -> int:
    """Print a result in a form, with its findings; the exit code."""
    if form == "json":
        print_json(released_json(result))
    else:
        print_result(result)
    if junit is not None:
        from tsdeploy.deploy.junit import junit_xml

        write_atomically(junit, junit_xml(result).encode("utf-8"))
    print_findings(result.findings)
    return result.exit_code


def print_result(result: DeployResult) -> None:
    """What is not done, each with its reason, and the summary."""
    for item in result.objects:
        if item.status != "done" and not (result.kind == "validate" and item.status in _QUIET):
            click.echo(f"  ! {safe(item.label)}: {item.status}{': ' + safe(item.message) if item.message else ''}")
    click.echo(summary(result))


def summary(result: DeployResult) -> str:
    """The stable last line."""
    word = result.kind.capitalize()
    if not result.objects:
        return f"{word}: nothing to do."
    counts = dict.fromkeys((*STATUSES, "taken back"), 0)
    for item in result.objects:
        counts[item.status] += 1
    if result.kind == "validate":
        return f"Validate: {counts['not sent']} accepted, {counts['failed']} refused."
    parts = [f"{count} {status}" for status, count in counts.items() if count or status == "done"]
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
        "findings": [finding_json(finding) for finding in result.findings],
        "journal": str(result.journal) if result.journal else None,
    }
