"""``tsdeploy history``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.output import print_json, say
from tsdeploy.cli.release_site import left_open
from tsdeploy.cli.wrapping import wrapped
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleaseFile, releases
from tsdeploy.deploy.deploying import bring_to_read
from tsdeploy.deploy.release_file import find_release
from tsdeploy.deploy.release_folder import unfinished
from tsdeploy.errors import Finding, GitError, UsageError
from tsdeploy.visible import shortened, visible

_SHOW = "show"
_SHOWN = 20
_BEGINNING = 18
"""Characters of a name until the millisecond in which the release began: ``20260725T074019123``."""
_WHO = 19


@click.command("history")
@click.argument("environment", metavar="ENVIRONMENT|show")
@click.argument("release", required=False, default="")
@click.option("--limit", "-n", default=_SHOWN, show_default=True, help="How many releases to list.")
@format_option
@click.pass_context
def command(ctx: click.Context, environment: str, release: str, limit: int, form: str) -> int:
    """List the releases of an environment, or show one.

    \b
    tsdeploy history prod
    tsdeploy history prod latest
    tsdeploy history show 20260725T074019     of whatever environment

    Read from environments/ENV/releases/, one small file for each release; where records have a branch of their own,
    they are brought from there first. No server is asked.
    """
    project = project_of(ctx)
    if environment == _SHOW:
        environment = _environment_of(project, release)
    at = project.environment(environment)
    _bring(project, at)
    if release:
        _print_one(environment, find_release(project, at, release), form)
        _say_left_open(project, at)
        return 0
    found = [one for _, one in zip(range(limit), releases(project, at))]  # noqa: B905 - the shorter one decides
    if form == "json":
        print_json([_as_json(one) for one in found])
        return 0
    for line in _lines(found):
        click.echo(line)
    if not found:
        click.echo(f"{environment} has no releases yet.")
    _say_left_open(project, at)
    return 0


def _bring(project: Project, environment: Environment) -> None:
    """The releases of other clones, where they are on a branch; without the remote, those that are here."""
    if environment.deploy.record.branch:
        try:
            bring_to_read(project, environment, say)
        except GitError as error:
            say(f"these are the releases that are here: {error.findings[0].message}")


def _say_left_open(project: Project, environment: Environment) -> None:
    """What this clone began, and has no file of the history yet."""
    known = {one.id for one in releases(project, environment)}
    for name in unfinished(project, environment):
        if name not in known:
            for line in wrapped(left_open(name, environment.name)):
                click.echo(line, err=True)


def _environment_of(project: Project, release: str) -> str:
    """The environment that has a release whose name begins so. Raises UsageError TD616."""
    names = [
        name
        for name in project.environment_names()
        if release and any(one.id.startswith(release) for one in releases(project, project.environment(name)))
    ]
    if len(names) != 1:
        hint = "write  tsdeploy history ENVIRONMENT"
        raise UsageError(Finding("TD616", f"{len(names) or 'no'} environments have a release {release}", hint=hint))
    return names[0]


def _lines(found: Sequence[ReleaseFile]) -> Iterator[str]:
    """One line for each: its name, and what became of it; the overrides below."""
    for one in found:
        done = f"{len(one.settings)} set"
        if one.objects or not one.settings:
            done = f"{sum(item.status == 'done' for item in one.objects)} of {len(one.objects)} done"
        who = shortened(by_whom(one), _WHO)
        yield f"{_short_name(one, found)}  {one.kind:<8}  {one.status:<11}  {done:>16}  {who}"
        if one.overrides:
            yield from wrapped(f"overrides: {', '.join(map(visible, one.overrides))}", "    ")


def _short_name(one: ReleaseFile, found: Sequence[ReleaseFile]) -> str:
    """As much of its name as tells it from the others."""
    short = one.id[:_BEGINNING]
    return one.id if sum(other.id.startswith(short) for other in found) > 1 else short


def by_whom(one: ReleaseFile) -> str:
    """The name of the committer, without an address; else the user of ThoughtSpot."""
    return visible(one.by.partition(" <")[0] or one.user or "unknown")


def _print_one(environment: str, one: ReleaseFile, form: str) -> None:
    if form == "json":
        print_json(_as_json(one))
        return
    for line in _details(environment, one):
        click.echo(line)


def _details(environment: str, one: ReleaseFile) -> Iterator[str]:
    yield f"{one.kind} of {environment}: {one.status}"
    facts = {
        "release": one.id,
        "commit": one.commit,
        "by": one.by,
        "as": one.user,
        "on": one.host,
        "from": one.started,
        "to": one.finished,
        "overrides": ", ".join(one.overrides),
        "takes back": ", ".join(one.undoes),
        "hooks": "; ".join(f"{name} {ended}" for name, ended in one.hooks.items()),
        "tsdeploy": one.tool,
    }
    for name, value in facts.items():
        if value:
            yield from wrapped(f"{name:<10} {visible(value)}")
    for item in one.objects:
        said = f": {visible(item.message)}" if item.message else ""
        yield from wrapped(f"{visible(item.action):<8} {visible(item.status):<10} {visible(item.object)}{said}")
    for sentence in one.settings:
        yield from wrapped(f"set      done       {visible(sentence)}")
    for finding in one.findings:
        yield from wrapped(visible(finding))


def _as_json(one: ReleaseFile) -> dict[str, object]:
    return asdict(one)
