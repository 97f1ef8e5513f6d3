"""Where tables live in the warehouse: connection, database, schema, table and columns, by the rules of the mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.errors import Finding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import ColumnRule, Mapping, TableRule
from tsdeploy.tml import syntax
from tsdeploy.tml.document import Document
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.ledger import Category, Outcome
from tsdeploy.transform.rewriting import Rewriting, because
from tsdeploy.transform.scopes import Scopes

FIELDS = {"db": "db", "schema": "schema", "db_table": "table"}
"""Key of a table → part of its location."""
_VARIABLE = re.compile(r"\$\{[^{}]+\}")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a table is, where it will be, and the rule for each part that a rule gives."""

    source: TableLocation
    target: TableLocation
    why: dict[str, TableRule]


def source_location(document: Document) -> TableLocation | None:
    """Where a table says it lives; None for what is no table, or lives in memory."""
    body = document.body
    if document.kind.name != "table" or not isinstance(body, syntax.Mapping):
        return None
    parts = {part: scalar.value for key, part in FIELDS.items() if (scalar := body.scalar(key))}
    return TableLocation(_connection_name(body), **parts) if parts else None


def target_location(document: Document, mapping: Mapping) -> TableLocation | None:
    """Where a table will live in the target, as far as rules say so; its connection by the target's name.

    Of a rule's scope, what follows dependencies (``+``) is not seen here.
    """
    location = source_location(document)
    if location is None:
        return None
    scopes = Scopes([document])
    return arrival(Move(location, *mapping.move(location, lambda scope: scopes.covers(scope, document.key))), mapping)


def arrival(move: Move, mapping: Mapping) -> TableLocation:
    """Where a table arrives, its connection by the target's name, scopes of rules for connections aside."""
    moved = move.target
    rules = mapping.connections.covering(moved.connection)
    if "connection" in move.why or not rules:
        return moved
    return TableLocation(rules[0].apply(moved.connection) or "", moved.db, moved.schema, moved.table)


def rewrite_location(rewriting: Rewriting, rules: DocumentRules, move: Move) -> Iterator[Finding]:
    """Rewrite ``db``, ``schema`` and ``db_table``; a finding where no rule covers them. ``${variables}`` stay."""
    document, table = rewriting.document, str(move.source)
    assert isinstance(document.body, syntax.Mapping)
    rules.ledger.enter(Category.TABLES, table, Outcome.KEPT)
    for key, part in FIELDS.items():
        scalar = document.body.scalar(key)
        if scalar is None or not scalar.value:
            continue
        if _VARIABLE.search(scalar.value):
            rules.ledger.enter(Category.TABLES, table, Outcome.VARIABLE)
        elif part in move.why:
            rules.ledger.enter(Category.TABLES, table, Outcome.MAPPED)
            value = getattr(move.target, part)
            rewriting.set(scalar, value, at=f"table.{key}", why=because(move.why[part]))
        elif not rules.covers(move.source, part) and not (part == "table" and is_variable(move.source)):
            rules.ledger.enter(Category.TABLES, table, Outcome.UNMAPPED)
            yield _no_rule(document, rules, move.source, (key, scalar))
            return


def rewrite_columns(rewriting: Rewriting, rules: DocumentRules, move: Move) -> None:
    """Rewrite ``db_column_name`` where the warehouse of the target calls the column differently."""
    if not rules.mapping.columns:
        return
    body = rewriting.document.body
    assert isinstance(body, syntax.Mapping)
    columns = body.get("columns")
    for number, column in enumerate(columns.items if isinstance(columns, syntax.Sequence) else ()):
        scalar = column.scalar("db_column_name") if isinstance(column, syntax.Mapping) else None
        rule = column_rule(rules, move.source, scalar.value) if scalar is not None else None
        if scalar is not None and rule is not None:
            rules.ledger.enter(Category.COLUMNS, f"{move.source}.{scalar.value}", Outcome.MAPPED)
            at = f"{rewriting.document.kind.root}.columns[{number}].db_column_name"
            rewriting.set(scalar, rule.target, at=at, why=because(rule))


def column_rule(rules: DocumentRules, table: TableLocation, column: str) -> ColumnRule | None:
    """The most specific rule for a column of the warehouse; noted as used."""
    covering = [
        rule
        for rule in rules.mapping.columns
        if rule.column == column and rule.table.covers(table) and rules.applies(rule.scope)
    ]
    covering.sort(key=lambda rule: (rule.table.specificity, bool(rule.scope)), reverse=True)
    if not covering:
        return None
    rules.ledger.use(covering[0])
    rules.ledger.match(covering[1:])
    return covering[0]


def is_variable(location: TableLocation) -> bool:
    """Whether ThoughtSpot's own variables say which database and schema it is."""
    given = [text for text in (location.db, location.schema) if text]
    return bool(given) and all(_VARIABLE.search(text) for text in given)


def _no_rule(
    document: Document, rules: DocumentRules, location: TableLocation, found: tuple[str, syntax.Scalar]
) -> Finding:
    key, scalar = found
    wanted = ", ".join(f"{part}: {getattr(location, part)}" for part in ("db", "schema") if getattr(location, part))
    where = f"{location.db}.{location.schema}.{location.table}"
    line = f"{{from: {{{wanted}}}, to: {{{wanted}}}}}"
    return Finding(
        "TD205",
        f"no rule says where {where} is in {rules.environment}",
        document.at(scalar.start),
        at=f"table.{key}",
        hint=f"add to tables: in {rules.mapping.file}:  - {line}  with the names of {rules.environment}",
    )


def _connection_name(body: syntax.Mapping) -> str:
    connection = body.get("connection")
    scalar = connection.scalar("name") if isinstance(connection, syntax.Mapping) else None
    return scalar.value if scalar else ""
