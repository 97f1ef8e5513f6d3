"""Which objects are published to which Orgs beside their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS publications (
  object_guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE,
  org_id INTEGER NOT NULL REFERENCES orgs ON DELETE CASCADE, PRIMARY KEY (object_guid, org_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS publications_org ON publications (org_id);
"""


class Publications:
    """What the Orgs of a cluster publish to each other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, guids: Iterable[str], org_id: int) -> None:
        """Show objects in an Org; those that are shown there stay."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO publications (object_guid, org_id) VALUES (?, ?)", [(guid, org_id) for guid in guids]
        )

    def unpublish(self, guids: Iterable[str], org_id: int) -> None:
        """No longer show objects in an Org."""
        self._database.execute_many(
            "DELETE FROM publications WHERE object_guid = ? AND org_id = ?", [(guid, org_id) for guid in guids]
        )

    def of(self, guids: Iterable[str]) -> dict[str, list[int]]:
        """The Orgs, by id, that each published object is shown in."""
        rows = self._database.rows_among(
            "SELECT object_guid, org_id FROM publications WHERE object_guid IN ({marks}) ORDER BY object_guid, org_id",
            guids,
        )
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(row["object_guid"], []).append(row["org_id"])
        return found

    def everything(self) -> frozenset[str]:
        """The GUIDs of what is published to any Org."""
        return frozenset(row["object_guid"] for row in self._database.rows("SELECT object_guid FROM publications"))

    def to(self, org_id: int) -> list[str]:
        """The GUIDs of what others publish to an Org."""
        rows = self._database.rows("SELECT object_guid FROM publications WHERE org_id = ? ORDER BY object_guid", org_id)
        return [str(row["object_guid"]) for row in rows]
