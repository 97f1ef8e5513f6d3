"""``tsdeploy deploy``."""

from __future__ import annotations

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.output import can_ask, finding_json, print_findings, print_json, safe, say, waiting
from tsdeploy.cli.plan import plan_findings, print_plan
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import deploy_plan
from tsdeploy.errors import Finding, UsageError
from tsdeploy.plan.build import make_plan
from tsdeploy.plan.change import Plan
from tsdeploy.plan.guards import check_guards


@click.command("deploy")
@click.argument("environment")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--detail", is_flag=True, help="Show every field that differs.")
@format_option
@click.pass_context
def command(ctx: click.Context, environment: str, yes: bool, detail: bool, form: str) -> int:
    """Plan, confirm, validate, publish, verify, record.

    \b
    tsdeploy deploy prod          shows the plan and asks
    tsdeploy deploy prod --yes    for CI

    Nothing is published that the server has not validated first. Exit codes: 0 done, 1 failed and nothing
    published, 4 refused by a guard, 5 partly applied.
    """
    with workplace(ctx, environment) as at:
        with waiting(f"reading {environment} at {at.environment.url}"):
            plan = make_plan(at.project, at.environment, at.session)
        if form == "text":
            print_plan(plan, detail=detail)
        if plan.errors():
            print_findings(plan_findings(plan))
            return 1
        check_guards(at.project, at.environment, plan)
        if plan.pending() and not yes and not _confirmed(plan):
            say("nothing was deployed")
            return 1
        result = deploy_plan(at.project, at.environment, at.session, plan, progress=say)
    if form == "json":
        print_json(_as_json(result))
    else:
        _print(result)
    print_findings(result.findings)
    return result.exit_code


def _confirmed(plan: Plan) -> bool:
    if not can_ask():
        finding = Finding("TD002", "nobody is here to confirm the plan", hint="run it with --yes")
        raise UsageError(finding)
    return click.confirm(f"Deploy this to {plan.environment}?")


def _print(result: DeployResult) -> None:
    for item in result.objects:
        if item.status != "done":
            click.echo(f"  ! {safe(item.label)}: {item.status}{': ' + safe(item.message) if item.message else ''}")
    click.echo(summary(result))


def summary(result: DeployResult) -> str:
    """The stable last line of a deploy."""
    counts = {
        status: sum(item.status == status for item in result.objects)
        for status in ("done", "failed", "unknown", "not sent")
    }
    if not result.objects:
        return "Deploy: nothing to do."
    parts = [f"{count} {status}" for status, count in counts.items() if count or status == "done"]
    return f"Deploy: {', '.join(parts)}."


def _as_json(result: DeployResult) -> dict[str, object]:
    return {
        "environment": result.environment,
        "commit": result.commit,
        "succeeded": result.succeeded,
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
