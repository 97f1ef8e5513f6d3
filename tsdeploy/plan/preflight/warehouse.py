"""Whether the tables and columns that a release names are in the target's warehouse, with the right types."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.plan.change import Change
from tsdeploy.plan.preflight.situation import Situation
from tsdeploy.rest import ApiError, WarehouseTable, search_warehouse
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Scalar, Sequence
from tsdeploy.transform.warehouse import source_location

_ALIKE = ({"INT32", "INT64"}, {"FLOAT", "DOUBLE"}, {"DATE_TIME", "TIMESTAMP"}, {"VARCHAR", "CHAR"})
"""Types that ThoughtSpot takes for one another."""


def check_warehouse(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD514 no such table, TD515 no such column or another type; TD521 when the warehouse says nothing."""
    by_connection: dict[str, list[tuple[Change, Document, TableLocation]]] = {}
    for change in situation.pending:
        document = change.rendered.document()
        location = source_location(document)
        if location is not None and location.db and "${" not in f"{location.db}{location.schema}{location.table}":
            by_connection.setdefault(location.connection, []).append((change, document, location))
    for connection, tables in by_connection.items():
        yield from _check_connection(situation, connection, tables)


def _check_connection(
    situation: Situation, connection: str, tables: list[tuple[Change, Document, TableLocation]]
) -> Iterator[tuple[str, Finding]]:
    ids = situation.inputs.known.connections.get(connection, ())
    wanted = [(location.db, location.schema, location.table) for _, _, location in tables]
    if len(ids) != 1:
        return  # an unknown or ambiguous connection is a finding of the rendering
    try:
        found = search_warehouse(situation.session, ids[0], wanted)
    except ApiError as error:
        said = error.findings[0].message
        message = f"the warehouse of {connection} could not be asked: {said}"
        yield "", Finding("TD521", message, hint="plan without --warehouse, or look at the connection")
        return
    if not found:
        message = f"the warehouse of {connection} shows nothing; connections that sign in as the user do not"
        yield "", Finding("TD521", message, severity=Severity.WARNING, hint="plan without --warehouse")
        return
    there = {(table.db, table.schema, table.name): table for table in found}
    for change, document, location in tables:
        table = there.get((location.db, location.schema, location.table))
        findings = _check_columns(document, table, location) if table else [_no_table(document, location)]
        yield from ((change.key, finding) for finding in findings)


def _no_table(document: Document, location: TableLocation) -> Finding:
    hint = "create the table, or mend its rule under tables: in the mapping"
    return Finding("TD514", f"the warehouse has no table {location}", document.at(0), at="table", hint=hint)


def _check_columns(document: Document, table: WarehouseTable, location: TableLocation) -> Iterator[Finding]:
    types = dict(table.columns)
    for name, scalar, data_type in _columns(document):
        if name not in types:
            hint = "add the column to the warehouse, or rename it under columns: in the mapping"
            yield Finding("TD515", f"{location} has no column {name}", document.at(scalar.start), hint=hint)
        elif types[name] and data_type and not _alike(types[name], data_type):
            message = f"{location}.{name} is {types[name]} in the warehouse and {data_type} here"
            yield Finding("TD515", message, document.at(scalar.start), hint="make the types the same")


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _ALIKE)


def _columns(document: Document) -> Iterator[tuple[str, Scalar, str]]:
    """The warehouse name of each column, where it stands, and its type."""
    columns = document.body.get("columns") if isinstance(document.body, Mapping) else None
    for item in columns.items if isinstance(columns, Sequence) else ():
        name = item.scalar("db_column_name") if isinstance(item, Mapping) else None
        if name is None or not isinstance(item, Mapping):
            continue
        properties = item.get("db_column_properties")
        data_type = properties.scalar("data_type") if isinstance(properties, Mapping) else None
        yield name.value, name, data_type.value if data_type else ""
