"""The page of all commands, from click: what each says of itself, its arguments and its options."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from tests.docs.prose import codes, prose, row
from tsdeploy.cli.main import command as main

HEAD = """\
# Commands

All commands of tsdeploy and all their options. Generated from the commands themselves; `tsdeploy COMMAND --help` says
the same.

Exit codes: `0` done · `1` failed · `2` usage or configuration · `3` changes pending · `4` refused by a guard ·
`5` partly applied · `130` interrupted.
"""


def command_page() -> str:
    """The whole page."""
    return f"{HEAD}\nIn front of every command:\n\n{_options(main)}\n" + "".join(_sections(main, "tsdeploy", 1))


def _sections(command: click.Command, path: str, level: int) -> Iterator[str]:
    if level > 1:
        yield f"\n{'#' * level} {path}\n" + "".join(f"\n{part}\n" for part in _parts(command, path))
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below and not below.hidden:
                yield from _sections(below, f"{path} {name}", level + 1)


def _parts(command: click.Command, path: str) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(click.Context(command)))
    yield f"`{path} {usage}`"
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.removeprefix("\b\n")
        yield prose(lines.replace("\n", " ")) if lines == paragraph else f"```text\n{lines}\n```"
    if options := _options(command):
        yield options


def _options(command: click.Command) -> str:
    rows = [_option(one) for one in command.params if isinstance(one, click.Option) and not one.hidden]
    return f"| option | means |\n|---|---|\n{''.join(rows)}".rstrip() if rows else ""


def _option(option: click.Option) -> str:
    value = "" if option.is_flag or option.count else f" {_value(option)}"
    names = [f"{name}{value}" for name in (*option.opts, *option.secondary_opts)]
    text = prose(option.help or "")
    if isinstance(option.type, click.Choice):
        text += f" One of {codes(option.type.choices)}."
    if option.show_default and option.default is not None:
        text += f" Default: `{option.default}`."
    return row(codes(names), text)


def _value(option: click.Option) -> str:
    if option.metavar or not isinstance(option.type, click.Choice):
        return option.make_metavar(click.Context(click.Command(""))).replace("|", " or ")
    return max(option.opts, key=len).lstrip("-").upper()
