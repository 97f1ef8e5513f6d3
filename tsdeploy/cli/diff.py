"""``tsdeploy diff``."""

from __future__ import annotations

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.output import print_findings, print_json, safe
from tsdeploy.cli.plan import field_text
from tsdeploy.git import Repository
from tsdeploy.tml.compare import ObjectDiff, compare_contents
from tsdeploy.tml.folder import FolderContent, load_folder, read_documents


@click.command("diff")
@click.argument("old", default="HEAD")
@click.argument("new", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.pass_context
def command(ctx: click.Context, old: str, new: str | None, form: str) -> None:
    """Show what changed in the TML, in objects and fields, not lines.

    \b
    tsdeploy diff                the working folder against the last commit
    tsdeploy diff HEAD~1 HEAD    between two commits
    """
    project = project_of(ctx)
    repository = Repository.find(project.root)
    shown = project.shown(project.tml)

    def at(revision: str) -> FolderContent:
        return read_documents(repository.files(revision, project.tml))

    after = at(new) if new else load_folder(project.tml, shown=shown)
    before = at(old)
    found = compare_contents(before.documents, after.documents)
    if form == "json":
        print_json([_as_json(difference) for difference in found])
    else:
        for difference in found:
            _print(difference)
    print_findings((*before.findings, *after.findings))


def _print(difference: ObjectDiff) -> None:
    sign = {"added": "+", "removed": "-", "changed": "~"}[difference.verb]
    click.echo(f"{sign} {safe(difference.label)}")
    for field in difference.fields:
        click.echo(f"    {field_text(field)}")


def _as_json(difference: ObjectDiff) -> dict[str, object]:
    return {
        "object": difference.label,
        "path": difference.path,
        "change": difference.verb,
        "fields": [{"at": field.at, "before": field.before, "after": field.after} for field in difference.fields],
    }
