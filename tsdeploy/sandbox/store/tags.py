"""Tags, and which objects carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS tags (
  id TEXT PRIMARY KEY, org_id INTEGER NOT NULL, name TEXT NOT NULL, color TEXT, author_id TEXT NOT NULL,
  created INTEGER NOT NULL, modified INTEGER NOT NULL, UNIQUE (org_id, name));
CREATE TABLE IF NOT EXISTS tagged (
  object_guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE,
  tag_id TEXT NOT NULL REFERENCES tags ON DELETE CASCADE, PRIMARY KEY (object_guid, tag_id)) WITHOUT ROWID;
"""

_COLUMNS = "id, org_id, name, color, author_id, created, modified"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of one Org."""

    id: str
    org_id: int
    name: str
    color: str | None
    author_id: str
    created: int
    modified: int


class Tags:
    """The tags of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, tag: Tag) -> None:
        """Remember a new tag."""
        self._database.execute(f"INSERT INTO tags ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", *astuple(tag))

    def all(self, org_id: int) -> list[Tag]:
        """The tags of an Org, by name."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM tags WHERE org_id = ? ORDER BY name", org_id)
        return [Tag(**row) for row in rows]

    def find(self, org_id: int, identifier: str) -> Tag | None:
        """The tag of an Org with a GUID or a name."""
        return next((tag for tag in self.all(org_id) if identifier in (tag.id, tag.name)), None)

    def assign(self, tag: Tag, guids: Iterable[str]) -> None:
        """Put a tag on objects; those that have it keep it."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO tagged (object_guid, tag_id) VALUES (?, ?)", [(guid, tag.id) for guid in guids]
        )

    def unassign(self, tag: Tag, guids: Iterable[str]) -> None:
        """Take a tag from objects; those that do not have it stay without."""
        self._database.execute_many(
            "DELETE FROM tagged WHERE object_guid = ? AND tag_id = ?", [(guid, tag.id) for guid in guids]
        )

    def save(self, tag: Tag) -> None:
        """Write what changed of a tag."""
        self._database.execute(
            "UPDATE tags SET name = ?, color = ?, modified = ? WHERE id = ?", tag.name, tag.color, tag.modified, tag.id
        )

    def delete(self, tag: Tag) -> None:
        """Remove a tag, also from all objects."""
        self._database.execute("DELETE FROM tags WHERE id = ?", tag.id)

    def carriers(self, tags: Iterable[Tag]) -> set[str]:
        """The GUIDs of the objects that carry one of some tags."""
        rows = self._database.rows_among(
            "SELECT object_guid FROM tagged WHERE tag_id IN ({marks})", [tag.id for tag in tags]
        )
        return {row["object_guid"] for row in rows}

    def of(self, org_id: int, guids: Iterable[str]) -> dict[str, list[Tag]]:
        """The tags of each object that has any."""
        known = {tag.id: tag for tag in self.all(org_id)}
        rows = self._database.rows_among(
            "SELECT object_guid, tag_id FROM tagged WHERE object_guid IN ({marks}) ORDER BY object_guid, tag_id", guids
        )
        carried: dict[str, list[Tag]] = {}
        for row in rows:
            if row["tag_id"] in known:
                carried.setdefault(row["object_guid"], []).append(known[row["tag_id"]])
        return carried
