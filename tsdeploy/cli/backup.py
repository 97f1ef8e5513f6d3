"""``tsdeploy backup``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import click

from tsdeploy.backup.history import version_at, versions
from tsdeploy.backup.moments import backup_at
from tsdeploy.backup.places import store_of
from tsdeploy.backup.retention import prune, push_pruned
from tsdeploy.backup.run import BackupResult, back_up
from tsdeploy.backup.schedules import SCHEDULES, schedule
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.backup.verify import verify
from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.output import finding_json, print_findings, print_json, safe, say
from tsdeploy.cli.progress import counting
from tsdeploy.config.environment import Environment
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import TsdeployError
from tsdeploy.rest import Budget
from tsdeploy.sessions import connect
from tsdeploy.visible import json_text

_MEGABYTE = 1_000_000
_SIGNS = {"added": "+", "changed": "~", "deleted": "-"}


class _Backup(click.Group):
    """A group in which an environment's name stands for taking a backup of it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["take", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options may stand in front of the environment's name, as in any command."""
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["take", *args]
        return super().parse_args(ctx, args)


@click.group("backup", cls=_Backup)
def command() -> None:
    """Keep a live environment in a branch of its own, night after night.

    \b
    tsdeploy backup prod                       what changed since the last backup, into branch backup/prod
    tsdeploy backup prod --full                read everything, whatever it looks like
    tsdeploy backup list prod
    tsdeploy backup verify prod                could the last one be restored?
    tsdeploy backup show prod GUID --at tuesday
    tsdeploy backup prune prod --dry-run
    tsdeploy backup schedule github prod > .github/workflows/backup-prod.yml

    To bring something back:  tsdeploy restore
    """


_environment = click.argument("environment")
_at = click.option(
    "--at", default="latest", metavar="WHEN", help="A commit, time, age, date or weekday. Default: latest."
)


@contextmanager
def _opened(ctx: click.Context, name: str) -> Iterator[tuple[Environment, Store]]:
    project = project_of(ctx)
    environment = project.environment(name)
    yield environment, store_of(project, environment)


@command.command("take")
@_environment
@click.option("--full", is_flag=True, help="Read everything, not only what changed.")
@click.option("--parallel", type=click.IntRange(1, 32), default=8, show_default=True, help="Calls at a time.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong.")
@format_option
@click.pass_context
def take(ctx: click.Context, environment: str, full: bool, parallel: int, quiet: bool, form: str) -> int:
    """Take a backup.

    \b
    tsdeploy backup prod
    tsdeploy backup prod --quiet --format json >> backup.log    one line for monitoring, also when it fails

    Exit codes: 0 done, 1 an object could not be read or the server not be reached, 2 configuration.
    """
    project = project_of(ctx)
    chosen = project.environment(environment)
    begin = time.monotonic()
    try:
        with connect(chosen, Budget(parallel)) as session:
            text = f"backing up {environment} from {chosen.url}"
            with counting(text, quiet=quiet or form == "json") as report:
                result = back_up(project, chosen, session, full=full, progress=report)
    except TsdeployError as error:
        if form == "json":
            click.echo(json_text(_failure(environment, error, time.monotonic() - begin)))
        raise
    if form == "json":
        click.echo(json_text(_result_json(result)))
    elif not quiet:
        _print_result(result)
    print_findings(result.findings)
    return 1 if result.failed else 0


def _print_result(result: BackupResult) -> None:
    counts = ", ".join(f"{result.counts[verb]} {verb}" for verb in _SIGNS)
    click.echo(f"Backup: {counts}; {result.objects} objects.")
    usage = result.usage
    kind = "full pass" if result.full else f"read {result.read}"
    megabytes = f"{usage.received / _MEGABYTE:.1f} MB"
    say(f"{kind}, {usage.calls} calls, {megabytes}, {result.seconds:.1f} seconds")
    click.echo(f"Committed {result.commit[:10]}." if result.commit else "Nothing was different: no commit.")


def _result_json(result: BackupResult) -> dict[str, Any]:
    return {
        "environment": result.environment,
        "ok": not result.failed,
        "commit": result.commit or None,
        "pass": "full" if result.full else "incremental",
        "objects": result.objects,
        "read": result.read,
        **{verb: result.counts[verb] for verb in _SIGNS},
        "calls": result.usage.calls,
        "bytes": result.usage.received,
        "seconds": round(result.seconds, 3),
        "findings": [finding_json(finding) for finding in result.findings],
    }


def _failure(environment: str, error: TsdeployError, seconds: float) -> dict[str, Any]:
    findings = [finding_json(finding) for finding in error.findings]
    return {"environment": environment, "ok": False, "commit": None, "seconds": round(seconds, 3), "findings": findings}


@command.command("list")
@_environment
@format_option
@click.pass_context
def list_(ctx: click.Context, environment: str, form: str) -> int:
    """List the backups, the latest first.

    \b
    tsdeploy backup list prod
    """
    with _opened(ctx, environment) as (_, store):
        snapshots = store.snapshots()
    if form == "json":
        print_json([_snapshot_json(one) for one in snapshots])
        return 0
    for one in snapshots:
        click.echo(f"{when(one.time)}  {one.commit[:10]}  {safe(one.subject.partition(': ')[2])}")
    click.echo(f"{len(snapshots)} backups in {store.branch}.")
    return 0


@command.command("verify")
@_environment
@_at
@format_option
@click.pass_context
def verify_(ctx: click.Context, environment: str, at: str, form: str) -> int:
    """Tell whether a backup could be restored: every file parses, has its hash, and finds what it refers to.

    \b
    tsdeploy backup verify prod
    tsdeploy backup verify prod --at 2026-01-31
    """
    with _opened(ctx, environment) as (_, store):
        found = verify(store, backup_at(store, at, time.time()))
    if form == "json":
        findings = [finding_json(finding) for finding in found.findings]
        print_json(
            {**_snapshot_json(found.snapshot), "intact": found.intact, "objects": found.objects, "findings": findings}
        )
    else:
        verdict = "is intact" if found.intact else "is damaged"
        click.echo(
            f"Backup {found.snapshot.commit[:10]} of {when(found.snapshot.time)} {verdict}: {found.objects} objects."
        )
    print_findings(found.findings)
    return 0 if found.intact else 1


@command.command("prune")
@_environment
@click.option("--daily", type=click.IntRange(0), help="How many days to keep the last backup of.")
@click.option("--weekly", type=click.IntRange(0), help="Of how many weeks.")
@click.option("--monthly", type=click.IntRange(0), help="Of how many months.")
@click.option("--yearly", type=click.IntRange(0), help="Of how many years.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.pass_context
def prune_(ctx: click.Context, /, environment: str, dry_run: bool, **given: int | None) -> int:
    """Forget backups, but keep the last one of so many days, weeks, months and years, and those with a git tag.

    \b
    tsdeploy backup prune prod --dry-run
    tsdeploy backup prune prod --daily 7 --weekly 4
    """
    project = project_of(ctx)
    chosen = project.environment(environment)
    store = store_of(project, chosen)
    keep = replace(chosen.backup.keep, **{name: count for name, count in given.items() if count is not None})
    with locked(project, replace(chosen, name=f"{chosen.name}.backup"), "prune"):
        done = prune(store, keep, dry_run=dry_run)
        if done.dropped and not dry_run and chosen.backup.push:
            push_pruned(store, chosen.backup.remote)
    for one in done.dropped:
        click.echo(f"- {when(one.time)}  {one.commit[:10]}")
    verb = "would go" if dry_run else "gone"
    click.echo(f"Prune: {len(done.dropped)} {verb}, {len(done.kept)} kept.")
    return 0


@command.command("show")
@_environment
@click.argument("guid")
@click.option("--at", metavar="WHEN", help="Print its TML as of a commit, time, age, date or weekday.")
@format_option
@click.pass_context
def show(ctx: click.Context, environment: str, guid: str, at: str | None, form: str) -> int:
    """List the versions of one object, or print one of them.

    \b
    tsdeploy backup show prod 04829e91-0776-4a3a-bf88-a0ce9e745fb4
    tsdeploy backup show prod 04829e91-0776-4a3a-bf88-a0ce9e745fb4 --at tuesday
    """
    with _opened(ctx, environment) as (_, store):
        if at is not None:
            shown, text = version_at(store, guid, backup_at(store, at, time.time()))
            if form == "json":
                print_json({"object": f"{shown.kind}:{shown.name}", "path": shown.path, "tml": text})
            else:
                click.echo(text, nl=False)
            return 0
        found = versions(store, guid)
    if form == "json":
        print_json([{**_snapshot_json(one.snapshot), "change": one.verb} for one in found])
    else:
        for one in found:
            click.echo(f"{_SIGNS[one.verb]} {when(one.snapshot.time)}  {one.snapshot.commit[:10]}  {one.verb}")
    return 0


@command.command("schedule")
@click.argument("kind", type=click.Choice(sorted(SCHEDULES)))
@_environment
@click.pass_context
def schedule_(ctx: click.Context, kind: str, environment: str) -> int:
    """Print what makes backups every night: a crontab line, systemd units, a GitHub or GitLab pipeline.

    \b
    tsdeploy backup schedule cron prod
    """
    with _opened(ctx, environment) as (chosen, store):
        click.echo(schedule(kind, chosen.name, store.branch, project_of(ctx).root), nl=False)
    return 0


def _snapshot_json(one: Snapshot) -> dict[str, Any]:
    return {
        "commit": one.commit,
        "time": datetime.fromtimestamp(one.time, timezone.utc).isoformat(),
        "subject": one.subject,
    }


def when(seconds: int) -> str:
    """A time as people read it, in UTC."""
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M} UTC"
