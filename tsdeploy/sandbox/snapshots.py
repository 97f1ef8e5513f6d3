"""Snapshots: everything a cluster remembers at one time, under a name.

Those of a cluster in a file are files beside it and outlive the process; those of a cluster in memory do not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, UsageError
from tsdeploy.sandbox.names import checked_name, is_name
from tsdeploy.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot and its size in bytes."""

    name: str
    size: int


class Snapshots:
    """The snapshots of one database. ``folder`` is where their files are, None keeps them in memory."""

    def __init__(self, database: Database, folder: Path | None) -> None:
        self._database = database
        self._folder = folder
        self._in_memory: dict[str, sqlite3.Connection] = {}

    def save(self, name: str) -> Snapshot:
        """Take a snapshot, instead of an older one of that name. Raises UsageError TD807 for what is no name."""
        checked_name(name, "snapshot")
        if self._folder is None:
            self._forget(name)
            self._in_memory[name] = sqlite3.connect(":memory:", check_same_thread=False)
            self._database.copy_to(self._in_memory[name])
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_copy(self._database, self._file(name))
        return next(found for found in self.all() if found.name == name)

    def restore(self, name: str) -> None:
        """Make the cluster what it was, tokens included. Raises UsageError TD809 when there is no such snapshot."""
        with self.opened(name) as source:
            self._database.become(source)

    def delete(self, name: str) -> None:
        """Forget a snapshot. Raises UsageError TD809 when there is no such snapshot."""
        self.check(name)
        if self._folder is None:
            self._forget(name)
        else:
            self._file(name).unlink()

    def all(self) -> tuple[Snapshot, ...]:
        """Every snapshot, by name."""
        if self._folder is None:
            sizes = {name: _size(connection) for name, connection in self._in_memory.items()}
        else:
            sizes = {path.stem: path.stat().st_size for path in self._folder.glob("*.sqlite") if is_name(path.stem)}
        return tuple(Snapshot(name, sizes[name]) for name in sorted(sizes))

    @contextmanager
    def opened(self, name: str) -> Iterator[sqlite3.Connection]:
        """The database of a snapshot. Raises UsageError TD809 when there is no such snapshot."""
        self.check(name)
        if self._folder is None:
            yield self._in_memory[name]
            return
        with closing(sqlite3.connect(self._file(name))) as connection:
            yield connection

    def close(self) -> None:
        """Forget what is in memory."""
        for name in tuple(self._in_memory):
            self._forget(name)

    def check(self, name: str) -> None:
        """Raises UsageError TD809 when there is no such snapshot."""
        known = [snapshot.name for snapshot in self.all()]
        if name not in known:
            hint = f"there are: {', '.join(known)}" if known else "there are none"
            raise UsageError(Finding("TD809", f"there is no snapshot named {name!r}", hint=hint))

    def _file(self, name: str) -> Path:
        assert self._folder is not None, "only snapshots in files have one"
        return self._folder / f"{name}.sqlite"

    def _forget(self, name: str) -> None:
        connection = self._in_memory.pop(name, None)
        if connection is not None:
            connection.close()


def snapshots_beside(path: Path) -> Path:
    """The folder of the snapshots of a database file."""
    return path.with_suffix(".snapshots")


def write_copy(database: Database, path: Path) -> None:
    """Write a database to a file, which is there as a whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as target:
        database.copy_to(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    draft.replace(path)


def _size(connection: sqlite3.Connection) -> int:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(connection.execute("PRAGMA page_size").fetchone()[0])
