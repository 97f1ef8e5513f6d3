"""``tsdeploy review``."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import say, waiting
from tsdeploy.cli.outputs import Output, read_outputs
from tsdeploy.cli.review_text import review_lines
from tsdeploy.deploy.deploying import bring_to_read
from tsdeploy.errors import TsdeployError
from tsdeploy.files import write_atomically
from tsdeploy.review.build import ReviewOptions, make_review
from tsdeploy.review.formats import review_code_quality, review_json, review_junit, review_sarif
from tsdeploy.review.hosts import HOSTS
from tsdeploy.review.markdown import review_markdown
from tsdeploy.review.page import review_page
from tsdeploy.review.report import Mood, Review
from tsdeploy.visible import json_text

_HOSTS = tuple(HOSTS)
_PROCESSES = 4
"""More would take longer to start than they save."""
_FAILS = {"never": (), "breaking": (Mood.STOP,), "risky": (Mood.STOP, Mood.LOOK)}


def _json(value: object) -> str:
    return json_text(value, indent=2) + "\n"


_FORMS: dict[str, Callable[[Review], str]] = {
    "text": lambda review: "".join(f"{line}\n" for line in review_lines(review)),
    "markdown": review_markdown,
    "html": review_page,
    "json": lambda review: _json(review_json(review)),
    "sarif": lambda review: _json(review_sarif(review)),
    "code-quality": lambda review: _json(review_code_quality(review)),
    "junit": review_junit,
}
_SHORT = {"md": "markdown", "txt": "text", "codequality": "code-quality"}


def _outputs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
    return read_outputs(values, _FORMS, _SHORT, "html=review.html")


_GROUPS = {
    "What is reviewed": ("base", "head", "environments", "offline"),
    "Where the report goes": ("form", "outputs", "post", "token", "fail_on"),
}


@click.command("review", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.option("--base", default="origin/HEAD", metavar="REF", help="What it is merged into. Default: origin/HEAD.")
@click.option("--head", default="HEAD", metavar="REF", help="The change. Default: what is checked out.")
@click.option("--env", "environments", multiple=True, metavar="ENV", help="Plan only for this one. Repeatable.")
@click.option("--offline", is_flag=True, help="Ask no server, also where credentials are at hand.")
@click.option("--format", "form", type=click.Choice(tuple(_FORMS)), default="text", help="How to print the report.")
@click.option("--out", "outputs", multiple=True, callback=_outputs, metavar="FORM=FILE", help="Also write a report.")
@click.option("--post", type=click.Choice(_HOSTS), help="Write the report as the one comment on the pull request.")
@click.option("--token", metavar="REF", help="With --post: the host's token by reference, such as '${env:NAME}'.")
@click.option("--fail-on", type=click.Choice(tuple(_FAILS)), default="never", help="When to exit with 1.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    base: str,
    head: str,
    environments: tuple[str, ...],
    offline: bool,
    form: str,
    outputs: tuple[Output, ...],
    post: str | None,
    token: str | None,
    fail_on: str,
) -> int:
    """What a pull request changes, in words: is it safe to say yes?

    \b
    tsdeploy review                            this branch against origin/HEAD
    tsdeploy review --base origin/main --env prod --out html=review.html
    tsdeploy review --base v1.3 --head v1.4 --format markdown
    tsdeploy review --base origin/main --out sarif=review.sarif
    tsdeploy review --base origin/main --post github         in a workflow
    tsdeploy review --base origin/main --fail-on breaking    1 if it breaks

    Compared is what the head changed since it parted from the base. Commits are read where they lie, nothing is
    checked out. Environments whose credentials are at hand are asked, if the head is checked out and does not itself
    change where they are.
    """
    project = project_of(ctx)
    with waiting(f"reviewing {base}..{head}"), _no_collecting():
        review = make_review(
            project,
            base,
            head,
            ReviewOptions(
                environments,
                ask=not offline,
                processes=min(os.cpu_count() or 1, _PROCESSES),
                prepare=lambda environment: bring_to_read(project, environment, say),
            ),
        )
    click.echo(_FORMS[form](review), nl=False)
    for output in outputs:
        write_atomically(output.path, click.unstyle(_FORMS[output.form](review)).encode("utf-8", "surrogateescape"))
    if post is not None:
        _post(post, token, review, project.state / "review.md")
    return TsdeployError.exit_code if review.verdict().mood in _FAILS[fail_on] else 0


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep the collector away: it would look through thousands of trees, all in use to the end, a sixth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _post(host: str, token: str | None, review: Review, kept: Path) -> None:
    """Post the comment; without a token, leave it in a file that a pipeline can keep."""
    from tsdeploy.review.posting import post_comment

    posted = post_comment(host, review, token or "")
    if posted.url:
        say(f"comment {'updated' if posted.updated else 'written'}")
        return
    write_atomically(kept, posted.text.encode("utf-8", "surrogateescape"))
    why = "the token of a fork may not comment" if posted.denied else "there is no token to comment with"
    say(f"{why}; the comment is in {kept}")
