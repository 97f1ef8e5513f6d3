"""``tsdeploy restore``."""

from __future__ import annotations

from collections.abc import Callable

import click

from tsdeploy.backup.in_one_go import RestoreHooks, restore_backup
from tsdeploy.backup.restore import RestoreOrder, RestoreResult
from tsdeploy.backup.store import Snapshot
from tsdeploy.cli.backup import when
from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.deploy import override_option
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import can_ask, print_findings, print_json, safe, say
from tsdeploy.cli.plan import may_deploy, print_plan
from tsdeploy.cli.released import print_result, released_json
from tsdeploy.errors import Finding, UsageError
from tsdeploy.plan.change import Plan

_GROUPS = {
    "What is restored": ("at", "select", "target", "foundations", "principals"),
    "How": ("overrides", "yes"),
    "What is shown": ("detail", "form"),
}


@click.command("restore", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.argument("environment")
@click.option("--at", default="latest", metavar="WHEN", help="A commit, time, age, date or weekday. Default: latest.")
@click.option("--select", "-s", "select", multiple=True, metavar="SELECTOR", help="Only these objects. Repeatable.")
@click.option("--to", "target", metavar="ENVIRONMENT", help="Restore to another environment than the one backed up.")
@click.option("--foundations", is_flag=True, help="Also make connections and variables that are missing.")
@click.option("--principals", is_flag=True, help="Also make users, groups and roles that are missing.")
@override_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--detail", is_flag=True, help="Show every field that differs.")
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    environment: str,
    at: str,
    target: str | None,
    yes: bool,
    detail: bool,
    form: str,
    select: tuple[str, ...],
    overrides: tuple[str, ...],
    foundations: bool,
    principals: bool,
) -> int:
    """Bring objects back as a backup has them: TML with its GUIDs, then tags, sharing and owners.

    \b
    tsdeploy restore prod --at tuesday --select 'liveboard:Sales'
    tsdeploy restore prod --at 2026-01-31                            as of its end
    tsdeploy restore prod --to test --foundations --principals

    Shows a plan and asks, as a deploy does. What was made since the backup is left alone. Exit codes: 0 done,
    1 nothing restored, 4 refused by a guard, 5 partly restored.
    """
    order = RestoreOrder(select, overrides, foundations, principals, at)
    with workplace(ctx, target or environment) as there:
        hooks = RestoreHooks(
            begins=lambda snapshot: _say_which(there.environment.name, snapshot),
            approve=_approval(yes=yes, detail=detail, quiet=form != "text"),
            confirm=lambda question: _confirm(question, yes=yes),
            found=print_findings,
            says=say,
        )
        source = there.project.environment(environment)
        result = restore_backup(there.project, source, there.environment, there.session, order, hooks)
    _print(result, form)
    return result.exit_code


def _say_which(name: str, snapshot: Snapshot) -> None:
    say(f"restoring {name} from the backup of {when(snapshot.time)} ({snapshot.commit[:10]})")


def _confirm(question: str, *, yes: bool) -> None:
    """Ask, unless that was answered beforehand. Raises UsageError TD002 when nobody is there."""
    if yes:
        return
    if not can_ask():
        message = f"nobody is here to answer: {question}"
        raise UsageError(Finding("TD002", message, hint="run it with --yes"))
    click.confirm(safe(question), abort=True)


def _approval(*, yes: bool, detail: bool, quiet: bool) -> Callable[[Plan], bool]:
    """Shows a plan, and asks where there is something to do."""

    def approve(plan: Plan) -> bool:
        if not quiet:
            print_plan(plan, detail=detail)
        print_findings(plan.all_findings())
        return not plan.pending() or yes or may_deploy(plan)

    return approve


def _print(result: RestoreResult, form: str) -> None:
    deployed = result.deployed
    if form == "json":
        everything = (*result.laid, *result.plan.all_findings(), *result.findings)
        findings = [finding.plain() for finding in everything]
        shown = released_json(deployed) if deployed else None
        print_json({"deploy": shown, "restored": result.state, "findings": findings})
    elif deployed is not None:
        print_result(deployed)
        click.echo(f"Restore: {', '.join(result.counts()) or 'no tags, shares or owners'} set.")
    if deployed is not None:
        print_findings(deployed.findings)
    elif result.plan.errors():
        print_findings(result.plan.errors())
    print_findings(result.findings)
