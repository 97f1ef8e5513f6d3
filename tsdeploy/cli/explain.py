"""``tsdeploy explain``."""

from __future__ import annotations

import sys

import click

from tsdeploy.cli.output import safe
from tsdeploy.errors import Finding, UsageError
from tsdeploy.explain.pages import Page, all_pages


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
    _print(_text_of(code.upper()).rstrip("\n"))


def _print(markdown: str) -> None:
    """Typeset on a terminal, as it is written elsewhere."""
    if not sys.stdout.isatty():
        click.echo(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))


def _text_of(code: str) -> str:
    page: Page | None = all_pages().get(code)
    return page.markdown if page else _foreign_text(code)


def _foreign_text(code: str) -> str:
    """The help of a rule that another package brings. Raises UsageError TD007 when nothing has the code."""
    from tsdeploy.check.foreign import find_rules
    from tsdeploy.config.yaml_file import nearest

    rules = {rule.code.upper(): rule for rule in find_rules().rules}
    rule = rules.get(code)
    if rule is None:
        hint = nearest(code, [*all_pages(), *rules]) or "tsdeploy explain lists all codes"
        raise UsageError(Finding("TD007", f"there is no code {code}", hint=hint))
    return safe(f"# {rule.code}: {rule.title}\n\n{rule.help}")
