"""``tsdeploy validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_findings, say
from tsdeploy.cli.plan import plan_options, read_plan_of
from tsdeploy.cli.released import also_when_refused, junit_option, print_released, tell_machines
from tsdeploy.deploy.deploying import validate_plan
from tsdeploy.deploy.work import not_begun
from tsdeploy.plan.build import PlanOptions


@click.command("validate", cls=GroupedCommand, variables=SERVER_VARIABLES)
@click.argument("environment")
@plan_options
@junit_option
@format_option
@click.pass_context
def command(ctx: click.Context, /, environment: str, junit: Path | None, form: str, **asked: Any) -> int:
    """Let the server validate what a deploy would send. Changes nothing.

    \b
    tsdeploy validate prod
    tsdeploy validate prod --select '+model:Sales*' --junit validate.xml

    What hangs on an object that is to be created (feedback, aliases, alerts) is validated only when that object is
    there. Exit code 1 when the server refuses anything.
    """
    with also_when_refused("validate", environment, form, junit), workplace(ctx, environment) as at:
        plan = read_plan_of(at, PlanOptions(**asked), quick=True)
        if not plan.errors():
            result = validate_plan(at.project, at.environment, at.session, plan, say)
    if plan.errors():
        print_findings(plan.all_findings())
        tell_machines(not_begun(plan, "validate"), form, junit)
        return 1
    return print_released(result, form, junit)
