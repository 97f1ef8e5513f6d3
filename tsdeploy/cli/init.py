"""``tsdeploy init``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.adopt import print_adopted
from tsdeploy.cli.help_page import GroupedCommand
from tsdeploy.cli.output import can_ask, safe
from tsdeploy.config.places import environment_names
from tsdeploy.config.project import Project, find_project
from tsdeploy.errors import ConfigError, Finding, GitError, UsageError
from tsdeploy.git import Repository
from tsdeploy.git_drivers import Installed
from tsdeploy.pairing.other_layouts import tml_folder
from tsdeploy.pipelines import Pipeline
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.scaffold.answers import AUTH_KINDS, USERNAME, SignIn, folder_inside, new_environments, read_pairs
from tsdeploy.set_up import SetUp, SetupOrder, present_source, set_up_project, usual_branch

_NO_PROJECT = "TD307"
_NO_REPOSITORY = "TD701"
_SIGNS = {"new": "+", "added to": "~", "kept": "="}
_WIDE = 34
"""Columns of a command that leave room for what it is for."""
_SECRET_IS = {"trusted": "secret key", "password": "password", "token": "token"}


_GROUPS = {
    "Environments": ("pairs", "orgs", "auth", "username", "tml"),
    "Pipelines": ("systems", "target"),
    "What is there already": ("adopts", "source", "config_branch"),
    "This clone": ("drivers",),
}


@click.command("init", cls=GroupedCommand, groups=_GROUPS)
@click.option("--environment", "-e", "pairs", multiple=True, metavar="NAME=URL", help="An environment. Repeatable.")
@click.option("--org", "orgs", multiple=True, metavar="NAME=ORG", help="The Org of an environment, by id or name.")
@click.option("--auth", type=click.Choice(AUTH_KINDS), default=AUTH_KINDS[0], show_default=True, help="How to sign in.")
@click.option("--username", default=USERNAME, show_default=True, metavar="USER", help="Who signs in.")
@click.option("--tml", default="", metavar="FOLDER", help="Where TML lives. Default: where it is, else tml.")
@click.option("--ci", "systems", multiple=True, type=click.Choice(tuple(SYSTEMS)), help="Write a pipeline. Repeatable.")
@click.option("--env", "target", default="", metavar="ENV", help="With --ci: the environment that is deployed to.")
@click.option("--adopt", "adopts", is_flag=True, help="Take over a repository that another tool laid out.")
@click.option("--source", default="", metavar="ENV", help="With --adopt: the environment that the TML comes from.")
@click.option("--config-branch", default="", metavar="BRANCH", help="With --adopt: where mapping files are.")
@click.option("--git-drivers", "drivers", is_flag=True, help="Let git show and merge TML by object.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Set up a repository: environments, mapping, .gitattributes, .gitignore, pipelines.

    \b
    tsdeploy init                  asks, on a terminal
    tsdeploy init -e dev=https://dev.example.com -e prod=https://prod.example.com
    tsdeploy init -e test=https://prod.example.com --org test=Staging
    tsdeploy init --ci github      review, plan, deploy on merge, nightly backup
    tsdeploy init --adopt          from what is in the repository
    tsdeploy init --git-drivers    git diff in sentences, merges by object

    The first environment is where objects are built, the others are promoted to from it. Nothing that is there is
    overwritten, and when something fails, nothing is left behind. Secrets stay in environment variables: the files
    only name them. Adopting reads the mapping files of ThoughtSpot's Git integration and of cs_tools. The drivers
    are settings of this clone; .gitattributes, which says what they are for, is committed.
    """
    root = _root(Path(str(ctx.find_root().obj)))
    repository = _repository(root)
    order = _order(root, repository, given)
    if not order and can_ask():
        from tsdeploy.cli.asking import ask

        order = ask(root, repository)
    if not order:
        hint = "tsdeploy init -e dev=https://… -e prod=https://… , or  --adopt,  --ci  or  --git-drivers"
        raise UsageError(Finding("TD024", "nothing was asked to be set up", hint=hint))
    return _carry_out(root, repository, order)


def _root(folder: Path) -> Path:
    """The project that the folder lies in, else the folder itself."""
    try:
        return find_project(folder).root
    except ConfigError as error:
        if error.code != _NO_PROJECT:
            raise
        return folder.resolve()


def _repository(root: Path) -> Repository | None:
    try:
        return Repository.find(root)
    except GitError as error:
        if error.code != _NO_REPOSITORY:
            raise
        return None


def _order(root: Path, repository: Repository | None, given: Mapping[str, Any]) -> SetupOrder:
    """What the flags ask for. Raises UsageError TD031."""
    pairs, orgs = read_pairs(given["pairs"], "--environment"), read_pairs(given["orgs"], "--org")
    sign_in = SignIn(given["auth"], given["username"], usual_branch(repository))
    source = given["source"] or present_source(root)
    return SetupOrder(
        environments=new_environments(pairs, dict(orgs), sign_in, source=source),
        tml=folder_inside(root, given["tml"] or tml_folder(root) or "tml"),
        adopts=given["adopts"],
        source=given["source"],
        config_branch=given["config_branch"],
        systems=given["systems"],
        target=given["target"],
        drivers=given["drivers"],
    )


def _carry_out(root: Path, repository: Repository | None, order: SetupOrder) -> int:
    done = set_up_project(root, order)
    if done.repository:
        click.echo("+ .git")
    for written in done.files:
        note = ": is there, and stays as it is" if written.how == "kept" else ""
        click.echo(f"{_SIGNS[written.how]} {safe(Project(root).shown(written.path))}{note}")
    code = print_adopted(root, done.adopted) if done.adopted else 0
    if done.pipeline:
        _print_pipelines(done, done.pipeline)
    if done.drivers:
        _print_drivers(done.drivers)
    if order.environments or order.adopts:
        _say_next(done, order, is_repository=repository is not None or done.repository)
    return code


def _print_pipelines(done: SetUp, pipeline: Pipeline) -> None:
    for one in done.pipelines:
        click.echo(f"+ {safe(Project(done.root).shown(one.path))}" if one.path else f"{one.system}: nothing to do.")
    click.echo(
        f"Deploys to {safe(pipeline.target)} from {safe(pipeline.branch)}; secrets: {', '.join(pipeline.secrets)}."
    )
    click.echo("The head of the file says what to set up once.")


def _print_drivers(installed: Installed) -> None:
    for setting in installed.settings:
        click.echo(f"+ git config {safe(setting)}")
    for line in installed.attributes:
        click.echo(f"+ .gitattributes: {safe(line)}")
    changed = installed.settings or installed.attributes
    click.echo("git shows TML in objects now." if changed else "Nothing to do.")


def _say_next(done: SetUp, order: SetupOrder, *, is_repository: bool) -> None:
    """The commands that come next, as they can be typed."""
    click.echo("\nNext:")
    steps = [*_next_steps(done, order, is_repository=is_repository)]
    width = max(len(line) for line, _ in steps if len(line) <= _WIDE)
    for line, why in steps:
        click.echo(f"  {safe(line):{width}}  {safe(why)}".rstrip())


def _next_steps(done: SetUp, order: SetupOrder, *, is_repository: bool) -> Iterator[tuple[str, str]]:
    first, targets = order.built_in, [one.name for one in order.environments if one.source]
    if done.adopted:
        targets = [name for name in environment_names(done.root) if name != done.adopted.source] or ["ENV"]
    if not is_repository:
        yield "git init --initial-branch main", "this folder is in no git repository"
    if done.adopted and done.adopted.has_stubs:
        yield "edit environments/*/environment.yaml", "the addresses, and who signs in"
    for one in order.environments:
        yield f"export {one.variable}=…", f"the {_SECRET_IS[one.auth]} for {one.name}"
    yield "tsdeploy doctor --all", "can you reach them, and what may you do"
    if not done.adopted and tml_folder(done.root):
        yield "tsdeploy init --adopt", "record the GUIDs of the TML that is here"
    yield "git add -A && git commit -m 'Set up tsdeploy'", ""
    if first and not tml_folder(done.root):
        yield f"tsdeploy export {first} --commit", f"bring {first} into git"
    for name in targets:
        yield f"tsdeploy plan {name}", "what would be done, and what is missing"
        yield f"tsdeploy deploy {name}", f"do it; then commit environments/{name}"
