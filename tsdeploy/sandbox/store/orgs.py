"""Orgs: Primary, and those that were asked for by name."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, PRIMARY_ORG_NAME

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS orgs (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL);
"""

_INT32_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Org:
    """One Org. Ids are int32; 0 is Primary."""

    id: int
    name: str
    description: str = ""


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
        org = Org(org_id_of(name), name, f"{name} Org")
        self._database.execute(
            "INSERT OR IGNORE INTO orgs (id, name, description) VALUES (?, ?, ?)", org.id, org.name, org.description
        )
        return org

    def all(self) -> list[Org]:
        """Every Org, Primary first."""
        return [Org(**row) for row in self._database.rows("SELECT id, name, description FROM orgs ORDER BY id")]

    def find(self, identifier: str) -> Org | None:
        """The Org with an id or a name."""
        for org in self.all():
            if identifier in (str(org.id), org.name):
                return org
        return None
