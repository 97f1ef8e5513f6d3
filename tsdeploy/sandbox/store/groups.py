"""Groups of an Org: who is in them, which groups are in which, and what they may do."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from typing import Final

from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.wellknown import (
    ADMIN_GROUP_ID,
    ADMIN_GROUP_NAME,
    ADMIN_PRIVILEGES,
    ALL_USER_GROUP_ID,
    ALL_USER_GROUP_NAME,
    CREATED,
    PRIMARY_ORG_ID,
    SYSTEM_USER_ID,
    TSADMIN_ID,
)

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS groups (
  id TEXT PRIMARY KEY, org_id INTEGER NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL,
  description TEXT NOT NULL, type TEXT NOT NULL, visibility TEXT NOT NULL, privileges TEXT NOT NULL,
  author_id TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, system INTEGER NOT NULL,
  UNIQUE (org_id, name));
CREATE TABLE IF NOT EXISTS group_users (
  group_id TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (group_id, user_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS group_users_user ON group_users (user_id);
CREATE TABLE IF NOT EXISTS sub_groups (
  group_id TEXT NOT NULL, parent_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
  PRIMARY KEY (group_id, parent_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sub_groups_parent ON sub_groups (parent_id);
CREATE TABLE IF NOT EXISTS group_roles (
  group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
  role_id TEXT NOT NULL REFERENCES roles ON DELETE CASCADE, PRIMARY KEY (group_id, role_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS default_liveboards (
  group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
  object_guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, PRIMARY KEY (group_id, object_guid)) WITHOUT ROWID;
"""

_NAMESPACE: Final = uuid.UUID("0a3c2f0e-64a8-4b2e-9a41-0c0f4f6a7d11")


@dataclass(frozen=True, slots=True)
class Group:
    """One group of one Org. ``privileges`` are names with blanks between them; times are milliseconds."""

    id: str
    org_id: int
    name: str
    display_name: str
    description: str = ""
    type: str = "LOCAL_GROUP"
    visibility: str = "SHARABLE"
    privileges: str = ""
    author_id: str = SYSTEM_USER_ID
    created: int = CREATED
    modified: int = CREATED
    system: bool = False


_NAMES: Final = tuple(field.name for field in fields(Group))
_COLUMNS: Final = ", ".join(_NAMES)
_LISTED: Final = ", ".join(f"groups.{name}" for name in _NAMES)


def all_group_id(org_id: int) -> str:
    """The group of everybody in an Org; Primary's is the same on every cluster."""
    return ALL_USER_GROUP_ID if org_id == PRIMARY_ORG_ID else str(uuid.uuid5(_NAMESPACE, f"{org_id}/all"))


def admin_group_id(org_id: int) -> str:
    """The administrators of an Org; those of Primary administer the cluster."""
    return ADMIN_GROUP_ID if org_id == PRIMARY_ORG_ID else str(uuid.uuid5(_NAMESPACE, f"{org_id}/administrator"))


class Groups:
    """The groups of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def found(self, org_id: int) -> None:
        """Make the two groups that every Org has, where they are not there."""
        if self.get(all_group_id(org_id)) is not None:
            return
        everybody = Group(all_group_id(org_id), org_id, ALL_USER_GROUP_NAME, "All Group", system=True)
        privileges = " ".join(ADMIN_PRIVILEGES)
        admins = Group(admin_group_id(org_id), org_id, ADMIN_GROUP_NAME, ADMIN_GROUP_NAME, system=True)
        for group in (everybody, replace(admins, privileges=privileges)):
            self.save(group)
        self.add_users(admins.id, [TSADMIN_ID])

    def save(self, group: Group) -> None:
        """Write a group, new or changed."""
        changed = ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])
        self._database.execute(
            f"INSERT INTO groups ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"
            f" ON CONFLICT (id) DO UPDATE SET {changed}",
            *astuple(group),
        )

    def get(self, group_id: str) -> Group | None:
        """The group with a GUID, in whatever Org."""
        return next(iter(self._where("id = ?", group_id)), None)

    def named(self, name: str, org_id: int | None = None) -> list[Group]:
        """The groups with a name, of one Org or of all; Primary's first."""
        found = self._where("name = ? ORDER BY org_id", name)
        return [group for group in found if org_id is None or group.org_id == org_id]

    def all(self) -> list[Group]:
        """Every group of the cluster, by name."""
        return self._where("1 ORDER BY name, org_id")

    def in_org(self, org_id: int) -> list[Group]:
        """The groups of an Org, by name."""
        return self._where("org_id = ? ORDER BY name", org_id)

    def delete(self, group_id: str) -> None:
        """Remove a group. Memberships in it stay behind and dangle, as on a real cluster."""
        self._database.execute("DELETE FROM groups WHERE id = ?", group_id)

    def add_users(self, group_id: str, user_ids: Iterable[str]) -> None:
        """Put users into a group."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO group_users (group_id, user_id) VALUES (?, ?)",
            [(group_id, user_id) for user_id in user_ids],
        )

    def add_sub_groups(self, parent_id: str, group_ids: Iterable[str]) -> None:
        """Put groups into a group: their members may what its members may."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO sub_groups (group_id, parent_id) VALUES (?, ?)",
            [(group_id, parent_id) for group_id in group_ids],
        )

    def add_roles(self, group_id: str, role_ids: Iterable[str]) -> None:
        """Give roles to a group."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO group_roles (group_id, role_id) VALUES (?, ?)",
            [(group_id, role_id) for role_id in role_ids],
        )

    def add_default_liveboards(self, group_id: str, guids: Iterable[str]) -> None:
        """Make Liveboards the first that members of a group see."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO default_liveboards (group_id, object_guid) VALUES (?, ?)",
            [(group_id, guid) for guid in guids],
        )

    def members(self) -> dict[str, list[str]]:
        """Group → GUIDs of the users that were put into it; the group of everybody lists nobody."""
        return self._pairs("SELECT group_id AS one, user_id AS many FROM group_users")

    def dangling(self, user_ids: Iterable[str]) -> list[str]:
        """GUIDs of groups that are gone and that some users are members of all the same."""
        rows = self._database.rows_among(
            "SELECT DISTINCT group_id FROM group_users WHERE user_id IN ({marks})"
            " AND group_id NOT IN (SELECT id FROM groups) ORDER BY group_id",
            user_ids,
        )
        return [row["group_id"] for row in rows]

    def parts(self) -> dict[str, list[str]]:
        """Group → GUIDs of its sub-groups."""
        return self._pairs("SELECT parent_id AS one, group_id AS many FROM sub_groups")

    def roles(self) -> dict[str, list[str]]:
        """Group → GUIDs of its roles."""
        return self._pairs("SELECT group_id AS one, role_id AS many FROM group_roles")

    def default_liveboards(self) -> dict[str, list[str]]:
        """Group → GUIDs of its default Liveboards."""
        return self._pairs("SELECT group_id AS one, object_guid AS many FROM default_liveboards")

    def of_user(self, user_id: str) -> tuple[list[Group], list[Group]]:
        """The groups, in all Orgs, that a user was put into, and those inherited through them."""
        rows = self._database.rows(
            "WITH RECURSIVE mine (id, direct) AS (SELECT group_id, 1 FROM group_users WHERE user_id = ?"
            " UNION SELECT parent_id, 0 FROM sub_groups JOIN mine ON group_id = mine.id)"
            f" SELECT {_LISTED}, max(direct) AS direct FROM groups JOIN mine USING (id)"
            " GROUP BY groups.id ORDER BY name",
            user_id,
        )
        groups = [(_group(row), row["direct"]) for row in rows]
        return [group for group, direct in groups if direct], [group for group, direct in groups if not direct]

    def _pairs(self, sql: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self._database.rows(f"{sql} ORDER BY one, many"):
            found.setdefault(row["one"], []).append(row["many"])
        return found

    def _where(self, condition: str, *values: str | int) -> list[Group]:
        return [_group(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM groups WHERE {condition}", *values)]


def _group(row: sqlite3.Row) -> Group:
    return Group(**{**{name: row[name] for name in _NAMES}, "system": bool(row["system"])})
