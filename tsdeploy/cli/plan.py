"""``tsdeploy plan``."""

from __future__ import annotations

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.differences import difference_json, difference_lines
from tsdeploy.cli.output import finding_json, print_findings, print_json, safe, waiting
from tsdeploy.errors import Finding, TsdeployError
from tsdeploy.plan.build import make_plan
from tsdeploy.plan.change import Action, Change, Plan

_PENDING_EXIT = 3
_SHOWN = 6
_COLORS = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.BLOCKED: "red", Action.UNCHANGED: None}


@click.command("plan")
@click.argument("environment")
@click.option("--detail", is_flag=True, help="Show every field that differs.")
@click.option("--exit-code", "pending_exit", is_flag=True, help="Exit with 3 when there are changes.")
@format_option
@click.pass_context
def command(ctx: click.Context, environment: str, detail: bool, pending_exit: bool, form: str) -> int:
    """Compare the release with what is live. Changes nothing.

    \b
    tsdeploy plan prod
    tsdeploy plan prod --detail
    tsdeploy plan prod --exit-code     for CI: 0 nothing to do, 3 changes, 1 blocked
    """
    with workplace(ctx, environment) as at, waiting(f"reading {environment} at {at.environment.url}"):
        plan = make_plan(at.project, at.environment, at.session)
    if form == "json":
        print_json(plan_json(plan))
    else:
        print_plan(plan, detail=detail)
    print_findings(plan_findings(plan))
    if plan.errors():
        return TsdeployError.exit_code
    return _PENDING_EXIT if pending_exit and plan.pending() else 0


def print_plan(plan: Plan, *, detail: bool = False) -> None:
    """A plan as people read it: what changes first, what does not only counted."""
    for action in (Action.CREATE, Action.UPDATE, Action.BLOCKED):
        for change in plan.changes:
            if change.action is action:
                _print_change(change, detail=detail)
    click.echo(plan.summary())


def plan_findings(plan: Plan) -> list[Finding]:
    """Everything the plan found, of the release and of each object."""
    return [*plan.findings, *(finding for change in plan.changes for finding in change.rendered.findings)]


def _print_change(change: Change, *, detail: bool) -> None:
    sign = click.style(change.action.sign, fg=_COLORS[change.action], bold=True)
    click.echo(f"{sign} {safe(change.label)}")
    if detail or change.action is Action.BLOCKED:
        click.echo(f"    {safe(change.reason)}")
    shown = change.differences if detail else change.differences[:_SHOWN]
    for difference in shown:
        for line in difference_lines(difference):
            click.echo(line)
    if len(change.differences) > len(shown):
        click.echo(f"    and {len(change.differences) - len(shown)} more; see --detail")


def plan_json(plan: Plan) -> dict[str, object]:
    """A plan as plain data."""
    return {
        "environment": plan.environment,
        "commit": plan.head.commit,
        "summary": {action.value: plan.count(action) for action in Action},
        "changes": [_change_json(change) for change in plan.changes],
        "findings": [finding_json(finding) for finding in plan.findings],
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "object": change.label,
        "path": change.rendered.source.path,
        "action": change.action.value,
        "reason": change.reason,
        "source": change.rendered.key,
        "guid": change.rendered.target.guid or None,
        "obj_id": change.rendered.target.obj_id or None,
        "differences": [difference_json(difference) for difference in change.differences],
        "findings": [finding_json(finding) for finding in change.rendered.findings],
    }
