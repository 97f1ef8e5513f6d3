"""``tsdeploy demo``."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tsdeploy.errors import Finding, TsdeployError, UsageError

if TYPE_CHECKING:
    from tsdeploy.demo import Stage


@click.command("demo")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("tsdeploy-demo"), help="Where to leave the repository."
)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """See the whole story against two sandboxes, from nothing.

    \b
    tsdeploy demo
    tsdeploy demo --folder /tmp/story

    Two local ThoughtSpots are started; nothing leaves this machine, and they stop when the demo ends. The git
    repository stays, for you to look at.
    """
    try:
        import flask  # noqa: F401
    except ImportError:
        hint = "pip install 'tsdeploy[sandbox]'"
        raise UsageError(Finding("TD005", "the sandbox is not installed", hint=hint)) from None
    from tsdeploy import demo

    started = time.monotonic()
    os.environ[demo.KEY_VARIABLE] = "sandbox"
    with demo.stage(folder) as stage:
        _tell(stage)
    click.echo(
        f"\nAll of this took {time.monotonic() - started:.0f} seconds. The repository is in {folder}; go on with:"
    )
    _go_on(folder, stage.urls)


def _tell(stage: Stage) -> None:
    from tsdeploy import demo

    _narrate(
        f"Two local ThoughtSpots are running: dev at {stage.urls['dev']}, with the objects of a retail company, and "
        f"prod at {stage.urls['prod']}, with a connection to the production warehouse and nothing else."
    )
    _narrate("1. Bring dev into git. Each object is a file; environments/dev/objects.json maps names to GUIDs.")
    _run(stage, "export dev --commit")
    _narrate(
        "2. Promote it to prod. Every GUID that prod will get is known before anything is sent; the server validates "
        "everything first, then it is published, looked up and recorded."
    )
    _run(stage, "deploy prod --yes")
    stage.commit("Record what prod has")
    _narrate("3. Again: a repeated deploy finds nothing to do, and makes no duplicates.")
    _run(stage, "deploy prod --yes")
    _narrate(f"4. A colleague edits the Liveboard {demo.LIVEBOARD} in dev. What changed?")
    with stage.session("dev") as session:
        demo.change_liveboard(session)
    _run(stage, "export dev")
    _run(stage, "diff")
    stage.commit(f"{demo.LIVEBOARD}: regions ranked")
    _narrate("5. Reviewed and committed, so promote it: one object is updated in place.")
    _run(stage, "deploy prod --yes")
    stage.commit("Record what prod has")
    _verify(stage)


def _verify(stage: Stage) -> None:
    from tsdeploy import demo

    with stage.session("dev") as dev, stage.session("prod") as prod:
        titles = [demo.tile_titles(demo.live_document(session, demo.LIVEBOARD)) for session in (dev, prod)]
    if titles[0] != titles[1]:
        raise TsdeployError(Finding("TD006", f"{demo.LIVEBOARD} differs between dev and prod after the promotion"))
    _narrate(f"6. Asked directly, prod's {demo.LIVEBOARD} has the same {len(titles[1])} charts as dev's.")
    _run(stage, "plan prod")


def _narrate(text: str) -> None:
    click.echo()
    click.secho(click.wrap_text(text, width=78), fg="cyan")


def _run(stage: Stage, line: str) -> None:
    """Run a tsdeploy command in this process, as a person would type it."""
    from tsdeploy.cli.main import command as main

    click.secho(f"$ tsdeploy {line}", bold=True)
    code = main.main(
        ["--project", str(stage.project.root), *shlex.split(line)], prog_name="tsdeploy", standalone_mode=False
    )
    if code:
        raise TsdeployError(Finding("TD006", f"the demo stopped: tsdeploy {line} ended with exit code {code}"))


def _go_on(folder: Path, urls: dict[str, str]) -> None:
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  git log --stat")
    click.echo("  export TS_SANDBOX_KEY=sandbox TSDEPLOY_SANDBOX_HOME=.tsdeploy/sandboxes")
    for name, url in urls.items():
        port = url.rpartition(":")[2]
        click.echo(f"  tsdeploy sandbox start --name {name} --port {port} --detach")
    click.echo("  tsdeploy plan prod --detail")
    click.echo("  tsdeploy sandbox stop")
