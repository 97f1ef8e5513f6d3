"""Help pages of commands with many options, and help with values that are none of the choices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

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


def write_sections(formatter: click.HelpFormatter, sections: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write sections that have something in them."""
    for heading, records in sections.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


def write_variables(formatter: click.HelpFormatter, variables: Mapping[str, str]) -> None:
    """Write the section of environment variables."""
    write_sections(formatter, {_VARIABLES: list(variables.items())})
