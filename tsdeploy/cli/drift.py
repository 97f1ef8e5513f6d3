"""``tsdeploy drift``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.differences import difference_json, difference_lines
from tsdeploy.cli.failures import ExitCode
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_json, say, waiting
from tsdeploy.deploy.deploying import bring_to_read
from tsdeploy.plan.drift import Drift, DriftedObject, find_drift, take_drift
from tsdeploy.visible import shortened, visible

_SIGNS = {"changed": ("~", "yellow"), "deleted": ("-", "red")}
_WIDTH = 78


@click.command("drift", cls=GroupedCommand, variables=SERVER_VARIABLES)
@click.argument("environment")
@click.option("--select", "-s", "selectors", multiple=True, metavar="SELECTOR", help="Only these objects. Repeatable.")
@click.option("--take", "taken", multiple=True, metavar="SELECTOR", help="Bring the edits of these into git.")
@format_option
@click.pass_context
def command(ctx: click.Context, environment: str, selectors: tuple[str, ...], taken: tuple[str, ...], form: str) -> int:
    """Show what people changed in the target by hand since the last deploy.

    \b
    tsdeploy drift prod                       exit code 3 when there is any
    tsdeploy drift prod --select 'model:*'
    tsdeploy drift prod --take 'liveboard:Sales*'   into the files

    A deploy never overwrites such an edit unless --overwrite-remote names the object.
    """
    with workplace(ctx, environment) as at, waiting(f"reading {environment} at {at.environment.url}"):
        bring_to_read(at.project, at.environment, say)
        drift = find_drift(at.project, at.environment, at.session, taken or selectors)
    if taken:
        for path in take_drift(at.project, drift):
            click.echo(f"~ {shortened(visible(path), _WIDTH)}")
        click.echo(f"Took {sum(bool(item.text) for item in drift.objects)} of {len(drift.objects)} drifted objects.")
        return 0
    if form == "json":
        print_json(_as_json(drift))
    else:
        for line in _lines(drift):
            click.echo(line)
    return ExitCode.PENDING if drift.objects else 0


def _lines(drift: Drift) -> Iterator[str]:
    for item in drift.objects:
        sign, color = _SIGNS[item.verb]
        yield f"{click.style(sign, fg=color, bold=True)} {shortened(visible(item.label), _WIDTH)}"
        if item.verb == "deleted":
            yield f"    deleted in {drift.environment}; the next deploy creates it again"
        for difference in item.differences:
            yield from difference_lines(difference)
        if not item.exact:
            yield "    (compared with what would be deployed today: what was deployed is not known exactly)"
    yield drift.summary()


def _as_json(drift: Drift) -> dict[str, object]:
    return {
        "environment": drift.environment,
        "deployed": drift.deployed,
        "objects": [_object_json(item) for item in drift.objects],
    }


def _object_json(item: DriftedObject) -> dict[str, object]:
    return {
        "object": item.label,
        "path": item.document.path,
        "change": item.verb,
        "exact": item.exact,
        "differences": [difference_json(difference) for difference in item.differences],
    }
