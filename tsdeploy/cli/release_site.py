"""Where releases are made: held and cleared up for a command that writes, only looked at by one that reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tsdeploy.cli.context import Workplace
from tsdeploy.cli.output import print_findings, say
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.deploying import prepared, site_to_read
from tsdeploy.deploy.release_folder import unfinished
from tsdeploy.deploy.run import Site
from tsdeploy.visible import visible


@contextmanager
def release_site(at: Workplace, what: str, *, reads: bool, shared: bool) -> Iterator[Site]:
    """The site of a command. One that only reads takes no lock and settles nothing: it says what was left open."""
    if reads:
        say_left_open(at.project, at.environment)
        yield site_to_read(at.project, at.environment, at.session, say)
        return
    with prepared(at.project, at.environment, at.session, what=what, shared=shared, say=say) as recovered:
        print_findings(recovered)
        yield Site(at.project, at.environment, at.session, say)


def say_left_open(project: Project, environment: Environment) -> None:
    """A line for each release of this clone without an end. Raises TsdeployError TD615 for a damaged journal."""
    for name in unfinished(project, environment):
        say(left_open(name, environment.name))


def left_open(release: str, environment: str) -> str:
    """What there is to know of a release that has no end yet, and the command that goes on with it."""
    going_on = f"under way, or was cut off; then  tsdeploy deploy {visible(environment)}  looks it up"
    return f"release {visible(release)} is {going_on}"
