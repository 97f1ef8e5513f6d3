"""``tsdeploy explain``."""

from __future__ import annotations

import sys

import click

from tsdeploy.cli.output import safe_lines
from tsdeploy.explain.pages import all_pages


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what an error code means, why it matters, and what to do.

    \b
    tsdeploy explain          all codes
    tsdeploy explain TD204    one of them
    """
    if code is None:
        for page in all_pages().values():
            click.echo(f"{page.code}  {page.title}")
        return
    from tsdeploy.check.explaining import explain_code

    _print(safe_lines(explain_code(code)).rstrip("\n"))


def _print(markdown: str) -> None:
    """Typeset on a terminal, as it is written elsewhere."""
    if not sys.stdout.isatty():
        click.echo(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))
