"""``tsdeploy deploy``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.context import Workplace, format_option, workplace
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_findings, say
from tsdeploy.cli.plan import may_deploy, plan_options, print_plan, read_plan_of
from tsdeploy.cli.released import also_when_refused, junit_option, print_released, tell_machines
from tsdeploy.config.deploying import Policy
from tsdeploy.deploy.deploying import deploy_locked, prepared, resumed
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions, Site
from tsdeploy.deploy.work import OnError, not_begun
from tsdeploy.errors import Finding, UsageError
from tsdeploy.plan.build import PlanOptions
from tsdeploy.plan.change import Plan
from tsdeploy.plan.guards import check_guards
from tsdeploy.plan.saved import SavedPlan, read_plan, refuse_stale, saved_plan

override_option = click.option(
    "--override", "overrides", multiple=True, metavar="GUARD", help="Lift a guard, by its name. Repeatable."
)
shared_lock_option = click.option("--shared-lock", is_flag=True, help="Also lock a git ref on the remote.")


_GROUPS = {
    "What is deployed": ("select", "since", "overwrite", "warehouse"),
    "How": ("overrides", "policy", "on_error", "resume", "shared_lock", "yes"),
    "What is shown": ("detail", "junit", "form"),
}


@click.command("deploy", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.argument("target", metavar="ENVIRONMENT|PLAN.json")
@plan_options
@override_option
@click.option(
    "--policy", type=click.Choice(["all_or_none", "partial"]), help="Whether one refused object stops a call."
)
@click.option("--on-error", type=click.Choice(["stop", "continue", "rollback"]), default="stop", help="Default: stop.")
@click.option("--resume", is_flag=True, help="Go on with the last deploy, which did not end well.")
@shared_lock_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--detail", is_flag=True, help="Show every field that differs, with file and line.")
@junit_option
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    target: str,
    overrides: tuple[str, ...],
    policy: Policy | None,
    on_error: OnError,
    resume: bool,
    shared_lock: bool,
    yes: bool,
    detail: bool,
    junit: Path | None,
    form: str,
    **asked: Any,
) -> int:
    """Plan, confirm, validate, publish, verify, record.

    \b
    tsdeploy deploy prod              shows the plan and asks
    tsdeploy deploy prod --yes        for CI
    tsdeploy deploy plan.json --yes   what  plan -o  showed, or nothing
    tsdeploy deploy prod --select '+liveboard:Sales*'
    tsdeploy deploy prod --resume     after a deploy that was cut off

    Nothing is published that the server has not validated first. Exit codes: 0 done, 1 failed and nothing
    published, 4 refused by a guard or a plan that is stale, 5 partly applied, 130 interrupted.
    """
    options = PlanOptions(**asked)
    saved = _saved(target, options, resume=resume)
    name = saved.environment if saved else target
    with (
        also_when_refused("deploy", name, form, junit),
        workplace(ctx, name) as at,
        prepared(at.project, at.environment, at.session, shared=shared_lock, say=say) as recovered,
    ):
        print_findings(recovered)
        wanted = resumed(at.project, at.environment) if resume else saved.options if saved else options
        plan = read_plan_of(at, wanted, quick=saved is None)
        if saved:
            refuse_stale(saved, saved_plan(at.project, at.environment, plan, saved.options), Path(target))
        how = DeployOptions(overrides, on_error, policy, wanted)
        result = carry_out(at, plan, how, yes=yes, detail=detail, quiet=form != "text")
    if result is None:
        if plan.errors():
            tell_machines(not_begun(plan), form, junit)
        return 1
    code = print_released(result, form, junit)
    if result.published and not at.environment.deploy.record.keeps:
        say(f"what {result.environment} has now is in environments/{result.environment}: commit it")
    return code


def carry_out(
    at: Workplace, plan: Plan, options: DeployOptions, *, yes: bool, detail: bool, quiet: bool
) -> DeployResult | None:
    """Show a plan, check the guards, ask, and deploy it; None when it cannot or shall not be. Raises GuardError.

    To be called with the environment's lock, and with a plan that was made under it.
    """
    if not quiet:
        print_plan(plan, detail=detail)
    print_findings(plan.all_findings())
    if plan.errors():
        say("nothing was deployed: mend the errors above first")
        return None
    lifted = check_guards(at.project, at.environment, plan, overrides=options.overrides)
    if not plan.is_empty and not yes and not may_deploy(plan):
        say("nothing was deployed")
        return None
    site = Site(at.project, at.environment, at.session, say)
    return deploy_locked(site, plan, DeployOptions(lifted, options.on_error, options.policy, options.planned))


def _saved(target: str, options: PlanOptions, *, resume: bool) -> SavedPlan | None:
    if not target.endswith(".json"):
        return None
    if options != PlanOptions() or resume:
        hint = "plan again with these options, and deploy that plan"
        raise UsageError(Finding("TD027", "a plan file is deployed as it is, without options", at=target, hint=hint))
    return read_plan(Path(target))
