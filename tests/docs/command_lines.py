"""Command lines of tsdeploy in texts, and whether the command and all its options are there. Nothing is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click

from tests.docs.pages import Block
from tsdeploy.cli.main import command as main

_REMARK = re.compile(r" {2,}.*")
_ASSIGNMENT = re.compile(r"\w+=.*")
_BETWEEN = frozenset([";", "&&", "||", "|", "(", ")"])
_BEFORE = frozenset(["do", "then", "!", "$"])


def command_lines(block: Block) -> Iterator[list[str]]:
    """The arguments of each tsdeploy in a block: of a shell, of a session, or of a list of commands with remarks."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "console":
        lines = [line for line in lines if line.startswith("$ ")]
    elif block.language != "sh":
        lines = [_REMARK.sub("", line) for line in lines if line.startswith("tsdeploy ")]
    for line in lines:
        yield from (words[1:] for words in _simple_commands(line) if words[:1] == ["tsdeploy"])


def _simple_commands(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if word in _BETWEEN:
            yield words
            words = []
        elif words or not (word in _BEFORE or _ASSIGNMENT.fullmatch(word)):
            words.append(word)


def complaint(arguments: list[str]) -> str:
    """What click has against the arguments, "" when nothing."""
    words = arguments[: next((at for at, word in enumerate(arguments) if word[:1] in "<>"), len(arguments))]
    try:
        _parse(main, click.Context(main, info_name="tsdeploy"), words)
    except click.UsageError as error:
        return error.format_message()
    return ""


def _parse(command: click.Command, context: click.Context, words: list[str]) -> None:
    values, rest, _ = command.make_parser(context).parse_args(list(words))
    if isinstance(command, click.Group):
        if not rest:
            return
        name, below, rest = command.resolve_command(context, rest)
        assert below is not None
        _parse(below, click.Context(below, parent=context, info_name=name), rest)
        return
    if rest:
        raise click.UsageError(f"unexpected argument {rest[0]}")
    for parameter in command.params:
        value = values.get(parameter.name or "")
        given = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
        if parameter.required and not given:
            raise click.UsageError(f"missing {parameter.name}")
        if isinstance(parameter.type, click.Choice):
            for one in given:
                parameter.type.convert(one, parameter, context)
