"""``tsdeploy prune``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.deploy import override_option, shared_lock_option
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import can_ask, conclude, print_findings, print_json
from tsdeploy.cli.plan import read_plan_of
from tsdeploy.cli.release_site import release_site
from tsdeploy.cli.released import also_when_refused, junit_option, print_released, tell_machines
from tsdeploy.deploy.prune import PrunePlan, check_prune, plan_prune, prune
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions
from tsdeploy.errors import DeployError, Finding, UsageError
from tsdeploy.plan.build import PlanOptions
from tsdeploy.visible import shortened, visible

_WIDTH = 78


@click.command("prune", cls=GroupedCommand, variables=SERVER_VARIABLES)
@click.argument("environment")
@click.option("--plan", "--dry-run", "only_plan", is_flag=True, help="Show what it would delete, and delete nothing.")
@click.option("--confirm", default="", metavar="ENVIRONMENT", help="The environment's name, in place of asking.")
@override_option
@shared_lock_option
@junit_option
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    environment: str,
    only_plan: bool,
    confirm: str,
    overrides: tuple[str, ...],
    shared_lock: bool,
    junit: Path | None,
    form: str,
) -> int:
    """Delete what left git since it was deployed from here.

    \b
    tsdeploy prune prod --plan
    tsdeploy prune prod                   asks for the environment's name
    tsdeploy prune prod --confirm prod    for CI

    Only what this project deployed, never what others made or what something else still uses. The texts are kept:
    tsdeploy rollback  brings them back.
    """
    with (
        also_when_refused("prune", environment, form, junit),
        workplace(ctx, environment) as at,
        release_site(at, "prune", reads=only_plan, shared=shared_lock) as site,
    ):
        found = plan_prune(site, read_plan_of(at, PlanOptions(), quick=False))
        if form == "text" or only_plan:
            _print_plan(found, form)
        if only_plan:
            return conclude(found.findings)
        print_findings(finding for finding in found.findings if not finding.is_error)
        DeployError.raise_for(found.errors())
        if not found.doomed:
            tell_machines(
                DeployResult(environment, found.plan.head.commit, (), found.findings, kind="prune"), form, junit
            )
            return 0
        lifted = check_prune(site, found, overrides)
        _confirm(environment, confirm)
        result = prune(site, found, DeployOptions(lifted))
    return print_released(result, form, junit)


def _confirm(environment: str, given: str) -> None:
    """Raises UsageError TD002 where nobody can answer, TD623 for another name."""
    if not given and not can_ask():
        hint = f"run it with  --confirm {environment}"
        raise UsageError(Finding("TD002", "nobody is here to confirm the prune", hint=hint))
    given = given or click.prompt("The environment's name, to delete this")
    if given != environment:
        raise UsageError(Finding("TD623", f"{given} is not {environment}; nothing was deleted", at="--confirm"))


def _print_plan(found: PrunePlan, form: str) -> None:
    if form == "json":
        objects = [{"object": one.label, "guid": one.guid} for one in found.doomed]
        print_json({"environment": found.plan.environment, "deployed": found.deployed, "delete": objects})
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: PrunePlan) -> Iterator[str]:
    if found.doomed:
        yield "Legend: - delete"
    for one in found.doomed:
        yield f"{click.style('-', fg='red', bold=True)} {shortened(visible(one.label), _WIDTH)}"
    yield found.summary()
