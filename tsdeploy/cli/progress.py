"""How far a long command is: a bar on a terminal, one line where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from tsdeploy.cli.output import safe, say

Report: TypeAlias = "Callable[[int, int], None]"


@contextmanager
def counting(text: str, *, quiet: bool = False) -> Iterator[Report]:
    """Something to call with how many are done and how many there are; says nothing when ``quiet``."""
    if quiet:
        yield lambda _done, _total: None
        return
    if not sys.stderr.isatty():
        say(text)
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    words = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Results go where they belong, also when standard output is a file.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(safe(text), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
