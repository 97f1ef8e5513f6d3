"""Texts that a rename elsewhere will change, but has not yet."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS ripples (
  guid TEXT PRIMARY KEY REFERENCES objects ON DELETE CASCADE, due INTEGER NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
"""


class Ripples:
    """What objects will say when the server has caught up, at ``due`` (milliseconds since the epoch)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, guid: str, due: int, text: str) -> None:
        """Remember what an object will say."""
        self._database.execute("INSERT OR REPLACE INTO ripples (guid, due, text) VALUES (?, ?, ?)", guid, due, text)

    def text(self, guid: str) -> str:
        """What an object will say; "" where nothing is on its way."""
        row = self._database.row("SELECT text FROM ripples WHERE guid = ?", guid)
        return str(row["text"]) if row else ""

    def forget(self, guid: str) -> None:
        """Nothing is on its way to an object any more: it was written anew."""
        self._database.execute("DELETE FROM ripples WHERE guid = ?", guid)

    def arrive(self, now: int) -> None:
        """Write everything that is due. An object is not modified by it, as far as its header says."""
        self._database.execute(
            "UPDATE objects SET text = (SELECT text FROM ripples WHERE ripples.guid = objects.guid)"
            " WHERE guid IN (SELECT guid FROM ripples WHERE due <= ?)",
            now,
        )
        self._database.execute("DELETE FROM ripples WHERE due <= ?", now)
