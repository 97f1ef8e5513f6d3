"""``-v``, ``-vv`` and ``--log-file``: the same before and after the name of a command."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.failures import Run

_RUN = "tsdeploy.run"


def begin(ctx: click.Context, folder: str, verbosity: int, file: Path | None) -> None:
    """Let the options before a command's name count, and those after it find the log of this run."""
    ctx.meta[_RUN] = ctx.obj
    ctx.obj = folder
    _listen(ctx, verbosity, file)


def note_folder(ctx: click.Context, _: click.Parameter, folder: str) -> str:
    """Remember where the project is before anything can go wrong, so that a report of it finds its place."""
    if isinstance(ctx.obj, Run):
        ctx.obj.folder = Path(folder)
    return folder


def with_log_options(command: click.Command) -> click.Command:
    """The command, and its own commands, with the options; what is given counts before the command runs."""
    dressed = copy.copy(command)
    dressed.params = [*command.params, *_options()]
    if isinstance(dressed, click.Group):
        dressed.commands = {name: with_log_options(inner) for name, inner in dressed.commands.items()}
    return dressed


def _options() -> list[click.Option]:
    more: dict[str, Any] = {"expose_value": False, "hidden": True, "is_eager": True}
    return [
        click.Option(["-v", "--verbose"], count=True, callback=_show, **more),
        click.Option(["--log-file"], type=click.Path(path_type=Path, dir_okay=False), callback=_write, **more),
    ]


def _show(ctx: click.Context, _: click.Parameter, value: int) -> None:
    _listen(ctx, value, None)


def _write(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    _listen(ctx, 0, value)


def _listen(ctx: click.Context, verbosity: int, file: Path | None) -> None:
    run = ctx.meta.get(_RUN)
    if not isinstance(run, Run) or ctx.resilient_parsing:
        return
    run.book.show(verbosity)
    if file is not None:
        run.book.write(file)
