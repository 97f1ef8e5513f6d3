"""The commands as the data that completion reads: made from click's own, so that nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import click

from tsdeploy.completion.tree import Node, Option, Value

ENVIRONMENT: Final = "ENVIRONMENT"
_LOOKED_UP: Mapping[str, str] = {
    "ENVIRONMENT": ENVIRONMENT,
    "ENV": ENVIRONMENT,
    "FROM": ENVIRONMENT,
    "TO": ENVIRONMENT,
    "SELECTOR": "SELECTOR",
    "SOURCE": "OBJECT",
    "RELEASE": "RELEASE",
    "CODE": "CODE",
    "A": "SIDE",
    "B": "SIDE",
    "PLAN.json": "FILE",
    "FILE": "FILE",
    "FOLDER": "FOLDER",
}
"""The word that stands for a value in help → what is looked up for it."""


def described(command: click.Command, context: click.Context) -> Node:
    """A command with all that is below it; what is hidden is left out."""
    commands = {}
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                commands[name] = described(inner, click.Context(inner, context, name))
    arguments = [one for one in command.params if isinstance(one, click.Argument) and one.metavar != ""]
    return Node(
        command.get_short_help_str(80),
        dict(_options(command, context)),
        tuple(value_of(one) for one in arguments),
        any(one.nargs == -1 for one in arguments),
        commands,
        str(getattr(command, "default_command", "")),
    )


def _options(command: click.Command, context: click.Context) -> list[tuple[str, Option]]:
    # click makes the option for help once, with the names of whichever context asked first.
    found = [(name, Option("Show this message and exit")) for name in command.get_help_option_names(context)]
    for one in command.params:
        if isinstance(one, click.Option) and not one.hidden:
            value = None if one.is_flag or one.count else value_of(one)
            names = [*one.opts, *one.secondary_opts]
            found += [(name, Option(_first_sentence(one.help or ""), value)) for name in names]
    return found


def value_of(one: click.Parameter) -> Value:
    """What can stand for a parameter."""
    if isinstance(one.type, click.Choice):
        return Value(tuple(map(str, one.type.choices)))
    words = re.findall(r"[A-Za-z]+(?:\.[A-Za-z]+)?", one.metavar or one.human_readable_name.upper())
    looked_up = [_LOOKED_UP[word] for word in words if word in _LOOKED_UP]
    if isinstance(one.type, click.Path):
        looked_up += ["FILE" if one.type.file_okay else "FOLDER"]
    return Value((), tuple(dict.fromkeys(looked_up)))


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".")
