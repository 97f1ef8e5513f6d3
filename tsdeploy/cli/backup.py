"""``tsdeploy backup``."""

from __future__ import annotations

import getpass
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import click

from tsdeploy.backup.branch import list_backups, object_versions, prune_backups, read_version, verify_backup
from tsdeploy.backup.history import Version
from tsdeploy.backup.manifest import NOT_EXPORTED
from tsdeploy.backup.places import store_of
from tsdeploy.backup.run import BackupResult, back_up
from tsdeploy.backup.schedules import SCHEDULES, Machine, schedule
from tsdeploy.backup.store import Snapshot
from tsdeploy.cli.backup_line import line_of, line_of_failure
from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.output import print_findings, print_json, safe, safe_lines, say
from tsdeploy.cli.progress import counting
from tsdeploy.config.secrets import sign_in_variables
from tsdeploy.config.yaml_file import read_text
from tsdeploy.errors import TsdeployError
from tsdeploy.rest import Budget
from tsdeploy.sessions import connect

_SIGNS = {"added": "+", "changed": "~", "deleted": "-"}


class _Backup(click.Group):
    """A group in which an environment's name stands for taking a backup of it."""

    default_command = "take"

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if len(args) > 1 and args[0] not in self.commands and not args[1].startswith("-"):
            self._refuse_misspelt(ctx, args[0])
        if args and args[0] not in self.commands:
            args = [self.default_command, *args]
        return super().resolve_command(ctx, args)

    def _refuse_misspelt(self, ctx: click.Context, word: str) -> None:
        """A word in front of another can be no environment; it may be a command."""
        from tsdeploy.nearest import nearest

        guess = nearest(word, self.commands)
        if guess:
            ctx.fail(f"No such command '{word}'. {guess[0].upper()}{guess[1:]}")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options may stand in front of the environment's name, as in any command."""
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


@click.group("backup", cls=_Backup)
def command() -> None:
    """Keep a live environment in a branch of its own, night after night.

    \b
    tsdeploy backup prod                       what changed, into its branch
    tsdeploy backup prod --full                read everything
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
    tsdeploy backup prod --quiet --format json >> backup.log

    Exit codes: 0 done, 1 an object could not be read or the server not be reached, 2 configuration.
    """
    began, begin = datetime.now(timezone.utc), time.monotonic()
    try:
        project = project_of(ctx)
        chosen = project.environment(environment)
        with connect(chosen, Budget(parallel)) as session:
            text = f"backing up {environment} from {chosen.url}"
            with counting(text, quiet=quiet or form == "json") as report:
                result = back_up(project, chosen, session, full=full, progress=report)
    except TsdeployError as error:
        if form == "json":
            click.echo(line_of_failure(environment, error, began, time.monotonic() - begin))
        raise
    if form == "json":
        click.echo(line_of(result, began))
    elif not quiet:
        _print_result(result, store_of(project, chosen).branch)
    print_findings(result.findings)
    return 1 if result.failed else 0


def _print_result(result: BackupResult, branch: str) -> None:
    counts = ", ".join(f"{result.counts[verb]} {verb}" for verb in _SIGNS)
    lacking = f", {result.not_exported} not exported: see {NOT_EXPORTED}" if result.not_exported else ""
    click.echo(f"Backup: {counts}; {result.objects} objects{lacking}.")
    kind = "full pass" if result.full else f"read {result.read}"
    say(f"{kind}, {result.usage}, {result.seconds:.1f} seconds")
    click.echo(
        f"Committed {result.commit[:10]} to {safe(branch)}." if result.commit else "Nothing was different: no commit."
    )


@command.command("list")
@_environment
@format_option
@click.pass_context
def list_(ctx: click.Context, environment: str, form: str) -> int:
    """List the backups, the latest first.

    \b
    tsdeploy backup list prod
    """
    project = project_of(ctx)
    chosen = project.environment(environment)
    snapshots = list_backups(project, chosen)
    if form == "json":
        print_json([_snapshot_json(one) for one in snapshots])
        return 0
    for one in snapshots:
        click.echo(f"{when(one.time)}  {one.commit[:10]}  {safe(one.subject.partition(': ')[2])}")
    click.echo(f"{len(snapshots)} backup{'' if len(snapshots) == 1 else 's'} in {store_of(project, chosen).branch}.")
    return 0


@command.command("verify", short_help="Tell whether a backup could be restored.")
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
    project = project_of(ctx)
    found = verify_backup(project, project.environment(environment), at)
    if form == "json":
        findings = [finding.plain() for finding in found.findings]
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


@command.command("prune", short_help="Forget backups, but one of so many days or weeks.")
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
    keep = replace(chosen.backup.keep, **{name: count for name, count in given.items() if count is not None})
    done = prune_backups(project, chosen, keep, dry_run=dry_run)
    for one in done.dropped:
        click.echo(f"- {when(one.time)}  {one.commit[:10]}")
    verb = "would go" if dry_run else "gone"
    click.echo(f"Prune: {len(done.dropped)} {verb}, {len(done.kept)} kept.")
    return 0


@command.command("show", short_help="List the versions of an object, or print one.")
@_environment
@click.argument("named", metavar="OBJECT")
@click.option("--at", metavar="WHEN", help="Print its TML as of a commit, time, age, date or weekday.")
@format_option
@click.pass_context
def show(ctx: click.Context, environment: str, named: str, at: str | None, form: str) -> int:
    """List the versions of an object, by GUID, obj_id or name, or print one of them.

    \b
    tsdeploy backup show prod 'liveboard:Executive*'
    tsdeploy backup show prod 04829e91-0776-4a3a-bf88-a0ce9e745fb4 --at tuesday
    """
    project = project_of(ctx)
    chosen = project.environment(environment)
    if at is not None:
        shown, text = read_version(project, chosen, named, at)
        if form == "json":
            print_json({"object": f"{shown.kind}:{shown.name}", "path": shown.path, "tml": text})
        else:
            # Byte for byte for a file or another program, but no terminal is steered.
            click.echo(safe_lines(text) if sys.stdout.isatty() else text, nl=False)
        return 0
    found = object_versions(project, chosen, named)
    if form == "json":
        print_json([{**_snapshot_json(one.snapshot), "change": one.verb} for one in found])
    else:
        _print_versions(found, environment)
    return 0


def _print_versions(found: Sequence[Version], environment: str) -> None:
    """The versions of an object; how it comes back, where it is gone."""
    one = found[0].one
    identity = one.guid or one.key
    click.echo(f"{one.kind}:{safe(one.name)}  {safe(identity)}")
    for version in found:
        snapshot = version.snapshot
        click.echo(f"{_SIGNS[version.verb]} {when(snapshot.time)}  {snapshot.commit[:10]}  {version.verb}")
    if found[0].verb == "deleted" and len(found) > 1:
        at = found[1].snapshot.commit[:10]
        say(f"to bring it back:  tsdeploy restore {environment} --at {at} --select {identity}")


@command.command("schedule", short_help="Print what makes backups every night.")
@click.argument("kind", type=click.Choice(sorted(SCHEDULES)))
@_environment
@click.pass_context
def schedule_(ctx: click.Context, kind: str, environment: str) -> int:
    """Print what makes backups every night: a crontab line, a systemd timer, a GitHub or GitLab pipeline.

    \b
    tsdeploy backup schedule cron prod
    tsdeploy backup schedule systemd prod | sudo sh
    tsdeploy backup schedule github prod > .github/workflows/backup-prod.yml
    """
    project = project_of(ctx)
    chosen = project.environment(environment)
    machine = Machine(project.root, shutil.which("tsdeploy") or "tsdeploy", _user())
    file = chosen.folder / "environment.yaml"
    secrets = sorted(sign_in_variables(read_text(file, what="environment file", shown=file.name)))
    branch = store_of(project, chosen).branch
    click.echo(schedule(kind, chosen.name, branch, secrets, machine), nl=False)
    return 0


def _user() -> str:
    """Who runs this; root where nobody knows, as in a container without a list of users."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "root"


def _snapshot_json(one: Snapshot) -> dict[str, Any]:
    return {
        "commit": one.commit,
        "time": datetime.fromtimestamp(one.time, timezone.utc).isoformat(),
        "subject": one.subject,
    }


def when(seconds: int) -> str:
    """A time as people read it, in UTC."""
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M} UTC"
