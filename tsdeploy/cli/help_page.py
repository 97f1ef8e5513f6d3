"""Help pages of commands with many options, and help with values that are none of the choices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tsdeploy.config.places import environment_names, project_root
from tsdeploy.visible import visible

_GIVEN = re.compile(r"'(.*)' is not one of ", re.DOTALL)
_REST = "Options"
_VARIABLES = "Environment variables"

SERVER_VARIABLES: Mapping[str, str] = {
    "HTTPS_PROXY, HTTP_PROXY, NO_PROXY": "The way to servers, as for curl.",
    "REQUESTS_CA_BUNDLE": "A file of certificate authorities to trust.",
}
"""What every command that talks to a server goes by."""


class GroupedCommand(click.Command):
    """A command whose help has its options under headings.

    ``groups`` are names of parameters by heading; what is in none of them comes last. ``variables`` are environment
    variables, each with what it is for.
    """

    def __init__(
        self,
        *arguments: Any,
        groups: Mapping[str, Sequence[str]] | None = None,
        variables: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.groups = groups or {}
        self.variables = variables or {}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, a section for each group."""
        headings = {name: heading for heading, names in self.groups.items() for name in names}
        sections: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (*self.groups, _REST)}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections[headings.get(parameter.name or "", _REST)].append(record)
        write_sections(formatter, sections)
        write_variables(formatter, self.variables)


def with_guess(error: click.BadParameter) -> click.BadParameter:
    """The error, with the nearest of the choices where the value is none of them."""
    choices = error.param.type.choices if error.param is not None and isinstance(error.param.type, click.Choice) else ()
    given = _GIVEN.match(error.message)
    if given is None or not choices:
        return error
    from tsdeploy.nearest import nearest

    guess = nearest(given[1], map(str, choices))
    said = f"{error.message} {guess[0].upper()}{guess[1:]}" if guess else error.message
    return click.BadParameter(said, error.ctx, error.param, error.param_hint)


def with_environments(error: click.MissingParameter) -> click.MissingParameter:
    """The error, with the project's environments and a command line, where it is an environment that is missing."""
    from tsdeploy.cli.command_tree import ENVIRONMENT, value_of

    if error.param is None or error.ctx is None or ENVIRONMENT not in value_of(error.param).looked_up:
        return error
    root = project_root(Path(str(error.ctx.find_root().obj)))
    names = list(map(visible, environment_names(root))) if root else []
    said = "There are no environments here yet;  tsdeploy init  makes them."
    if names:
        said = f"Environments here: {', '.join(names)}. For example:  {_example(error.ctx, names)}"
    return click.MissingParameter(said, error.ctx, error.param, error.param_hint)


def _example(ctx: click.Context, names: Sequence[str]) -> str:
    """The command with all arguments that it needs, the last of the environments where it wants them."""
    from tsdeploy.cli.command_tree import ENVIRONMENT, value_of

    wanted = [one for one in ctx.command.params if isinstance(one, click.Argument) and one.required]
    places = [one for one in wanted if ENVIRONMENT in value_of(one).looked_up]
    given = dict(zip(places[-len(names) :], names[-len(places) :], strict=True))
    return " ".join((ctx.command_path, *(given.get(one) or one.human_readable_name for one in wanted)))


def write_sections(formatter: click.HelpFormatter, sections: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write sections that have something in them."""
    for heading, records in sections.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


def write_variables(formatter: click.HelpFormatter, variables: Mapping[str, str]) -> None:
    """Write the section of environment variables."""
    write_sections(formatter, {_VARIABLES: list(variables.items())})
