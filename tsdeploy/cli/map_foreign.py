"""``tsdeploy map import`` and ``export``: mapping files of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.map_files import record_json
from tsdeploy.cli.output import conclude, print_json, safe, safe_lines, say
from tsdeploy.mapping.foreign.model import ForeignFormat
from tsdeploy.pairing.exchange import ForeignFile, Imported, export_mapping, import_mapping

_FORMATS = [format_.value for format_ in ForeignFormat]
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


@click.command("import", short_help="Bring another tool's mapping file in.")
@click.argument("format", type=click.Choice(_FORMATS), metavar="FORMAT")
@click.argument("file", type=_EXISTING)
@click.argument("environment")
@click.option("--properties", type=_EXISTING, help="parent-child: the TOML file of table properties.")
@click.option("--source-name", default="", help="What the file calls the source environment.")
@click.option("--target-name", default="", help="What the file calls this environment.")
@click.option("--lossy", is_flag=True, help="Leave out what cannot be carried over.")
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@format_option
@click.pass_context
def import_command(ctx: click.Context, /, environment: str, dry_run: bool, form: str, **options: Any) -> int:
    """Bring another tool's mapping file into mapping.yaml and objects.json.

    \b
    tsdeploy map import cs_tools .mappings/prod-guid-mappings.json prod --dry-run
    tsdeploy map import native 5a1b.mapping/org-0.json prod
    tsdeploy map import guid-mapper mapper.json prod --source-name DEV
    tsdeploy map import parent-child guids.json prod --properties prod_config.toml

    FORMAT is cs_tools, native (ThoughtSpot's Git integration), guid-mapper (thoughtspot_tml) or parent-child
    (ts_rest_api_and_tml_tools). What contradicts what is there, poisons it, or cannot be carried over is refused.
    """
    project = project_of(ctx)
    imported = import_mapping(project, project.environment(environment), _file(options), write=not dry_run)
    if form == "json":
        print_json(_imported_json(imported))
    else:
        print_imported(imported)
        say("written." if imported.brought.written else "nothing was written.")
    return conclude(imported.brought.findings)


def _file(options: dict[str, Any]) -> ForeignFile:
    return ForeignFile(ForeignFormat(options.pop("format")), options.pop("file"), **options)


def print_imported(imported: Imported) -> None:
    """What was carried over, file by file."""
    rules, files = imported.brought.rules.lines(), imported.files
    click.echo(f"{safe(files.objects_shown)}: pairs: {len(imported.carried.records)}")
    click.echo(f"{safe(files.shown)}: new rules: {len(rules)}")
    for line in rules:
        click.echo(f"+ {safe(line)}")


def _imported_json(imported: Imported) -> dict[str, object]:
    records, brought = imported.carried.records, imported.brought
    pairs = list(map(record_json, records))
    findings = [finding.plain() for finding in brought.findings]
    return {"written": brought.written, "pairs": pairs, "rules": brought.rules.lines(), "findings": findings}


@click.command("export", short_help="Write another tool's mapping file.")
@click.argument("format", type=click.Choice(_FORMATS), metavar="FORMAT")
@click.argument("environment")
@click.argument("file", type=_NEW)
@click.option("--properties", type=_NEW, help="parent-child: where to write the TOML file of table properties.")
@click.option("--source-name", default="", help="What to call the source environment in the file.")
@click.option("--target-name", default="", help="What to call this environment in the file.")
@click.option("--lossy", is_flag=True, help="Leave out what the format cannot hold.")
@click.option("--dry-run", is_flag=True, help="Write the file to standard output instead.")
@click.pass_context
def export_command(ctx: click.Context, /, environment: str, dry_run: bool, **options: Any) -> int:
    """Write an environment's pairs and rules as another tool's mapping file.

    \b
    tsdeploy map export cs_tools prod .mappings/prod-guid-mappings.json
    tsdeploy map export native prod 5a1b.mapping/org-0.json --dry-run
    tsdeploy map export guid-mapper prod mapper.json
    tsdeploy map export parent-child prod guids.json --properties prod_config.toml

    A file that is there is brought up to date: its history, counters and other environments stay.
    """
    project = project_of(ctx)
    exported = export_mapping(project, project.environment(environment), _file(options))
    if dry_run:
        for text in () if exported.failed else exported.texts.values():
            click.echo(safe_lines(text), nl=False)
    else:
        for path in exported.write():
            say(f"wrote {path}")
    return conclude(exported.findings)


COMMANDS = (import_command, export_command)
