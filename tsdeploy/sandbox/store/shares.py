"""What is shared with whom: an object, or one visualization of a Liveboard, with a user or a group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS shares (
  object_guid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, part TEXT NOT NULL, principal_id TEXT NOT NULL,
  mode TEXT NOT NULL, PRIMARY KEY (object_guid, part, principal_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shares_principal ON shares (principal_id);
CREATE TABLE IF NOT EXISTS discoverable (
  object_guid TEXT PRIMARY KEY REFERENCES objects ON DELETE CASCADE) WITHOUT ROWID;
"""


class Mode(IntEnum):
    """What somebody may do with an object; more is greater. Names are the API's."""

    NO_ACCESS = 0
    READ_ONLY = 1
    MODIFY = 2


@dataclass(frozen=True, slots=True)
class Share:
    """One grant. ``part`` is the GUID of a visualization, "" for the whole object."""

    object_guid: str
    part: str
    principal_id: str
    mode: Mode


class Shares:
    """The grants of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, shares: Iterable[Share]) -> None:
        """Write grants over what was granted before; NO_ACCESS takes a grant away."""
        shares = list(shares)
        self._database.execute_many(
            "DELETE FROM shares WHERE object_guid = ? AND part = ? AND principal_id = ?",
            [(share.object_guid, share.part, share.principal_id) for share in shares],
        )
        self._database.execute_many(
            "INSERT INTO shares (object_guid, part, principal_id, mode) VALUES (?, ?, ?, ?)",
            [(share.object_guid, share.part, share.principal_id, share.mode.name) for share in shares if share.mode],
        )

    def on(self, guids: Iterable[str]) -> dict[str, dict[str, Mode]]:
        """Object → principal → what was granted; a visualization lets its Liveboard be read."""
        rows = self._database.rows_among(
            "SELECT object_guid, part, principal_id, mode FROM shares WHERE object_guid IN ({marks})", guids
        )
        found: dict[str, dict[str, Mode]] = {}
        for row in rows:
            held = found.setdefault(row["object_guid"], {})
            held[row["principal_id"]] = max(_granted(row), held.get(row["principal_id"], Mode.NO_ACCESS))
        return found

    def with_principals(self, principal_ids: Iterable[str]) -> dict[str, Mode]:
        """Object → the most that any of some principals was granted."""
        rows = self._database.rows_among(
            "SELECT object_guid, part, mode FROM shares WHERE principal_id IN ({marks})", principal_ids
        )
        found: dict[str, Mode] = {}
        for row in rows:
            found[row["object_guid"]] = max(_granted(row), found.get(row["object_guid"], Mode.NO_ACCESS))
        return found

    def set_discoverable(self, guids: Iterable[str], *, wanted: bool) -> None:
        """Let everybody of the Org find objects, or not, whoever they are shared with."""
        sql = (
            "INSERT OR IGNORE INTO discoverable VALUES (?)"
            if wanted
            else "DELETE FROM discoverable WHERE object_guid = ?"
        )
        self._database.execute_many(sql, [(guid,) for guid in guids])

    def discoverable(self) -> frozenset[str]:
        """The objects that everybody of their Org may find."""
        return frozenset(row["object_guid"] for row in self._database.rows("SELECT object_guid FROM discoverable"))


def _granted(row: sqlite3.Row) -> Mode:
    return Mode.READ_ONLY if row["part"] else Mode[row["mode"]]
