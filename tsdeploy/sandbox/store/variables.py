"""Template variables, whose names are unique in the cluster, and their values in each scope."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS variables (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, sensitive INTEGER NOT NULL, data_type TEXT);
CREATE TABLE IF NOT EXISTS variable_values (
  variable_id TEXT NOT NULL REFERENCES variables ON DELETE CASCADE, org_id INTEGER NOT NULL,
  principal_type TEXT NOT NULL, principal TEXT NOT NULL, model TEXT NOT NULL, priority INTEGER,
  content TEXT NOT NULL, PRIMARY KEY (variable_id, org_id, principal_type, principal, model)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. ``type`` is TABLE_MAPPING and the like; ``data_type`` is None where none was given."""

    id: str
    name: str
    type: str
    sensitive: bool
    data_type: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a value holds: an Org, and there perhaps a user or group, or a Model; "" for all."""

    org_id: int
    principal_type: str = ""
    principal: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The values of a variable in one scope."""

    scope: Scope
    values: tuple[str, ...]
    priority: int | None = None


class Variables:
    """The variables of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, variable: Variable) -> None:
        """Write a variable, new or renamed."""
        self._database.execute(
            "INSERT INTO variables (id, name, type, sensitive, data_type) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            *astuple(variable),
        )

    def all(self) -> list[Variable]:
        """Every variable, by name."""
        rows = self._database.rows("SELECT id, name, type, sensitive, data_type FROM variables ORDER BY name")
        return [Variable(**{**dict(row), "sensitive": bool(row["sensitive"])}) for row in rows]

    def find(self, identifier: str) -> Variable | None:
        """The variable with a GUID or a name."""
        return next((one for one in self.all() if identifier in (one.id, one.name)), None)

    def delete(self, variable_id: str) -> None:
        """Remove a variable with its values."""
        self._database.execute("DELETE FROM variables WHERE id = ?", variable_id)

    def assignments(self, variable_id: str) -> list[Assignment]:
        """The values of a variable, by scope."""
        rows = self._database.rows(
            "SELECT org_id, principal_type, principal, model, priority, content FROM variable_values"
            " WHERE variable_id = ? ORDER BY org_id, principal_type, principal, model",
            variable_id,
        )
        return [
            Assignment(
                Scope(row["org_id"], row["principal_type"], row["principal"], row["model"]),
                tuple(json.loads(row["content"])),
                row["priority"],
            )
            for row in rows
        ]

    def assign(self, variable_id: str, assignment: Assignment) -> None:
        """Set the values in a scope; none at all takes the scope away."""
        self._database.execute(
            "DELETE FROM variable_values"
            " WHERE variable_id = ? AND org_id = ? AND principal_type = ? AND principal = ? AND model = ?",
            variable_id,
            *astuple(assignment.scope),
        )
        if assignment.values:
            self._database.execute(
                "INSERT INTO variable_values (variable_id, org_id, principal_type, principal, model, priority, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                variable_id,
                *astuple(assignment.scope),
                assignment.priority,
                json.dumps(assignment.values),
            )
