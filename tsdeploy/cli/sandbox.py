"""``tsdeploy sandbox``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.help_page import GroupedCommand
from tsdeploy.cli.output import print_json, safe
from tsdeploy.errors import Finding, UsageError

home_option = click.option(
    "--home", type=click.Path(path_type=Path), help="The folder of all sandboxes. Default: your user state folder."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)
_token_option = click.option(
    "--admin-token-env", metavar="NAME", default="", help="The variable with the token of the admin API."
)


_NONE_RUNS = "no sandbox is running"
_VARIABLES = {"TSDEPLOY_SANDBOX_HOME": "The folder of all sandboxes, where --home does not name it."}


@click.group("sandbox")
def command() -> None:
    """Run local ThoughtSpots.

    \b
    tsdeploy sandbox start --name dev --port 8101 --load samples/retail
    tsdeploy sandbox start --name prod --port 8102 --detach
    tsdeploy sandbox list
    tsdeploy sandbox stop dev prod

    Any ThoughtSpot client can be pointed at one: user tsadmin, password tsadmin, secret key sandbox.
    """
    try:
        import flask  # noqa: F401
    except ImportError:
        hint = "pip install 'tsdeploy[sandbox]'"
        raise UsageError(Finding("TD005", "the sandbox is not installed", hint=hint)) from None


_START = {
    "What it holds": ("load", "warehouse", "orgs", "auto_obj_ids", "seed"),
    "How it behaves": ("release", "latency_per_call", "latency_per_object", "rate_limit", "pairs"),
    "Where it runs": ("name", "port", "host", "admin_token_env", "detach", "home"),
}


@command.command("start", cls=GroupedCommand, groups=_START, variables=_VARIABLES)
@click.option("--name", default="dev", show_default=True, metavar="NAME", help="1 to 40 of a-z, 0-9 and -.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--load",
    type=click.Path(path_type=Path),
    help="Fill a new sandbox from a folder of TML, or from samples/retail, which ships with tsdeploy.",
)
@click.option("--warehouse", type=click.Path(path_type=Path), help="A file that says what the warehouses have.")
@click.option("--org", "orgs", multiple=True, metavar="NAME", help="Make an Org of this name. Repeatable.")
@click.option("--obj-ids", "auto_obj_ids", is_flag=True, help="Give every object that is written an obj_id.")
@click.option("--release", metavar="RELEASE", help="Behave like this release: 10.4 … 26.8. Default: the latest.")
@click.option("--seed", type=click.IntRange(0), help="The same GUIDs, tokens and times in every run.")
@click.option("--latency", "latency_per_call", type=click.IntRange(0), metavar="MS", help="Each call takes so long.")
@click.option("--latency-per-object", type=click.IntRange(0), metavar="MS", help="And so long for each object in it.")
@click.option("--rate-limit", is_flag=True, help="Answer 429 beyond ThoughtSpot's rate limits.")
@click.option("--set", "pairs", multiple=True, metavar="SETTING=VALUE", help="Any other setting. Repeatable.")
@_token_option
@click.option("--detach", is_flag=True, help="Keep it running when the command ends.")
@home_option
def start(detach: bool, pairs: tuple[str, ...], **given: Any) -> None:
    """Start a sandbox. What it holds is kept until you delete its folder.

    \b
    tsdeploy sandbox start --name dev --port 8101 --load samples/retail
    tsdeploy sandbox start --name old --release 10.4 --latency 50 --rate-limit
    """
    from tsdeploy.sandbox import Launch, announcement, read_settings, run_foreground, start_detached

    places = {key: given.pop(key) for key in ("name", "port", "host", "load", "warehouse", "home", "admin_token_env")}
    places["load"] = _at_hand(places["load"])
    knobs = {key: value for key, value in given.items() if value not in (None, False, ())}
    launch = Launch(**places, settings=read_settings({**knobs, **dict(_pair(pair) for pair in pairs)}))
    if not detach:
        run_foreground(launch)
        return
    running = start_detached(launch)
    click.echo(announcement(running))
    click.echo(f"stop it with:  tsdeploy sandbox stop {running.name}")


def _at_hand(folder: Path | None) -> Path | None:
    """The folder to load; where there is none of that name here, ``samples/…`` are those that ship with the package."""
    if folder is None or folder.exists() or folder.parts[:1] != ("samples",):
        return folder
    from tsdeploy.bundled import bundled

    return bundled("samples").joinpath(*folder.parts[1:])


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter("write SETTING=VALUE", param_hint="--set")
    return name.replace("-", "_"), value


@command.command("stop")
@click.argument("names", nargs=-1)
@home_option
def stop(names: tuple[str, ...], home: Path | None) -> None:
    """Stop sandboxes; all of them when none is named. What they hold stays.

    \b
    tsdeploy sandbox stop dev
    """
    from tsdeploy.sandbox import list_running
    from tsdeploy.sandbox import stop as stop_one

    wanted = names or [running.name for running in list_running(home)]
    for name in wanted:
        stop_one(name, home)
        click.echo(f"sandbox {safe(name)} stopped")
    if not wanted:
        click.echo(_NONE_RUNS)


@command.command("list")
@format_option
@home_option
def list_(form: str, home: Path | None) -> None:
    """List the sandboxes that run.

    \b
    tsdeploy sandbox list
    """
    from tsdeploy.sandbox import list_running

    running = list_running(home)
    if form == "json":
        print_json([{"name": item.name, "url": item.url, "pid": item.pid} for item in running])
        return
    for item in running:
        click.echo(f"{item.name:20} {item.url}  process {item.pid}")
    if not running:
        click.echo(_NONE_RUNS)


@command.command("snapshot", short_help="Keep what a sandbox holds now, under a name.")
@click.argument("name")
@click.argument("snapshot")
@click.option("--delete", is_flag=True, help="Forget the snapshot.")
@home_option
def snapshot_(name: str, snapshot: str, delete: bool, home: Path | None) -> None:
    """Keep all that a sandbox holds now, under the name SNAPSHOT. It may run meanwhile.

    \b
    tsdeploy sandbox snapshot dev before-the-upgrade
    """
    from tsdeploy.sandbox.upkeep import delete_snapshot, save_snapshot

    if delete:
        delete_snapshot(name, snapshot, home)
        click.echo(f"snapshot {safe(snapshot)} of {safe(name)} deleted")
        return
    saved = save_snapshot(name, snapshot, home)
    click.echo(f"snapshot {saved.name} of {safe(name)}: {saved.size:,} bytes")


@command.command("snapshots")
@click.argument("name")
@format_option
@home_option
def snapshots_(name: str, form: str, home: Path | None) -> None:
    """List the snapshots of a sandbox.

    \b
    tsdeploy sandbox snapshots dev
    """
    from tsdeploy.sandbox.upkeep import snapshots_of

    found = snapshots_of(name, home)
    if form == "json":
        print_json([{"name": snapshot.name, "bytes": snapshot.size} for snapshot in found])
        return
    for snapshot in found:
        click.echo(f"{snapshot.name:40} {snapshot.size:>12,} bytes")
    if not found:
        click.echo(f"sandbox {safe(name)} has no snapshots")


@command.command("restore")
@click.argument("name")
@click.argument("snapshot")
@_token_option
@home_option
def restore(name: str, snapshot: str, admin_token_env: str, home: Path | None) -> None:
    """Make a sandbox what it was at a snapshot. What came later is lost; it may run meanwhile.

    \b
    tsdeploy sandbox restore dev before-the-upgrade
    """
    from tsdeploy.sandbox.upkeep import restore_snapshot

    restore_snapshot(name, snapshot, home, admin_token_env)
    click.echo(f"sandbox {safe(name)} is what it was at {safe(snapshot)}")


@command.command("fork", short_help="Make a copy of a sandbox, GUIDs included.")
@click.argument("name")
@click.argument("new")
@click.option("--snapshot", default="", help="Start from this snapshot instead of from now.")
@home_option
def fork(name: str, new: str, snapshot: str, home: Path | None) -> None:
    """Make a sandbox NEW that has all that another one has, GUIDs included.

    \b
    tsdeploy sandbox fork prod rehearsal
    tsdeploy sandbox start --name rehearsal --detach
    """
    from tsdeploy.sandbox.upkeep import fork as fork_one

    fork_one(name, new, home, snapshot)
    click.echo(f"sandbox {safe(new)} is a copy of {safe(name)}")
    click.echo(f"start it with:  tsdeploy sandbox start --name {safe(new)}")


@command.command("dump", short_help="Write the objects of an Org as TML, for  start --load.")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--org", default="", metavar="ORG", help="Id or name. Default: Primary.")
@home_option
def dump(name: str, folder: Path, org: str, home: Path | None) -> None:
    """Write the objects of an Org to a folder of TML, which `start --load` fills another sandbox from.

    \b
    tsdeploy sandbox dump dev estate
    """
    from tsdeploy.sandbox.upkeep import dump as dump_one

    files = dump_one(name, folder, home, org)
    click.echo(f"{len(files)} objects of {safe(name)} written to {safe(str(folder))}")
