"""Literal databases and schemas of the mapping turned into ThoughtSpot's ``${variables}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.config.secrets import expand_variables
from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import Finding, Location
from tsdeploy.mapping.edit import with_values
from tsdeploy.mapping.locations import location_parts
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.pairing.files import documents_of, files_of
from tsdeploy.rest import Session
from tsdeploy.rest.variables import (
    TABLE_MAPPING,
    create_variable,
    parameterize_table,
    search_values,
    search_variables,
    set_variable,
)
from tsdeploy.tml.document import Document
from tsdeploy.transform.warehouse import source_location

FIELDS = {"db": "databaseName", "schema": "schemaName"}
"""The parts of a table's location that are parameterized, and the server's names for them."""

_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_VARIABLE = re.compile(r"\$\{(?!env:)[^{}]+\}")


@dataclass(frozen=True, slots=True)
class VariableValue:
    """A variable for a part of locations, and its value in the environment's Org."""

    name: str
    part: str
    value: str

    @property
    def reference(self) -> str:
        """How TML refers to it."""
        return f"${{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Parameterization:
    """The variables, the values of ``mapping.yaml`` that they replace, by path, and who uses which.

    ``names`` has the place of each rule, and for each part that it moves the variable's name.
    """

    variables: tuple[VariableValue, ...]
    edits: tuple[tuple[tuple[str | int, ...], str], ...]
    names: Mapping[Location, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table of the target, by GUID, and the variable for each part of its location that has one."""

    guid: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parameterized:
    """The variables that were made, or would be, how many live tables use them, and what stands against them."""

    variables: tuple[VariableValue, ...]
    tables: int
    findings: tuple[Finding, ...] = ()


def parameterize_mapping(
    project: Project, environment: Environment, session: Session, *, write: bool = False
) -> Parameterized:
    """Turn literal databases and schemas of an environment's mapping into ThoughtSpot's variables.

    With ``write`` they are made on the server, put into the live tables and then into ``mapping.yaml``. Raises
    ConfigError, and RestError where the user may not manage variables.
    """
    files = files_of(project, environment)
    wanted = parameterization(files.rules_file())
    rules = load_mapping(environment.mapping_path, files.shown)
    tables = live_tables(documents_of(project), rules, project.objects(environment), wanted)
    findings: list[Finding] = []
    if write:
        findings = create(session, wanted, tables, session.user.org_name or str(session.user.org_id or ""))
        if not findings:
            files.write_text(with_values(files.text(), wanted.edits, files.shown))
    return Parameterized(wanted.variables, len(tables), tuple(findings))


def parameterization(file: ConfigFile | None) -> Parameterization:
    """A variable for each literal database and schema that rules for tables move to.

    It is called after what the rule is for (``sales_db`` for ``from: {db: SALES}``), so that every environment of a
    source finds the same name; where one name would have two values, it is numbered.
    """
    made: dict[str, VariableValue] = {}
    edits: list[tuple[tuple[str | int, ...], str]] = []
    names: dict[Location, dict[str, str]] = {}
    for number, rule in enumerate(file.value.get("tables", ()) if file else ()):
        assert file is not None
        target = location_parts(rule["to"])
        chosen = {
            part: _variable(part, rule, made, file.at("tables", number))
            for part in FIELDS
            if part in target and not _VARIABLE.search(target[part])
        }
        names[file.at("tables", number)] = {part: variable.name for part, variable in chosen.items()}
        if isinstance(rule["to"], str) and chosen:
            texts = [chosen[part].reference if part in chosen else text for part, text in target.items()]
            edits.append((("tables", number, "to"), ".".join(texts)))
        else:
            edits += [(("tables", number, "to", part), variable.reference) for part, variable in chosen.items()]
    return Parameterization(tuple(made.values()), tuple(edits), names)


def live_tables(
    documents: Iterable[Document], rules: Rules, objects: ObjectMap, wanted: Parameterization
) -> list[LiveTable]:
    """The tables that were deployed, with the variables that stand for their locations."""
    recorded = objects.by_source()
    found = []
    for document in documents:
        location = source_location(document)
        record = recorded.get(document.key)
        if location is None or record is None or not record.guid:
            continue
        _, why = rules.move(location)
        uses = {part: wanted.names.get(rule.location, {}).get(part, "") for part, rule in why.items()}
        if any(uses.values()):
            found.append(LiveTable(record.guid, {part: name for part, name in uses.items() if name}))
    return found


def create(session: Session, wanted: Parameterization, tables: Iterable[LiveTable], org: str) -> list[Finding]:
    """Make the variables, set their values for the Org, and put them into live tables.

    A variable that is there is used; one of another type, or with another value in the Org, is a finding TD327, and
    then nothing is written. Doing it again changes nothing.
    """
    there = {variable.name: variable.type for variable in search_variables(session)}
    findings = [
        _other_type(one, there[one.name])
        for one in wanted.variables
        if there.get(one.name, TABLE_MAPPING) != TABLE_MAPPING
    ]
    values = _values_in(session, org) if there.keys() & {one.name for one in wanted.variables} else {}
    findings += [
        _other_value(one, values[one.name]) for one in wanted.variables if values.get(one.name, one.value) != one.value
    ]
    if findings:
        return findings
    for one in wanted.variables:
        if one.name not in there:
            create_variable(session, one.name)
        set_variable(session, one.name, one.value, org)
    for table in tables:
        for part, name in table.variables.items():
            parameterize_table(session, table.guid, [FIELDS[part]], name)
    return []


def _variable(part: str, rule: Mapping[str, Any], made: dict[str, VariableValue], where: Location) -> VariableValue:
    value = expand_variables(location_parts(rule["to"])[part], where)
    source = location_parts(rule["from"]).get(part, "") or value
    stem = _NOT_IN_NAME.sub("_", f"{source}_{part}".lower()).strip("_")
    name, number = stem, 1
    while name in made and made[name] != VariableValue(name, part, value):
        number += 1
        name = f"{stem}_{number}"
    return made.setdefault(name, VariableValue(name, part, value))


def _values_in(session: Session, org: str) -> dict[str, str]:
    """The value that each variable for tables has in an Org, of those that have one there."""
    found = {}
    for variable in search_values(session):
        values = variable.get("values")
        for one in values if variable["type"] == TABLE_MAPPING and isinstance(values, list) else ():
            if org in ("", one.get("org_identifier")):
                found[str(variable["name"])] = str(one.get("value") or "".join(one.get("value_list") or ()))
    return found


def _other_value(one: VariableValue, value: str) -> Finding:
    message = f"variable {one.name} is there already, and has the value {value} instead of {one.value}"
    hint = "other tables may go by it: change its value in ThoughtSpot if it is meant, or rename it"
    return Finding("TD327", message, hint=hint)


def _other_type(one: VariableValue, type_: str) -> Finding:
    message = f"variable {one.name} is there already, as {type_ or 'another type'}"
    return Finding("TD327", message, hint="rename that variable, and run the command again")
