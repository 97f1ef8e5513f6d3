"""Where tables live in the warehouse: connection, database, schema and table, by the rules of the mapping."""

from __future__ import annotations

import re

from tsdeploy.errors import Finding
from tsdeploy.mapping.rules import Mapping, TableLocation
from tsdeploy.tml import syntax
from tsdeploy.tml.document import Document
from tsdeploy.transform.rewriting import Rewriting

_FIELDS = {"db": "db", "schema": "schema", "db_table": "table"}
_VARIABLE = re.compile(r"\$\{[^{}]+\}")


def source_location(document: Document) -> TableLocation | None:
    """Where a table says it lives; None for what is no table, or lives in memory."""
    body = document.body
    if document.kind.name != "table" or not isinstance(body, syntax.Mapping):
        return None
    parts = {part: scalar.value for key, part in _FIELDS.items() if (scalar := body.scalar(key))}
    connection = _connection_name(body)
    return TableLocation(connection, **parts) if parts else None


def target_location(document: Document, mapping: Mapping) -> TableLocation | None:
    """Where a table will live in the target, as far as rules say so; its connection by the target's name."""
    location = source_location(document)
    if location is None:
        return None
    moved, _ = mapping.move(location)
    connection = mapping.connections.get(location.connection)
    name = connection.target if connection else location.connection
    return TableLocation(name, moved.db, moved.schema, moved.table)


def rewrite_location(rewriting: Rewriting, mapping: Mapping) -> list[Finding]:
    """Rewrite ``db``, ``schema`` and ``db_table``; a finding where no rule covers them. ``${variables}`` stay."""
    document = rewriting.document
    location = source_location(document)
    if location is None or not isinstance(document.body, syntax.Mapping):
        return []
    if not mapping.table_rules(location):
        return [] if _is_variable(location) else [_no_rule(document, mapping, location)]
    moved, why = mapping.move(location)
    for key, part in _FIELDS.items():
        scalar = document.body.scalar(key)
        if scalar is not None and part in why and not _VARIABLE.search(scalar.value):
            where = why[part].location
            rewriting.set(scalar, getattr(moved, part), at=f"table.{key}", why=f"tables rule, {where}")
    return []


def _is_variable(location: TableLocation) -> bool:
    """Whether ThoughtSpot's own variables say which database and schema it is."""
    given = [text for text in (location.db, location.schema) if text]
    return bool(given) and all(_VARIABLE.search(text) for text in given)


def _no_rule(document: Document, mapping: Mapping, location: TableLocation) -> Finding:
    assert isinstance(document.body, syntax.Mapping)
    scalar = document.body.scalar("db") or document.body.scalar("schema") or document.body.scalar("db_table")
    wanted = ", ".join(f"{part}: {getattr(location, part)}" for part in ("db", "schema") if getattr(location, part))
    return Finding(
        "TD205",
        f"no rule says where {location.db}.{location.schema}.{location.table} is in the target",
        document.at(scalar.start if scalar else 0),
        at="table.db",
        hint=f"add to tables: in {mapping.file}:  - {{from: {{{wanted}}}, to: {{{wanted}}}}}  with the target's names",
    )


def _connection_name(body: syntax.Mapping) -> str:
    connection = body.get("connection")
    scalar = connection.scalar("name") if isinstance(connection, syntax.Mapping) else None
    return scalar.value if scalar else ""
