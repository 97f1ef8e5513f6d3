"""What most commands need first: the project, the environment, and a session with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project, find_project
from tsdeploy.rest import Session
from tsdeploy.sessions import connect


@dataclass(frozen=True, slots=True)
class Workplace:
    """One environment of the project, connected."""

    project: Project
    environment: Environment
    session: Session


def project_of(ctx: click.Context) -> Project:
    """The project that ``--project`` names."""
    return find_project(Path(str(ctx.find_root().obj)))


@contextmanager
def workplace(ctx: click.Context, name: str) -> Iterator[Workplace]:
    """The named environment of the project; its session is closed at the end."""
    project = project_of(ctx)
    environment = project.environment(name)
    with connect(environment) as session:
        yield Workplace(project, environment, session)


format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)
