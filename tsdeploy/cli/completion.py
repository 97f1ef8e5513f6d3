"""``tsdeploy completion``."""

from __future__ import annotations

import click

from tsdeploy.completion.question import read_question
from tsdeploy.completion.shells import SHELLS, answer, read_words, script
from tsdeploy.completion.tree import load_tree
from tsdeploy.completion.values import candidates


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.option("--words", "asks", is_flag=True, hidden=True, help="Complete the words, as the scripts ask for it.")
@click.argument("words", nargs=-1, metavar="")
def command(shell: str, asks: bool, words: tuple[str, ...]) -> None:
    """Print what a shell needs to complete commands, environments, selectors, releases and codes.

    \b
    source <(tsdeploy completion bash)       for this shell; in ~/.bashrc for all
    source <(tsdeploy completion zsh)        in ~/.zshrc, after compinit
    tsdeploy completion fish > ~/.config/fish/completions/tsdeploy.fish

    Names of objects come from environments/*/objects.json; those with characters that a shell would read as
    something else are not offered.
    """
    if not asks:
        click.echo(script(shell), nl=False)
        return
    given, raw = read_words(shell, words)
    question = read_question(load_tree(), given)
    for line in answer(shell, question, candidates(question) if question else (), raw):
        click.echo(line)
