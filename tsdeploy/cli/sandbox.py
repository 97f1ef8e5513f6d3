"""``tsdeploy sandbox``."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli.output import print_json, safe
from tsdeploy.errors import Finding, UsageError

home_option = click.option(
    "--home", type=click.Path(path_type=Path), help="The folder of all sandboxes. Default: your user state folder."
)


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


@command.command("start")
@click.option("--name", default="dev", show_default=True, help="1 to 40 of a-z, 0-9 and -.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--load", type=click.Path(path_type=Path), help="Fill a new sandbox from a folder of TML.")
@click.option("--org", "orgs", multiple=True, help="Make an Org of this name; may be repeated.")
@click.option("--obj-ids", is_flag=True, help="Give every object that is written an obj_id.")
@click.option("--detach", is_flag=True, help="Keep it running when the command ends.")
@home_option
def start(
    name: str,
    port: int,
    host: str,
    load: Path | None,
    orgs: tuple[str, ...],
    obj_ids: bool,
    detach: bool,
    home: Path | None,
) -> None:
    """Start a sandbox. What it holds is kept until you delete its folder.

    \b
    tsdeploy sandbox start --name dev --port 8101 --load samples/retail
    """
    from tsdeploy.sandbox import Launch, announcement, run_foreground, start_detached

    launch = Launch(name=name, port=port, home=home, orgs=orgs, auto_obj_ids=obj_ids, load=load, host=host)
    if not detach:
        run_foreground(launch)
        return
    running = start_detached(launch)
    click.echo(announcement(running))
    click.echo(f"stop it with:  tsdeploy sandbox stop {running.name}")


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

    for name in names or [running.name for running in list_running(home)]:
        stop_one(name, home)
        click.echo(f"sandbox {safe(name)} stopped")


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
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
        click.echo("no sandbox is running")
