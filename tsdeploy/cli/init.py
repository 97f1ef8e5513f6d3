"""``tsdeploy init``."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli.output import safe
from tsdeploy.errors import Finding, UsageError
from tsdeploy.git import Repository
from tsdeploy.git_drivers import install_git_drivers


@click.command("init")
@click.option("--git-drivers", is_flag=True, help="Let git diff, git log -p and git show speak in objects.")
@click.pass_context
def command(ctx: click.Context, git_drivers: bool) -> None:
    """Set up a repository.

    \b
    tsdeploy init --git-drivers    git diff in sentences, for this clone

    The drivers are settings of this clone; .gitattributes, which says what they are for, is committed.
    """
    if not git_drivers:
        finding = Finding("TD024", "nothing was asked to be set up", hint="tsdeploy init --git-drivers")
        raise UsageError(finding)
    installed = install_git_drivers(Repository.find(Path(str(ctx.find_root().obj))))
    for setting in installed.settings:
        click.echo(f"+ git config {safe(setting)}")
    for line in installed.attributes:
        click.echo(f"+ .gitattributes: {safe(line)}")
    changed = installed.settings or installed.attributes
    click.echo("git shows TML in objects now." if changed else "Nothing to do.")
