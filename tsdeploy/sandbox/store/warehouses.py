"""What the warehouse behind a connection has, where somebody declared it: databases, schemas, tables and columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS warehouses (connection TEXT PRIMARY KEY, reachable INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS warehouse_columns (
  connection TEXT NOT NULL REFERENCES warehouses ON DELETE CASCADE, db TEXT NOT NULL, schema TEXT NOT NULL,
  table_name TEXT NOT NULL, table_type TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
  data_type TEXT NOT NULL, PRIMARY KEY (connection, db, schema, table_name, name)) WITHOUT ROWID;
"""

_COLUMNS = "db, schema, table_name, table_type, position, name, data_type"


@dataclass(frozen=True, slots=True)
class WarehouseColumn:
    """One column of a warehouse. ``position`` counts from 0; ``data_type`` is TML's, "" where any will do.

    A table without columns is one with the name "".
    """

    db: str
    schema: str
    table_name: str
    table_type: str
    position: int
    name: str
    data_type: str


class Warehouses:
    """The warehouses that were declared, by the name or GUID of their connection."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def declare(self, connection: str, columns: Iterable[WarehouseColumn], *, reachable: bool = True) -> None:
        """Say all that a warehouse has, instead of what was said before."""
        self._database.execute("DELETE FROM warehouses WHERE connection = ?", connection)
        self._database.execute(
            "INSERT INTO warehouses (connection, reachable) VALUES (?, ?)", connection, int(reachable)
        )
        self._database.execute_many(
            f"INSERT OR REPLACE INTO warehouse_columns (connection, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(connection, *astuple(column)) for column in columns],
        )

    def forget(self, connection: str) -> None:
        """Believe whatever TML says of a connection again."""
        self._database.execute("DELETE FROM warehouses WHERE connection = ?", connection)

    def declared(self, *connections: str) -> str:
        """The first of the names under which a warehouse is declared, or ""."""
        rows = self._database.rows_among(
            "SELECT connection FROM warehouses WHERE connection IN ({marks})", (name for name in connections if name)
        )
        known = {row["connection"] for row in rows}
        return next((name for name in connections if name in known), "")

    def is_reachable(self, connection: str) -> bool:
        """Whether the warehouse answers; one that nobody declared does."""
        row = self._database.row("SELECT reachable FROM warehouses WHERE connection = ?", connection)
        return row is None or bool(row["reachable"])

    def columns(self, connection: str) -> list[WarehouseColumn]:
        """Everything that a declared warehouse has, in order."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM warehouse_columns WHERE connection = ? ORDER BY db, schema, table_name, position",
            connection,
        )
        return [WarehouseColumn(**row) for row in rows]

    def columns_of(self, connection: str, db: str, schema: str, table_name: str) -> list[WarehouseColumn]:
        """The columns of one table of a declared warehouse; none where there is no such table."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM warehouse_columns"
            " WHERE connection = ? AND db = ? AND schema = ? AND table_name = ? ORDER BY position",
            *(connection, db, schema, table_name),
        )
        return [WarehouseColumn(**row) for row in rows]

    def has_database(self, connection: str, db: str) -> bool:
        """Whether a declared warehouse has a database."""
        found = self._database.row(
            "SELECT 1 FROM warehouse_columns WHERE connection = ? AND db = ? LIMIT 1", connection, db
        )
        return found is not None
