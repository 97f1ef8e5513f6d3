"""The embedded database of one cluster: one connection, one lock, real transactions."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tsdeploy.errors import Finding, UsageError

_PAGE = 500
"""Bound variables in one statement; SQLite allows at least 999."""


class Database:
    """One SQLite database, shared by all threads of a server.

    Requests take turns: a transaction holds the lock until it is committed or rolled back, so what a request
    reads is what it judges and what it writes.
    """

    def __init__(self, path: Path | None, schema: str) -> None:
        """Open the file, or a database in memory for None, and make what the schema names if it is new.

        Without a schema it is opened as it is. Raises UsageError TD818 for a file that another schema made.
        """
        self._lock = threading.RLock()
        self._revision = 0
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", isolation_level=None, check_same_thread=False, timeout=30
        )
        self._connection.row_factory = sqlite3.Row
        if schema:
            self._found(schema, path)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def _found(self, schema: str, path: Path | None) -> None:
        """Make the tables of a new database, and stamp it with what made it; refuse one with another stamp."""
        stamp = zlib.crc32(schema.encode()) & 0x7FFFFFFF  # a positive number of 32 bits, as SQLite keeps it
        if not self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            self._connection.executescript(f"{schema}; PRAGMA user_version = {stamp}")
        elif _stamp(self._connection) != stamp:
            self._connection.close()
            raise _of_another_version(f"the data of the sandbox in {path}")

    @property
    def revision(self) -> int:
        """Another number after every write, and after every write that was taken back."""
        return self._revision

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: committed at the end of the block, rolled back when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                self._revision += 1
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that is taken back when the block raises."""
        with self._lock:
            self._connection.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK TO part")
                self._revision += 1
                self._connection.execute("RELEASE part")
                raise
            self._connection.execute("RELEASE part")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def rows_among(self, sql: str, values: Iterable[str]) -> list[sqlite3.Row]:
        """The rows of a query whose ``{marks}`` stands for a list of any length."""
        wanted = list(dict.fromkeys(values))
        found: list[sqlite3.Row] = []
        for start in range(0, len(wanted), _PAGE):
            page = wanted[start : start + _PAGE]
            found += self.rows(sql.format(marks=", ".join("?" * len(page))), *page)
        return found

    def execute(self, sql: str, *values: Any) -> None:
        """Run one statement."""
        with self._lock:
            self._revision += 1
            self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each row of values."""
        with self._lock:
            self._revision += 1
            self._connection.executemany(sql, rows)

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Make another database what this one is."""
        with self._lock:
            self._connection.backup(target)

    def become(self, source: sqlite3.Connection) -> None:
        """Make this database what another one is. Not to be called inside a transaction.

        Raises UsageError TD818 for one that another schema made.
        """
        with self._lock:
            if _stamp(source) != _stamp(self._connection):
                raise _of_another_version("the snapshot")
            self._revision += 1
            source.backup(self._connection)
            self._connection.execute("PRAGMA journal_mode = WAL")  # the copied header may say something else

    def become_copy_of(self, other: Database) -> None:
        """Make this database what another one is, which may be in use."""
        with other._lock:
            self.become(other._connection)

    def dump(self) -> str:
        """The whole content as SQL, to compare two states."""
        with self._lock:
            return "\n".join(self._connection.iterdump())

    def close(self) -> None:
        """Close the connection; the database cannot be used afterwards."""
        with self._lock:
            self._connection.close()


def _stamp(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _of_another_version(what: str) -> UsageError:
    hint = "start a sandbox under another name, or delete the folder of this one and load its TML again"
    return UsageError(Finding("TD818", f"{what} was written by another version of tsdeploy", hint=hint))
