"""``tsdeploy promote``."""

from __future__ import annotations

from typing import Any

import click

from tsdeploy.cli.context import project_of, workplace
from tsdeploy.cli.deploy import carry_out, override_option
from tsdeploy.cli.export import print_export
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_findings, say, waiting
from tsdeploy.cli.plan import plan_options, read_plan_of
from tsdeploy.cli.released import print_released
from tsdeploy.deploy.deploying import prepared
from tsdeploy.deploy.promotion import export_for
from tsdeploy.deploy.run import DeployOptions
from tsdeploy.plan.build import PlanOptions

_GROUPS = {
    "What is promoted": ("select", "since", "overwrite", "warehouse"),
    "How": ("overrides", "yes", "message"),
    "What is shown": ("detail",),
}


@click.command("promote", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@plan_options
@override_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--detail", is_flag=True, help="Show every field that differs, with file and line.")
@click.option("--message", "-m", default="", help="The message of the export's commit.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    source: str,
    target: str,
    overrides: tuple[str, ...],
    yes: bool,
    detail: bool,
    message: str,
    **asked: Any,
) -> int:
    """Export, commit, plan and deploy in one go.

    \b
    tsdeploy promote dev prod
    tsdeploy promote dev test --yes

    The same as  tsdeploy export FROM --commit  and  tsdeploy deploy TO.
    """
    project = project_of(ctx)
    with waiting(f"exporting {source} from {project.environment(source).url}"):
        exported = export_for(project, source, target, message)
    print_export(exported)
    print_findings(exported.findings)
    if any(finding.is_error for finding in exported.findings):
        return 1
    options = PlanOptions(**asked)
    with workplace(ctx, target) as at, prepared(at.project, at.environment, at.session, say=say) as recovered:
        print_findings(recovered)
        plan = read_plan_of(at, options, quick=not at.environment.state)
        how = DeployOptions(overrides, planned=options)
        result = carry_out(at, plan, how, yes=yes, detail=detail, quiet=False)
    return print_released(result) if result is not None else 1
