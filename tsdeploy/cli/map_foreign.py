"""``tsdeploy map import`` and ``export``: mapping files of other tools."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.map_files import documents_of, failed, files_of, source_objects
from tsdeploy.cli.output import finding_json, print_json, safe, say
from tsdeploy.config.yaml_file import read_text
from tsdeploy.errors import Finding, Location, Severity, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.mapping.foreign import cs_tools, guid_mapper, native, parent_child
from tsdeploy.mapping.foreign.model import Foreign, Format
from tsdeploy.mapping.rules import load_mapping
from tsdeploy.pairing.carry import Brought, Carried, Here, bring_in, carry, softened
from tsdeploy.pairing.files import MappingFiles
from tsdeploy.pairing.outgoing import expanded, outgoing
from tsdeploy.transform.warehouse import source_location

_FORMATS = [format_.value for format_ in Format]
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The command line. ``source_name`` and ``target_name`` are what the file calls the environments."""

    format: str
    file: Path
    environment: str
    properties: Path | None
    source_name: str
    target_name: str
    lossy: bool
    dry_run: bool


@click.command("import")
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
def import_command(ctx: click.Context, /, form: str, **options: Any) -> int:
    """Bring another tool's mapping file into mapping.yaml and objects.json.

    \b
    tsdeploy map import cs_tools .mappings/prod-guid-mappings.json prod --dry-run
    tsdeploy map import native 5a1b.mapping/org-0.json prod
    tsdeploy map import guid-mapper mapper.json prod --source-name DEV --target-name PROD
    tsdeploy map import parent-child guids.json prod --properties prod_config.toml

    FORMAT is cs_tools, native (ThoughtSpot's Git integration), guid-mapper (thoughtspot_tml) or parent-child
    (ts_rest_api_and_tml_tools). What contradicts what is there, poisons it, or cannot be carried over is refused.
    """
    asked = _Asked(**options)
    project = project_of(ctx)
    target = project.environment(asked.environment)
    asked = replace(
        asked,
        source_name=asked.source_name or target.source,
        target_name=asked.target_name or asked.environment,
    )
    files = files_of(project, target)
    here = Here(documents_of(project), source_objects(project, target), files.objects())
    carried = carry(_read(asked, here), here)
    brought = bring_in(carried, files, lossy=asked.lossy, write=not asked.dry_run)
    if form == "json":
        print_json(_brought_json(carried, brought))
    else:
        print_carried(carried, brought, files)
        say("written." if brought.written else "nothing was written.")
    return failed(brought.findings)


def print_carried(carried: Carried, brought: Brought, files: MappingFiles) -> None:
    """What was carried over, file by file."""
    rules = brought.rules.lines()
    click.echo(f"{safe(files.objects_shown)}: pairs: {len(carried.records)}")
    click.echo(f"{safe(files.shown)}: new rules: {len(rules)}")
    for line in rules:
        click.echo(f"+ {safe(line)}")


def _brought_json(carried: Carried, brought: Brought) -> dict[str, object]:
    pairs = [{"kind": one.kind, "name": one.name, "source": one.source, "guid": one.guid} for one in carried.records]
    findings = [finding_json(finding) for finding in brought.findings]
    return {"written": brought.written, "pairs": pairs, "rules": brought.rules.lines(), "findings": findings}


def _read(asked: _Asked, here: Here) -> Foreign:
    shown = str(asked.file)
    text = _text(asked.file)
    if asked.format == Format.CS_TOOLS.value:
        return _of_source(cs_tools.read(text, shown), asked)
    if asked.format == Format.NATIVE.value:
        return native.read(text, shown)
    if asked.format == Format.GUID_MAPPER.value:
        return guid_mapper.read(text, shown, asked.source_name, asked.target_name)
    foreign = parent_child.read(text, shown, asked.target_name)
    if asked.properties is None:
        return foreign
    more = parent_child.read_properties(_text(asked.properties), str(asked.properties))
    places = (location for document in here.documents if (location := source_location(document)))
    names = {name for place in places for name in (place.connection, place.db, place.schema, place.table)}
    dotted = parent_child.dotted_names(names, str(asked.properties))
    return replace(foreign, moves=more.moves, findings=(*foreign.findings, *more.findings, *dotted))


def _text(file: Path) -> str:
    return read_text(file, what="mapping file", shown=str(file))


def _of_source(foreign: Foreign, asked: _Asked) -> Foreign:
    """The file with a finding TD224 where it was made for another source environment, or does not say for which."""
    made_for, wanted = foreign.source, asked.source_name
    if made_for.casefold() == wanted.casefold():
        return foreign
    if made_for:
        message = f"the file was made for source {made_for}, but {asked.environment} gets its objects from {wanted}"
        severity = Severity.ERROR
    else:
        message, severity = (
            f"the file does not say which environment it comes from; taken for {wanted}",
            Severity.WARNING,
        )
    hint = f"if that is another name for it:  --source-name {made_for}" if made_for else ""
    finding = Finding("TD224", message, Location(str(asked.file)), hint=hint, severity=severity)
    return replace(foreign, findings=(*foreign.findings, finding))


@click.command("export")
@click.argument("format", type=click.Choice(_FORMATS), metavar="FORMAT")
@click.argument("environment")
@click.argument("file", type=_NEW)
@click.option("--properties", type=_NEW, help="parent-child: where to write the TOML file of table properties.")
@click.option("--source-name", default="", help="What to call the source environment in the file.")
@click.option("--target-name", default="", help="What to call this environment in the file.")
@click.option("--lossy", is_flag=True, help="Leave out what the format cannot hold.")
@click.option("--dry-run", is_flag=True, help="Write the file to standard output instead.")
@click.pass_context
def export_command(ctx: click.Context, /, **options: Any) -> int:
    """Write an environment's pairs and rules as another tool's mapping file.

    \b
    tsdeploy map export cs_tools prod .mappings/prod-guid-mappings.json
    tsdeploy map export native prod 5a1b.mapping/org-0.json --dry-run
    tsdeploy map export guid-mapper prod mapper.json
    tsdeploy map export parent-child prod guids.json --properties prod_config.toml

    A file that is there is brought up to date: its history, counters and other environments stay.
    """
    asked = _Asked(**options)
    project = project_of(ctx)
    target = project.environment(asked.environment)
    files = files_of(project, target)
    rules = load_mapping(target.mapping_path, files.shown)
    foreign = outgoing(documents_of(project), rules, files.rules_file(), files.objects())
    foreign = replace(foreign, source=asked.source_name or target.source)
    texts, findings = _written(foreign, replace(asked, target_name=asked.target_name or asked.environment))
    findings = softened([*foreign.findings, *findings], lossy=asked.lossy)
    if not any(finding.severity is Severity.ERROR for finding in findings):
        for path, text in texts.items():
            if asked.dry_run:
                click.echo(text, nl=False)
            elif write_atomically(path, text.encode("utf-8")):
                say(f"wrote {path}")
    return failed(findings)


def _written(foreign: Foreign, asked: _Asked) -> tuple[dict[Path, str], list[Finding]]:
    """The text of each file, and findings for what the format cannot hold."""
    before = _text(asked.file) if asked.file.exists() else ""
    shown, target = str(asked.file), asked.target_name
    # Only cs_tools has variables of the shell; for the others their values are written.
    foreign = foreign if asked.format == Format.CS_TOOLS.value else expanded(foreign)
    if asked.format == Format.CS_TOOLS.value:
        text, findings = cs_tools.write(foreign, before, shown)
    elif asked.format == Format.NATIVE.value:
        text, findings = native.write(foreign, before, shown)
    elif asked.format == Format.GUID_MAPPER.value:
        text, findings = guid_mapper.write(foreign, before, shown, target)
    else:
        text, findings = parent_child.write(foreign, before, shown, target)
    texts = {asked.file: text}
    if asked.properties is not None:
        if asked.format != Format.PARENT_CHILD.value:
            finding = Finding("TD319", f"{asked.format} has no file of table properties", at="--properties")
            raise UsageError(finding)
        texts[asked.properties], more = parent_child.write_properties(foreign, target)
        findings += more
    return texts, findings


COMMANDS = (import_command, export_command)
