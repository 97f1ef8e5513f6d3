"""Roles: privileges under a name, given to groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS roles (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, privileges TEXT NOT NULL,
  author_id TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Role:
    """One role of the cluster. ``privileges`` are names with blanks between them; times are milliseconds."""

    id: str
    name: str
    description: str
    privileges: str
    author_id: str
    created: int
    modified: int


_COLUMNS: Final = ", ".join(field.name for field in fields(Role))


class Roles:
    """The roles of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, role: Role) -> None:
        """Write a role."""
        values = astuple(role)
        marks = ", ".join("?" * len(values))
        self._database.execute(f"INSERT OR REPLACE INTO roles ({_COLUMNS}) VALUES ({marks})", *values)

    def find(self, identifier: str) -> Role | None:
        """The role with a GUID or a name."""
        return next((role for role in self.all() if identifier in (role.id, role.name)), None)

    def all(self) -> list[Role]:
        """Every role, by name."""
        return [Role(**row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM roles ORDER BY name")]

    def privileges(self, group_ids: Iterable[str]) -> dict[str, set[str]]:
        """Group → privileges that its roles give it."""
        rows = self._database.rows_among(
            "SELECT group_id, privileges FROM group_roles JOIN roles ON role_id = roles.id WHERE group_id IN ({marks})",
            group_ids,
        )
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["group_id"], set()).update(row["privileges"].split())
        return found
