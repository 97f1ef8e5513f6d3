"""``tsdeploy export``."""

from __future__ import annotations

from dataclasses import replace

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.output import finding_json, print_findings, print_json, safe, waiting
from tsdeploy.config.environment import ExportSettings
from tsdeploy.errors import Severity
from tsdeploy.export.run import ExportResult, export_environment

_KINDS = (
    "connection",
    "table",
    "sql_view",
    "view",
    "model",
    "worksheet",
    "answer",
    "liveboard",
    "cohort",
    "collection",
)
_SIGNS = {"added": "+", "changed": "~"}


@click.command("export")
@click.argument("environment")
@click.option("--tag", "tags", multiple=True, help="Only objects with this tag; may be repeated.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only this kind; may be repeated.")
@click.option("--name", "names", multiple=True, help="Only this name; * and ? are wildcards; may be repeated.")
@click.option("--author", "authors", multiple=True, help="Only objects of this author; may be repeated.")
@click.option("--guid", "guids", multiple=True, help="Only the object with this GUID; may be repeated.")
@click.option("--associated/--no-associated", default=None, help="Also what the selected objects are built on.")
@click.option("--commit", is_flag=True, help="Commit what changed.")
@click.option("--message", "-m", default="", help="The commit's message.")
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    environment: str,
    commit: bool,
    message: str,
    form: str,
    associated: bool | None,
    **filters: tuple[str, ...],
) -> int:
    """Bring live objects into the git folder, with the name-to-GUID map.

    \b
    tsdeploy export dev                          what environments/dev/environment.yaml selects
    tsdeploy export dev --tag release --commit   objects tagged release, as one commit
    tsdeploy export dev --name "Sales*" --kind liveboard

    Files whose bytes do not differ are not touched; an object keeps its path when it is renamed.
    """
    with workplace(ctx, environment) as at:
        settings = _settings(at.environment.export, filters, associated)
        with waiting(f"exporting {environment} from {at.environment.url}"):
            result = export_environment(
                at.project, at.environment, at.session, settings=settings, commit=commit, message=message
            )
    if form == "json":
        print_json(_as_json(result))
    else:
        _print(result)
    print_findings(result.findings)
    return 1 if any(finding.severity is Severity.ERROR for finding in result.findings) else 0


def _settings(base: ExportSettings, filters: dict[str, tuple[str, ...]], associated: bool | None) -> ExportSettings:
    """The environment file's selection, or the command line's where that gives any filter."""
    given = {name: values for name, values in filters.items() if values}
    settings = ExportSettings(associated=base.associated, identity=base.identity, **given) if given else base
    return settings if associated is None else replace(settings, associated=associated)


def _print(result: ExportResult) -> None:
    for file in result.files:
        if file.action != "unchanged":
            click.echo(f"{_SIGNS[file.action]} {safe(file.label)}")
    added, changed, unchanged = map(result.count, ("added", "changed", "unchanged"))
    click.echo(f"Export: {added} added, {changed} changed, {unchanged} unchanged.")
    if result.commit:
        click.echo(f"Committed {result.commit[:10]}.")


def _as_json(result: ExportResult) -> dict[str, object]:
    return {
        "files": [{"object": file.label, "path": file.path, "action": file.action} for file in result.files],
        "commit": result.commit or None,
        "findings": [finding_json(finding) for finding in result.findings],
    }
