"""Users, the Orgs they belong to, and their favourites."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Final

from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.wellknown import (
    CREATED,
    SUPER_USER_ID,
    SUPER_USER_NAME,
    SYSTEM_USER_ID,
    SYSTEM_USER_NAME,
    TSADMIN_DISPLAY_NAME,
    TSADMIN_ID,
    TSADMIN_NAME,
)

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, email TEXT NOT NULL,
  password TEXT NOT NULL, visibility TEXT NOT NULL, account_type TEXT NOT NULL, account_status TEXT NOT NULL,
  author_id TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, modified_by TEXT NOT NULL,
  notify_on_share INTEGER NOT NULL, show_onboarding INTEGER NOT NULL, onboarded INTEGER NOT NULL,
  home_liveboard TEXT NOT NULL, last_org INTEGER NOT NULL, entitlements TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS org_users (
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, org_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, org_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS org_users_org ON org_users (org_id);
CREATE TABLE IF NOT EXISTS favorites (
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  object_guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, PRIMARY KEY (user_id, object_guid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS favorites_object ON favorites (object_guid);
"""


@dataclass(frozen=True, slots=True)
class User:
    """One user of the cluster. ``last_org`` is the Org of the last session; times are milliseconds.

    ``password`` is a digest, "" where only a secret key opens the account. ``entitlements`` is JSON: what custom
    tokens were told to keep for the user.
    """

    id: str
    name: str
    display_name: str
    email: str = ""
    password: str = ""
    visibility: str = "SHARABLE"
    account_type: str = "LOCAL_USER"
    account_status: str = "ACTIVE"
    author_id: str = ""
    created: int = 0
    modified: int = 0
    modified_by: str = ""
    notify_on_share: bool = True
    show_onboarding: bool = True
    onboarded: bool = False
    home_liveboard: str = ""
    last_org: int = 0
    entitlements: str = "{}"


def system_users() -> tuple[User, ...]:
    """The users that every cluster has."""
    names = (
        (TSADMIN_ID, TSADMIN_NAME, TSADMIN_DISPLAY_NAME),
        (SYSTEM_USER_ID, SYSTEM_USER_NAME, "System User"),
        (SUPER_USER_ID, SUPER_USER_NAME, "Super User"),
    )
    return tuple(
        User(
            id=user_id,
            name=name,
            display_name=shown,
            author_id=SYSTEM_USER_ID,
            created=CREATED,
            modified=CREATED,
            modified_by=user_id,
        )
        for user_id, name, shown in names
    )


_NAMES: Final = tuple(field.name for field in fields(User))
_COLUMNS: Final = ", ".join(_NAMES)


class Users:
    """The users of a cluster. They are the cluster's, not an Org's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, user: User) -> None:
        """Write a user, new or changed."""
        changed = ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])
        self._database.execute(
            f"INSERT INTO users ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"
            f" ON CONFLICT (id) DO UPDATE SET {changed}",
            *astuple(user),
        )

    def find(self, identifier: str) -> User | None:
        """The user with a GUID or a name."""
        found = self._where("id = ? OR name = ? ORDER BY id = ? DESC", identifier, identifier, identifier)
        return found[0] if found else None

    def among(self, ids: Iterable[str]) -> dict[str, User]:
        """Users by GUID."""
        rows = self._database.rows_among(f"SELECT {_COLUMNS} FROM users WHERE id IN ({{marks}})", ids)
        return {row["id"]: _user(row) for row in rows}

    def all(self) -> list[User]:
        """Every user, by name."""
        return self._where("1 ORDER BY name")

    def in_org(self, org_id: int) -> list[User]:
        """The users that belong to an Org, by name."""
        return self._where("id IN (SELECT user_id FROM org_users WHERE org_id = ?) ORDER BY name", org_id)

    def delete(self, user_id: str) -> None:
        """Remove a user. Memberships in groups stay behind and dangle, as on a real cluster."""
        self._database.execute("DELETE FROM users WHERE id = ?", user_id)

    def join(self, user_id: str, org_ids: Iterable[int]) -> None:
        """Put a user into Orgs."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO org_users (user_id, org_id) VALUES (?, ?)", [(user_id, org) for org in org_ids]
        )

    def org_ids(self, user_ids: Iterable[str]) -> dict[str, list[int]]:
        """The Orgs that each user belongs to."""
        rows = self._database.rows_among(
            "SELECT user_id, org_id FROM org_users WHERE user_id IN ({marks}) ORDER BY user_id, org_id", user_ids
        )
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(row["user_id"], []).append(row["org_id"])
        return found

    def favor(self, user_id: str, guids: Iterable[str]) -> None:
        """Make objects favourites of a user."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO favorites (user_id, object_guid) VALUES (?, ?)", [(user_id, guid) for guid in guids]
        )

    def favorites(self, user_ids: Iterable[str]) -> dict[str, list[str]]:
        """The favourites of each user who has any."""
        rows = self._database.rows_among(
            "SELECT user_id, object_guid FROM favorites WHERE user_id IN ({marks}) ORDER BY user_id, object_guid",
            user_ids,
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["user_id"], []).append(row["object_guid"])
        return found

    def favored(self, guids: Iterable[str]) -> dict[str, int]:
        """How many users have each object among their favourites; those that nobody has are left out."""
        rows = self._database.rows_among(
            "SELECT object_guid, count(*) AS users FROM favorites WHERE object_guid IN ({marks}) GROUP BY object_guid",
            guids,
        )
        return {row["object_guid"]: row["users"] for row in rows}

    def _where(self, condition: str, *values: str | int) -> list[User]:
        return [_user(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM users WHERE {condition}", *values)]


def _user(row: sqlite3.Row) -> User:
    flags = {name: bool(row[name]) for name in ("notify_on_share", "show_onboarding", "onboarded")}
    return User(**{**dict(row), **flags})
