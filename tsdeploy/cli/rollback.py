"""``tsdeploy rollback``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.deploy import override_option, shared_lock_option
from tsdeploy.cli.differences import difference_json, difference_lines
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.history import by_whom
from tsdeploy.cli.output import conclude, confirmed, print_findings, print_json, say, waiting
from tsdeploy.cli.release_site import release_site
from tsdeploy.cli.released import also_when_refused, junit_option, print_released
from tsdeploy.deploy.rollback import RollbackPlan, check_rollback, plan_rollback, roll_back
from tsdeploy.deploy.run import DeployOptions
from tsdeploy.errors import DeployError
from tsdeploy.visible import shortened, visible

_WIDTH = 80
_NAMED = 78
"""Columns for a name behind its sign."""


@click.command("rollback", cls=GroupedCommand, variables=SERVER_VARIABLES)
@click.argument("environment")
@click.argument("release", required=False, default="")
@click.option("--plan", "--dry-run", "only_plan", is_flag=True, help="Show what it would do, and do nothing.")
@click.option(
    "--overwrite-remote", "overwrite", multiple=True, metavar="SELECTOR", help="Lose what people changed since."
)
@override_option
@shared_lock_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@junit_option
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    environment: str,
    release: str,
    only_plan: bool,
    overwrite: tuple[str, ...],
    overrides: tuple[str, ...],
    shared_lock: bool,
    yes: bool,
    junit: Path | None,
    form: str,
) -> int:
    """Bring an environment back to where it was before a release.

    \b
    tsdeploy rollback prod --plan             what it would do
    tsdeploy rollback prod
    tsdeploy rollback prod 20260725T0740      that release and all since

    Texts are restored, and what a release created is deleted. The guards branch, windows, protect, max_updates,
    max_delete and max_delete_percent are asked. A rollback is a release, too, and can be taken back.
    """
    with (
        also_when_refused("rollback", environment, form, junit),
        workplace(ctx, environment) as at,
        release_site(at, "rollback", reads=only_plan, shared=shared_lock) as site,
    ):
        with waiting(f"reading {environment} at {at.environment.url}"):
            plan = plan_rollback(site, release, overwrite)
        if form == "text" or only_plan:
            _print_plan(plan, form)
        if only_plan:
            return conclude(plan.findings)
        print_findings(finding for finding in plan.findings if not finding.is_error)
        DeployError.raise_for(plan.errors())
        lifted = check_rollback(site, plan, overrides)
        if not yes and not confirmed(f"Take this back in {plan.environment}?", "rollback"):
            say("nothing was taken back")
            return 1
        result = roll_back(site, plan, DeployOptions(lifted))
    return print_released(result, form, junit)


def _print_plan(plan: RollbackPlan, form: str) -> None:
    if form == "json":
        print_json(_as_json(plan))
        return
    for line in _lines(plan):
        click.echo(line)


def _lines(plan: RollbackPlan) -> Iterator[str]:
    for release in plan.releases:
        yield shortened(f"Takes back {release.id}, a {release.kind} by {by_whom(release)}", _WIDTH)
    if plan.restored or plan.doomed:
        yield "Legend: ~ restore  - delete"
    for change in plan.restored:
        yield f"{click.style('~', fg='yellow', bold=True)} {shortened(visible(change.label), _NAMED)}"
        if change.live is None:
            yield f"    {change.reason}"
        for difference in change.differences:
            yield from difference_lines(difference)
    for one in plan.doomed:
        yield f"{click.style('-', fg='red', bold=True)} {shortened(visible(one.label), _NAMED)}"
    yield plan.summary()


def _as_json(plan: RollbackPlan) -> dict[str, object]:
    return {
        "environment": plan.environment,
        "releases": [release.id for release in plan.releases],
        "restore": [
            {
                "object": change.label,
                "guid": change.rendered.target.guid,
                "differences": [difference_json(difference) for difference in change.differences],
            }
            for change in plan.restored
        ],
        "delete": [{"object": one.label, "guid": one.guid} for one in plan.doomed],
    }
