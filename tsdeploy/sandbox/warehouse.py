"""What is behind a connection: what was declared of its warehouse, else what its Tables say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.warehouses import WarehouseColumn
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread

LEVELS = ("DATABASE", "SCHEMA", "TABLE", "COLUMN")
_OAUTH = "OAUTH"
_FILTERS = ("database", "schema", "table", "column")


@dataclass(frozen=True, slots=True)
class Shown:
    """How a hierarchy is shown: down to which of LEVELS, and under which key the type of a column stands.

    ``filters`` are alternatives; each names any of ``database``, ``schema``, ``table`` and ``column``.
    """

    level: str
    type_key: str
    filters: tuple[Mapping[str, Any], ...] = ()

    def fits(self, column: WarehouseColumn) -> bool:
        """Whether a column is asked for."""
        place = (column.db, column.schema, column.table_name, column.name)
        return not self.filters or any(
            all(not one.get(key) or one[key] == name for key, name in zip(_FILTERS, place, strict=True))
            for one in self.filters
        )


def declared_name(cluster: Cluster, connection: StoredObject) -> str:
    """The name under which the warehouse of a connection was declared, or ""."""
    return cluster.warehouses.declared(connection.guid, connection.name)


def is_oauth(connection: StoredObject) -> bool:
    """Whether a connection signs in as the person who asks: then the API shows nothing of its warehouse."""
    return _OAUTH in value(reread(connection.text).body, "authentication_type").upper()


def warehouse_columns(cluster: Cluster, connection: StoredObject) -> list[WarehouseColumn]:
    """All columns behind a connection, in order of their tables."""
    declared = declared_name(cluster, connection)
    if declared:
        return cluster.warehouses.columns(declared)
    return sorted(linked_columns(cluster, connection), key=_place)


def linked_columns(cluster: Cluster, connection: StoredObject) -> Iterator[WarehouseColumn]:
    """The columns that the Tables of a connection have."""
    for guid in cluster.objects.dependents_of_kind(connection.guid, "table"):
        table = cluster.objects.get(guid)
        if table is not None:
            yield from _columns_of(table)


def _columns_of(table: StoredObject) -> Iterator[WarehouseColumn]:
    body = reread(table.text).body
    names = (value(body, "db"), value(body, "schema"), value(body, "db_table"))
    for position, column in enumerate(mappings(body, "columns")):
        name = value(column, "db_column_name") or value(column, "name")
        data_type = value(column, "db_column_properties", "data_type")
        yield WarehouseColumn(*names, "TABLE", position, name, data_type)


def _place(column: WarehouseColumn) -> tuple[str, str, str, int]:
    return column.db, column.schema, column.table_name, column.position


def hierarchy(columns: Iterable[WarehouseColumn], linked: Iterable[WarehouseColumn], shown: Shown) -> dict[str, Any]:
    """``data_warehouse_objects``: databases, and below them as much as is asked for."""
    known = {(column.db, column.schema, column.table_name): set[str]() for column in linked}
    for column in linked:
        known[column.db, column.schema, column.table_name].add(column.name)
    databases: dict[str, dict[str, dict[str, list[WarehouseColumn]]]] = {}
    for column in columns:
        if shown.fits(column):
            tables = databases.setdefault(column.db, {}).setdefault(column.schema, {})
            tables.setdefault(column.table_name, []).append(column)
    return {"databases": [_database(name, schemas, known, shown) for name, schemas in databases.items()]}


_Known = Mapping[tuple[str, str, str], set[str]]


def _database(
    name: str, schemas: Mapping[str, Mapping[str, list[WarehouseColumn]]], known: _Known, shown: Shown
) -> dict[str, Any]:
    below = [
        {
            "name": schema,
            "tables": [_table(columns, known, shown) for columns in tables.values()]
            if LEVELS.index(shown.level) >= LEVELS.index("TABLE")
            else [],
        }
        for schema, tables in schemas.items()
    ]
    return {"name": name, "auto_created": False, "schemas": below if shown.level != "DATABASE" else []}


def _table(columns: list[WarehouseColumn], known: _Known, shown: Shown) -> dict[str, Any]:
    first = columns[0]
    linked = known.get((first.db, first.schema, first.table_name))
    return {
        "name": first.table_name,
        "type": first.table_type,
        "description": "",
        "selected": linked is not None,
        "linked": linked is not None,
        "relationships": [],
        "columns": [
            {
                "name": column.name,
                shown.type_key: column.data_type,
                "is_aggregate": "false",
                "can_import": True,
                "selected": linked is not None and column.name in linked,
                "is_linked_active": linked is not None and column.name in linked,
            }
            for column in columns
            if shown.level == "COLUMN" and column.name
        ],
    }
