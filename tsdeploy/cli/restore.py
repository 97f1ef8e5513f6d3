"""``tsdeploy restore``."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from tsdeploy.backup.foundations import missing_connections
from tsdeploy.backup.moments import backup_at
from tsdeploy.backup.places import store_of
from tsdeploy.backup.restore import RestoreOrder, RestoreResult, lay_foundations, restore
from tsdeploy.backup.staging import Stage, stage
from tsdeploy.cli.backup import when
from tsdeploy.cli.context import Workplace, format_option, workplace
from tsdeploy.cli.deploy import override_option
from tsdeploy.cli.output import can_ask, finding_json, print_findings, print_json, safe, say
from tsdeploy.cli.plan import confirmed, print_plan
from tsdeploy.cli.released import print_result, released_json
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import Finding, UsageError
from tsdeploy.plan.change import Plan


@click.command("restore")
@click.argument("environment")
@click.option("--at", default="latest", metavar="WHEN", help="A commit, time, age, date or weekday. Default: latest.")
@click.option("--select", "-s", "select", multiple=True, metavar="SELECTOR", help="Only these objects. Repeatable.")
@click.option("--to", "target", metavar="ENVIRONMENT", help="Restore to another environment than the one backed up.")
@click.option("--foundations", is_flag=True, help="Also make connections and variables that are missing.")
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
) -> int:
    """Bring objects back as a backup has them: TML with its GUIDs, then tags, sharing and owners.

    \b
    tsdeploy restore prod --at tuesday --select 'liveboard:Sales'    undelete one Liveboard
    tsdeploy restore prod --at 2026-01-31                            everything, as of the end of that day
    tsdeploy restore prod --to test --foundations                    into another environment

    Shows a plan and asks, as a deploy does. What was made since the backup is left alone. Exit codes: 0 done,
    1 nothing restored, 4 refused by a guard, 5 partly restored.
    """
    order = RestoreOrder(select, overrides, foundations)
    with workplace(ctx, target or environment) as there:
        source = there.project.environment(environment)
        store = store_of(there.project, source)
        snapshot = backup_at(store, at, time.time())
        say(f"restoring {there.environment.name} from the backup of {when(snapshot.time)} ({snapshot.commit[:10]})")
        with locked(there.project, there.environment, "restore"):
            staged = stage(there.project, source, there.environment, store, snapshot)
            if order.foundations:
                _ask_for_foundations(there, staged, yes=yes)
                print_findings(lay_foundations(there.session, staged, store, snapshot))
            result = restore(staged, there.session, order, _approval(yes=yes, detail=detail, quiet=form != "text"), say)
        if result.exit_code == 0:
            staged.remove()
    _print(result, form)
    return result.exit_code


def _ask_for_foundations(there: Workplace, staged: Stage, *, yes: bool) -> None:
    missing = missing_connections(there.session, staged.contents.manifest)
    if not missing or yes:
        return
    names = ", ".join(safe(one.name) for one in missing)
    if not can_ask():
        raise UsageError(Finding("TD002", "nobody is here to confirm the connections", hint="run it with --yes"))
    click.confirm(f"Make {len(missing)} connections ({names}) in {there.environment.name}?", abort=True)


def _approval(*, yes: bool, detail: bool, quiet: bool) -> Callable[[Plan], bool]:
    """Shows a plan, and asks where there is something to do."""

    def approve(plan: Plan) -> bool:
        if not quiet:
            print_plan(plan, detail=detail)
        print_findings(plan.all_findings())
        return not plan.pending() or yes or confirmed(plan)

    return approve


def _print(result: RestoreResult, form: str) -> None:
    deployed = result.deployed
    if form == "json":
        findings = [finding_json(finding) for finding in (*result.plan.errors(), *result.findings)]
        shown = released_json(deployed) if deployed else None
        print_json({"deploy": shown, "restored": result.state, "findings": findings})
    elif deployed is not None:
        print_result(deployed)
        parts = [f"{count} {what.replace('_', ' ')}" for what, count in result.state.items()]
        click.echo(f"Restore: {', '.join(parts) or 'no tags, shares or owners'} set.")
    if deployed is not None:
        print_findings(deployed.findings)
    elif result.plan.errors():
        print_findings(result.plan.errors())
    print_findings(result.findings)
