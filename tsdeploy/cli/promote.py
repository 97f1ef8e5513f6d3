"""``tsdeploy promote``."""

from __future__ import annotations

from typing import Any

import click

from tsdeploy.cli.context import workplace
from tsdeploy.cli.deploy import carry_out, override_option
from tsdeploy.cli.export import print_export
from tsdeploy.cli.output import print_findings, say, waiting
from tsdeploy.cli.plan import plan_options, read_plan_of
from tsdeploy.cli.released import print_released
from tsdeploy.deploy.deploying import prepared
from tsdeploy.deploy.run import DeployOptions
from tsdeploy.errors import ConfigError, Finding, Location, Severity
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.run import export_environment
from tsdeploy.plan.build import PlanOptions


@click.command("promote")
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
    with workplace(ctx, source) as at:
        _refuse_wrong_source(at.project.environment(target).source, source, target)
        with waiting(f"exporting {source} from {at.environment.url}"):
            exported = export_environment(
                at.project, at.environment, at.session, ExportOrder(commit=True, message=message)
            )
    print_export(exported)
    print_findings(exported.findings)
    if any(finding.severity is Severity.ERROR for finding in exported.findings):
        return 1
    options = PlanOptions(**asked)
    with workplace(ctx, target) as at, prepared(at.project, at.environment, at.session, say=say) as recovered:
        print_findings(recovered)
        plan = read_plan_of(at, options, quick=not at.environment.state)
        how = DeployOptions(overrides, planned=options)
        result = carry_out(at, plan, how, yes=yes, detail=detail, quiet=False)
    return print_released(result) if result is not None else 1


def _refuse_wrong_source(declared: str, source: str, target: str) -> None:
    if declared != source:
        message = f"{target} is deployed from {declared or 'no other environment'}, not from {source}"
        where = Location(f"environments/{target}/environment.yaml")
        raise ConfigError(Finding("TD028", message, where, at="source", hint=f"write  source: {source}  there"))
