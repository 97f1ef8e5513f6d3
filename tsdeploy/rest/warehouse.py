"""What a connection's warehouse has: asked of the warehouse itself, through the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, items, listed, text
from tsdeploy.rest.transport import Call


@dataclass(frozen=True, slots=True)
class WarehouseTable:
    """A table of a warehouse. ``columns`` are names and ThoughtSpot's data types, "" where none is given."""

    db: str
    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]


def search_warehouse(session: Session, connection: str, tables: Sequence[tuple[str, str, str]]) -> list[WarehouseTable]:
    """Those of the tables (database, schema, name) that the warehouse of a connection has, with their columns.

    A warehouse that sleeps can take minutes. Connections that sign in as the user (OAuth) show nothing (facts §12).
    Raises ApiError when the warehouse does not answer.
    """
    wanted = [{"database": db, "schema": schema, "table": name} for db, schema, name in tables]
    body: dict[str, object] = {
        "connections": [{"identifier": connection, "data_warehouse_objects": wanted}],
        "data_warehouse_object_type": "COLUMN",
        "include_details": True,
        "record_offset": 0,
        "record_size": -1,
    }
    call = Call("POST", "connection/search", body)
    return [
        table for found in items(call, session.ask(call)) for table in _tables(inner(found, "data_warehouse_objects"))
    ]


def _tables(hierarchy: Item) -> Iterator[WarehouseTable]:
    for database in listed(hierarchy, "databases"):
        for schema in listed(database, "schemas"):
            for table in listed(schema, "tables"):
                # The key of a column's type differs between releases (facts §12).
                columns = (
                    (text(column, "name"), text(column, "data_type", "type", "dataType"))
                    for column in listed(table, "columns")
                )
                yield WarehouseTable(text(database, "name"), text(schema, "name"), text(table, "name"), tuple(columns))
