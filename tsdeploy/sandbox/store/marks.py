"""What a test says of an object that no import can: that it is hidden, unfinished, or cannot be written out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS marks (
  guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, mark TEXT NOT NULL, PRIMARY KEY (guid, mark)) WITHOUT ROWID;
"""


class Mark(Enum):
    """The marks, by the words of the admin API."""

    HIDDEN = "HIDDEN"
    """Found only with ``include_hidden_objects``."""
    AUTO_CREATED = "AUTO_CREATED"
    """Found only with ``include_auto_created_objects``."""
    INCOMPLETE = "INCOMPLETE"
    """Found only with ``include_incomplete_objects``, which lists what is wrong with it."""
    UNSERIALISABLE = "UNSERIALISABLE"
    """Fails every export that it is part of, as a whole."""
    INVALID_STATE = "INVALID_STATE"
    """Fails its own item of an export."""


class Marks:
    """The marks of a cluster's objects."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, guid: str, marks: Iterable[Mark]) -> None:
        """Give an object these marks and no other."""
        self._database.execute("DELETE FROM marks WHERE guid = ?", guid)
        self._database.execute_many(
            "INSERT OR IGNORE INTO marks (guid, mark) VALUES (?, ?)", [(guid, mark.value) for mark in marks]
        )

    def carriers(self, mark: Mark) -> frozenset[str]:
        """The GUIDs of all objects with a mark."""
        rows = self._database.rows("SELECT guid FROM marks WHERE mark = ?", mark.value)
        return frozenset(row["guid"] for row in rows)

    def of(self, guids: Iterable[str]) -> dict[str, frozenset[Mark]]:
        """The marks of each object that has any."""
        rows = self._database.rows_among("SELECT guid, mark FROM marks WHERE guid IN ({marks}) ORDER BY guid", guids)
        found: dict[str, set[Mark]] = {}
        for row in rows:
            found.setdefault(row["guid"], set()).add(Mark(row["mark"]))
        return {guid: frozenset(marks) for guid, marks in found.items()}
