"""Orgs: Primary, and those that were asked for by name."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, PRIMARY_ORG_NAME

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS orgs (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'ACTIVE', visibility TEXT NOT NULL DEFAULT 'SHOW');
"""

_INT32_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Org:
    """One Org. Ids are int32; 0 is Primary. ``status`` is ACTIVE or IN_ACTIVE, ``visibility`` SHOW or HIDDEN."""

    id: int
    name: str
    description: str = ""
    status: str = "ACTIVE"
    visibility: str = "SHOW"


def org_id_of(name: str) -> int:
    """The id that a sandbox gives an Org: the same for the same name, everywhere.

    Real clusters draw random int32 ids.
    """
    if name == PRIMARY_ORG_NAME:
        return PRIMARY_ORG_ID
    return zlib.crc32(name.encode()) % _INT32_MAX + 1


class Orgs:
    """The Orgs of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ensure(self, name: str) -> Org:
        """The Org with a name, made if there is none."""
        found = next(iter(self._where("name = ?", name)), None)
        if found is not None:
            return found
        org_id = org_id_of(name)
        while self.get(org_id) is not None:
            org_id += 1
        org = Org(org_id, name, f"{name} Org")
        self._database.execute(
            "INSERT INTO orgs (id, name, description) VALUES (?, ?, ?)", org.id, org.name, org.description
        )
        return org

    def save(self, org: Org) -> None:
        """Write what changed of an Org."""
        self._database.execute(
            "UPDATE orgs SET name = ?, description = ?, status = ?, visibility = ? WHERE id = ?",
            org.name,
            org.description,
            org.status,
            org.visibility,
            org.id,
        )

    def delete(self, org_id: int) -> None:
        """Forget an Org. What refers to it dangles."""
        self._database.execute("DELETE FROM orgs WHERE id = ?", org_id)

    def all(self) -> list[Org]:
        """Every Org, Primary first."""
        return self._where("1 ORDER BY id")

    def get(self, org_id: int) -> Org | None:
        """The Org with an id."""
        return next(iter(self._where("id = ?", org_id)), None)

    def find(self, identifier: str) -> Org | None:
        """The Org with an id or a name."""
        return next(iter(self._where("CAST(id AS TEXT) = ? OR name = ? ORDER BY id", identifier, identifier)), None)

    def _where(self, condition: str, *values: str | int) -> list[Org]:
        rows = self._database.rows(
            f"SELECT id, name, description, status, visibility FROM orgs WHERE {condition}", *values
        )
        return [Org(**row) for row in rows]
