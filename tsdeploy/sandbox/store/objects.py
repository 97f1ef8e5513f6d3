"""The metadata objects of a cluster: TML as imported, identity, and who refers to whom by GUID."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS objects (
  guid TEXT PRIMARY KEY, org_id INTEGER NOT NULL, root TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  description TEXT NOT NULL, obj_id TEXT NOT NULL, subtype TEXT NOT NULL, author_id TEXT NOT NULL,
  created INTEGER NOT NULL, modified INTEGER NOT NULL, modified_by TEXT NOT NULL, text TEXT NOT NULL);
-- All but the text, so that listing an Org does not read the texts.
CREATE INDEX IF NOT EXISTS objects_listed ON objects (
  org_id, guid, root, kind, name, description, obj_id, subtype, author_id, created, modified, modified_by);
CREATE UNIQUE INDEX IF NOT EXISTS objects_obj_id ON objects (org_id, obj_id) WHERE obj_id <> '';
CREATE INDEX IF NOT EXISTS objects_name ON objects (org_id, name);
CREATE INDEX IF NOT EXISTS objects_title ON objects (name);
CREATE INDEX IF NOT EXISTS objects_address ON objects (obj_id) WHERE obj_id <> '';
CREATE TABLE IF NOT EXISTS links (
  source TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, place TEXT NOT NULL, target TEXT NOT NULL,
  PRIMARY KEY (source, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_target ON links (target);
CREATE TABLE IF NOT EXISTS inner_ids (
  guid TEXT PRIMARY KEY, owner TEXT NOT NULL REFERENCES objects ON DELETE CASCADE,
  role TEXT NOT NULL, local TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inner_ids_owner ON inner_ids (owner);
CREATE TABLE IF NOT EXISTS bindings (
  guid TEXT PRIMARY KEY REFERENCES objects ON DELETE CASCADE, connection TEXT NOT NULL, db TEXT NOT NULL,
  schema TEXT NOT NULL, db_table TEXT NOT NULL, UNIQUE (connection, db, schema, db_table)) WITHOUT ROWID;
"""

_COLUMNS = (
    "guid, org_id, root, kind, name, description, obj_id, subtype, author_id, created, modified, modified_by, text"
)

_LISTED = f"""SELECT {_COLUMNS.removesuffix("text")} '' FROM objects WHERE"""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object. ``text`` is its TML as imported, with inner GUIDs as the cluster gave them.

    ``root`` is the content key of the text, ``kind`` the kind it stands for (a ``pinboard`` is a Liveboard);
    ``obj_id`` and ``subtype`` are "" where there is none; times are milliseconds since the epoch.
    """

    guid: str
    org_id: int
    root: str
    kind: str
    name: str
    description: str
    obj_id: str
    subtype: str
    author_id: str
    created: int
    modified: int
    modified_by: str
    text: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What a Table stands for: one physical table of one connection (its GUID, or "" where it has none)."""

    connection: str
    db: str
    schema: str
    db_table: str


@dataclass(frozen=True, slots=True)
class InnerId:
    """A GUID inside an object: of a visualization, group, view, parameter or tab, told by ``local``."""

    guid: str
    role: str
    local: str


class Objects:
    """The objects of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listings: dict[tuple[int, frozenset[str] | None], tuple[StoredObject, ...]] = {}
        self._listed_at = -1

    def save(self, item: StoredObject) -> None:
        """Write an object, new or changed."""
        changed = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS.split(", ")[1:])
        marks = ", ".join("?" * len(_COLUMNS.split(", ")))
        self._database.execute(
            f"INSERT INTO objects ({_COLUMNS}) VALUES ({marks}) ON CONFLICT (guid) DO UPDATE SET {changed}",
            *astuple(item),
        )

    def get(self, guid: str) -> StoredObject | None:
        """The object with a GUID, in whatever Org."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM objects WHERE guid = ?", guid)
        return StoredObject(**row) if row else None

    def in_org(self, org_id: int) -> list[StoredObject]:
        """All objects of an Org, the one modified last first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM objects WHERE org_id = ? ORDER BY modified DESC, guid", org_id
        )
        return [StoredObject(**row) for row in rows]

    def of_kind(self, org_id: int, kind: str) -> list[StoredObject]:
        """The objects of one kind in an Org."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM objects WHERE org_id = ? AND kind = ? ORDER BY guid", org_id, kind
        )
        return [StoredObject(**row) for row in rows]

    def among(self, guids: Iterable[str]) -> dict[str, StoredObject]:
        """Objects by GUID, in whatever Org."""
        rows = self._database.rows_among(f"SELECT {_COLUMNS} FROM objects WHERE guid IN ({{marks}})", guids)
        return {row["guid"]: StoredObject(*row) for row in rows}

    def titles(self, guids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Kind and name of objects by GUID, in whatever Org."""
        rows = self._database.rows_among("SELECT guid, kind, name FROM objects WHERE guid IN ({marks})", guids)
        return {guid: (kind, name) for guid, kind, name in rows}

    def listed(
        self, org_id: int, names: Iterable[str] | None = None, kinds: Collection[str] | None = None
    ) -> Sequence[StoredObject]:
        """The objects of an Org, and what is published to it, without their texts and in no order.

        ``names``, GUIDs, names and obj_ids at will, leave out all that is called otherwise; ``kinds`` all others.
        """
        if names is not None:
            return self._listed_by_name(org_id, list(names), kinds)
        return self._listing(org_id, None if kinds is None else frozenset(kinds))

    def _listing(self, org_id: int, kinds: frozenset[str] | None) -> tuple[StoredObject, ...]:
        """The whole listing, kept until something is written: clients read it page by page."""
        revision = self._database.revision
        if revision != self._listed_at:
            self._listings, self._listed_at = {}, revision
        kept = self._listings
        if (org_id, kinds) not in kept:
            of_kinds = "" if kinds is None else f" AND kind IN ({', '.join('?' * len(kinds))})"
            rows = self._database.rows(f"{_LISTED} org_id = ?{of_kinds}", org_id, *(kinds or ()))
            rows += self._database.rows_among(f"{_LISTED} guid IN ({{marks}})", self._published(org_id))
            found = {row[0]: row for row in rows if kinds is None or row[3] in kinds}
            kept[org_id, kinds] = tuple(StoredObject(*row) for row in found.values())
        return kept[org_id, kinds]

    def _listed_by_name(self, org_id: int, names: list[str], kinds: Collection[str] | None) -> list[StoredObject]:
        published = self._published(org_id)
        rows = self._database.rows_among(f"{_LISTED} guid IN ({{marks}})", names)
        rows += self._database.rows_among(f"{_LISTED} name IN ({{marks}})", names)
        rows += self._database.rows_among(f"{_LISTED} obj_id IN ({{marks}}) AND obj_id <> ''", names)
        found = {row[0]: row for row in rows if row[1] == org_id or row[0] in published}
        return [StoredObject(*row) for row in found.values() if kinds is None or row[3] in kinds]

    def _published(self, org_id: int) -> set[str]:
        rows = self._database.rows("SELECT object_guid FROM publications WHERE org_id = ?", org_id)
        return {row["object_guid"] for row in rows}

    def named(self, org_id: int, name: str) -> list[StoredObject]:
        """The objects of an Org with a name, which may be many."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM objects WHERE org_id = ? AND name = ? ORDER BY guid", org_id, name
        )
        return [StoredObject(**row) for row in rows]

    def mentioning(self, text: str) -> list[StoredObject]:
        """The objects, of whatever Org, whose TML has a text in it."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM objects WHERE instr(text, ?) ORDER BY guid", text)
        return [StoredObject(**row) for row in rows]

    def by_obj_id(self, org_id: int, obj_id: str) -> StoredObject | None:
        """The object of an Org with an obj_id."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM objects WHERE org_id = ? AND obj_id = ? AND obj_id <> ''", org_id, obj_id
        )
        return StoredObject(**row) if row else None

    def delete(self, guids: Iterable[str]) -> None:
        """Remove objects with everything that hangs on their rows."""
        self._database.execute_many("DELETE FROM objects WHERE guid = ?", [(guid,) for guid in guids])

    def last_modified(self) -> int:
        """The latest time that any object carries, 0 when there is none."""
        row = self._database.row("SELECT coalesce(max(modified), 0) AS latest FROM objects")
        return int(row["latest"]) if row else 0

    def set_links(self, source: str, links: Mapping[str, str]) -> None:
        """Remember what an object refers to: place in its document → GUID."""
        self._database.execute("DELETE FROM links WHERE source = ?", source)
        self._database.execute_many(
            "INSERT INTO links (source, place, target) VALUES (?, ?, ?)",
            [(source, place, target) for place, target in links.items()],
        )

    def links(self, source: str) -> dict[str, str]:
        """What an object refers to: place in its document → GUID."""
        rows = self._database.rows("SELECT place, target FROM links WHERE source = ? ORDER BY place", source)
        return {row["place"]: row["target"] for row in rows}

    def links_of(self, sources: Iterable[str]) -> dict[str, list[str]]:
        """GUID → GUIDs of what it refers to, in order of the places, each once."""
        rows = self._database.rows_among(
            "SELECT source, target FROM links WHERE source IN ({marks}) ORDER BY source, place", sources
        )
        found: dict[str, dict[str, None]] = {}
        for source, target in rows:
            found.setdefault(source, {})[target] = None
        return {source: list(targets) for source, targets in found.items()}

    def dependents(self, targets: Iterable[str]) -> dict[str, list[str]]:
        """GUID → GUIDs of the objects that refer to it, itself left out."""
        rows = self._database.rows_among(
            "SELECT DISTINCT target, source FROM links WHERE target IN ({marks}) AND source <> target"
            " ORDER BY target, source",
            targets,
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["target"], []).append(row["source"])
        return found

    def dependents_of_kind(self, target: str, kind: str) -> list[str]:
        """GUIDs of the objects of one kind that refer to another."""
        rows = self._database.rows(
            "SELECT DISTINCT guid FROM links JOIN objects ON guid = source WHERE target = ? AND kind = ? ORDER BY guid",
            target,
            kind,
        )
        return [row["guid"] for row in rows]

    def bind(self, guid: str, binding: Binding) -> None:
        """Remember what a Table stands for."""
        self._database.execute(
            "INSERT OR REPLACE INTO bindings (guid, connection, db, schema, db_table) VALUES (?, ?, ?, ?, ?)",
            guid,
            *astuple(binding),
        )

    def bound(self, binding: Binding) -> str:
        """The GUID of the Table that stands for a physical table, or ""."""
        row = self._database.row(
            "SELECT guid FROM bindings WHERE connection = ? AND db = ? AND schema = ? AND db_table = ?",
            *astuple(binding),
        )
        return str(row["guid"]) if row else ""

    def binding(self, guid: str) -> Binding | None:
        """What a Table stands for."""
        row = self._database.row("SELECT connection, db, schema, db_table FROM bindings WHERE guid = ?", guid)
        return Binding(**row) if row else None

    def bindings(self, guids: Iterable[str]) -> dict[str, Binding]:
        """What Tables stand for, by GUID."""
        rows = self._database.rows_among(
            "SELECT guid, connection, db, schema, db_table FROM bindings WHERE guid IN ({marks})", guids
        )
        return {row[0]: Binding(*row[1:]) for row in rows}

    def set_inner_ids(self, owner: str, ids: Iterable[InnerId]) -> None:
        """Remember the GUIDs inside an object."""
        self._database.execute("DELETE FROM inner_ids WHERE owner = ?", owner)
        self._database.execute_many(
            "INSERT INTO inner_ids (guid, owner, role, local) VALUES (?, ?, ?, ?)",
            [(inner.guid, owner, inner.role, inner.local) for inner in ids],
        )

    def inner_ids(self, owner: str) -> list[InnerId]:
        """The GUIDs inside an object."""
        rows = self._database.rows("SELECT guid, role, local FROM inner_ids WHERE owner = ? ORDER BY guid", owner)
        return [InnerId(**row) for row in rows]

    def inner_owner(self, guid: str) -> str:
        """The GUID of the object that an inner GUID belongs to, or ""."""
        row = self._database.row("SELECT owner FROM inner_ids WHERE guid = ?", guid)
        return str(row["owner"]) if row else ""
