"""``tsdeploy init``."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli.adopt import adopt
from tsdeploy.cli.output import safe
from tsdeploy.config.project import find_project
from tsdeploy.errors import Finding, UsageError
from tsdeploy.git import Repository
from tsdeploy.git_drivers import install_git_drivers

_SYSTEMS = ("github", "gitlab", "azure", "bitbucket", "jenkins")


@click.command("init")
@click.option("--git-drivers", is_flag=True, help="Let git show TML in objects, and merge object maps by object.")
@click.option("--ci", "systems", multiple=True, type=click.Choice(_SYSTEMS), help="Write a pipeline. Repeatable.")
@click.option("--env", "target", default="", metavar="ENV", help="With --ci: the environment that is deployed to.")
@click.option("--adopt", "adopts", is_flag=True, help="Take over a repository that another tool laid out.")
@click.option("--source", default="", metavar="ENV", help="With --adopt: the environment that the TML comes from.")
@click.option("--config-branch", default="", metavar="BRANCH", help="With --adopt: where mapping files are.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    git_drivers: bool,
    systems: tuple[str, ...],
    target: str,
    adopts: bool,
    source: str,
    config_branch: str,
) -> int:
    """Set up a repository.

    \b
    tsdeploy init --git-drivers               git diff in sentences, merges by object, for this clone
    tsdeploy init --ci github                 check, review, plan, deploy on merge, nightly backup and drift
    tsdeploy init --adopt                     environments and mappings from what is in the repository
    tsdeploy init --adopt --source ts-dev --config-branch origin/ts_config_files

    The drivers are settings of this clone; .gitattributes, which says what they are for, is committed. Adopting
    reads the mapping files of ThoughtSpot's Git integration and of cs_tools, writes environments/, and changes
    nothing that is there.
    """
    if not (git_drivers or adopts or systems):
        finding = Finding("TD024", "nothing was asked to be set up", hint="tsdeploy init --git-drivers")
        raise UsageError(finding)
    folder = Path(str(ctx.find_root().obj))
    if git_drivers:
        _install(folder)
    if systems:
        _write_pipelines(folder, systems, target)
    return adopt(folder, source, config_branch) if adopts else 0


def _write_pipelines(folder: Path, systems: tuple[str, ...], target: str) -> None:
    from tsdeploy.pipelines import pipeline_for, write_pipeline

    project = find_project(folder)
    pipeline = pipeline_for(project, target)
    for system in systems:
        path = write_pipeline(project.root, system, pipeline)
        click.echo(f"+ {safe(project.shown(path))}" if path else f"{system}: nothing to do.")
    click.echo(
        f"Deploys to {safe(pipeline.target)} from {safe(pipeline.branch)}; secrets: {', '.join(pipeline.secrets)}."
    )
    click.echo("The head of the file says what to set up once.")


def _install(folder: Path) -> None:
    installed = install_git_drivers(Repository.find(folder))
    for setting in installed.settings:
        click.echo(f"+ git config {safe(setting)}")
    for line in installed.attributes:
        click.echo(f"+ .gitattributes: {safe(line)}")
    changed = installed.settings or installed.attributes
    click.echo("git shows TML in objects now." if changed else "Nothing to do.")
