"""Mapping files of other tools, brought into an environment's own files and written from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import read_text
from tsdeploy.errors import Finding, Location, Severity, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.mapping.foreign import cs_tools, guid_mapper, native, parent_child
from tsdeploy.mapping.foreign.model import Foreign, ForeignFormat
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.pairing.carry import Brought, Carried, Here, bring_in, carry, softened
from tsdeploy.pairing.files import MappingFiles, documents_of, files_of, source_objects
from tsdeploy.pairing.outgoing import expanded, outgoing
from tsdeploy.transform.warehouse import source_location


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A mapping file of another tool: its format, and where it is.

    ``properties`` is the TOML file of table properties that parent-child has beside it; ``source_name`` and
    ``target_name`` are what the file calls the environments, their own names where left out. ``lossy`` leaves out what
    cannot be carried over.
    """

    format: ForeignFormat
    path: Path
    properties: Path | None = None
    source_name: str = ""
    target_name: str = ""
    lossy: bool = False

    @property
    def shown(self) -> str:
        """The path for messages."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file says in this project's terms, what became of it, and the files that it went to."""

    carried: Carried
    brought: Brought
    files: MappingFiles


@dataclass(frozen=True, slots=True)
class Exported:
    """The text of each file, and what cannot be written in the format; an error keeps all of it from being written."""

    texts: Mapping[Path, str]
    findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing is, or was, written."""
        return any(finding.is_error for finding in self.findings)

    def write(self) -> tuple[Path, ...]:
        """Write the files, unless that failed; those whose content is new. Raises TsdeployError TD001."""
        texts = {} if self.failed else self.texts
        return tuple(path for path, text in texts.items() if write_atomically(path, text.encode("utf-8")))


def import_mapping(project: Project, environment: Environment, file: ForeignFile, *, write: bool = True) -> Imported:
    """Bring a mapping file into ``mapping.yaml`` and ``objects.json``, unless an error stands against it.

    What contradicts what is there, poisons it, or cannot be carried over is a finding of the result. Raises ConfigError
    for a file that cannot be read.
    """
    wanted = _named(file, environment)
    files = files_of(project, environment)
    here = Here(documents_of(project), source_objects(project, environment), files.objects())
    carried = carry(_read(wanted, here, environment), here)
    return Imported(carried, bring_in(carried, files, lossy=file.lossy, write=write), files)


def export_mapping(project: Project, environment: Environment, file: ForeignFile) -> Exported:
    """An environment's pairs and rules as another tool's file; one that is there keeps its history and counters.

    Nothing is written yet. Raises UsageError TD319 where the format has no file of properties, and ConfigError.
    """
    wanted = _named(file, environment)
    files = files_of(project, environment)
    rules = load_mapping(environment.mapping_path, files.shown)
    foreign = outgoing(documents_of(project), rules, files.rules_file(), files.objects())
    texts, findings = _written(replace(foreign, source=wanted.source_name), wanted)
    return Exported(texts, tuple(softened([*foreign.findings, *findings], lossy=file.lossy)))


def _named(file: ForeignFile, environment: Environment) -> ForeignFile:
    """The file, with names for both environments."""
    source, target = file.source_name or environment.source, file.target_name or environment.name
    return replace(file, source_name=source, target_name=target)


def _read(file: ForeignFile, here: Here, environment: Environment) -> Foreign:
    text = _text(file.path)
    if file.format is ForeignFormat.CS_TOOLS:
        return _of_source(cs_tools.read(text, file.shown), file, environment)
    if file.format is ForeignFormat.NATIVE:
        return native.read(text, file.shown)
    if file.format is ForeignFormat.GUID_MAPPER:
        return guid_mapper.read(text, file.shown, file.source_name, file.target_name)
    foreign = parent_child.read(text, file.shown, file.target_name)
    if file.properties is None:
        return foreign
    more = parent_child.read_properties(_text(file.properties), str(file.properties))
    places = (location for document in here.documents if (location := source_location(document)))
    names = {name for place in places for name in (place.connection, place.db, place.schema, place.table)}
    dotted = parent_child.dotted_names(names, str(file.properties))
    return replace(foreign, moves=more.moves, findings=(*foreign.findings, *more.findings, *dotted))


def _text(file: Path) -> str:
    return read_text(file, what="mapping file", shown=str(file))


def _of_source(foreign: Foreign, file: ForeignFile, environment: Environment) -> Foreign:
    """The file with a finding TD224 where it was made for another source environment, or does not say for which."""
    made_for, wanted = foreign.source, file.source_name
    if made_for.casefold() == wanted.casefold():
        return foreign
    if made_for:
        message = f"the file was made for source {made_for}, but {environment.name} gets its objects from {wanted}"
        severity = Severity.ERROR
    else:
        message = f"the file does not say which environment it comes from; taken for {wanted}"
        severity = Severity.WARNING
    hint = f"if that is another name for it:  --source-name {made_for}" if made_for else ""
    finding = Finding("TD224", message, Location(file.shown), hint=hint, severity=severity)
    return replace(foreign, findings=(*foreign.findings, finding))


def _written(foreign: Foreign, file: ForeignFile) -> tuple[dict[Path, str], list[Finding]]:
    """The text of each file, and findings for what the format cannot hold."""
    before = _text(file.path) if file.path.exists() else ""
    # Only cs_tools has variables of the shell; for the others their values are written.
    foreign = foreign if file.format is ForeignFormat.CS_TOOLS else expanded(foreign)
    if file.format is ForeignFormat.CS_TOOLS:
        text, findings = cs_tools.write(foreign, before, file.shown)
    elif file.format is ForeignFormat.NATIVE:
        text, findings = native.write(foreign, before, file.shown)
    elif file.format is ForeignFormat.GUID_MAPPER:
        text, findings = guid_mapper.write(foreign, before, file.shown, file.target_name)
    else:
        text, findings = parent_child.write(foreign, before, file.shown, file.target_name)
    texts = {file.path: text}
    if file.properties is not None:
        if file.format is not ForeignFormat.PARENT_CHILD:
            message = f"{file.format.value} has no file of table properties"
            raise UsageError(Finding("TD319", message, at="--properties"))
        texts[file.properties], more = parent_child.write_properties(foreign, file.target_name)
        findings += more
    return texts, findings
