"""Live TML that was read before, so that what has not changed on the server is not asked for again.

A text is believed as long as the server's ``modified`` stamps of the object, and of the objects it is built on,
are those of the time when it was read: a renamed column changes the texts of all who use it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tsdeploy.export.stamps import stamp
from tsdeploy.files import make_private
from tsdeploy.transform.targets import Known
from tsdeploy.version import __version__

_FORMAT = f"1 {__version__}"
_TRIES = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (
  guid TEXT NOT NULL, form TEXT NOT NULL, stamp TEXT NOT NULL, depends TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (guid, form)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (kind TEXT NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS memo (digest TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS about (format TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class LiveText:
    """An object as the server exported it: ``name`` is the file name it gave, ``hash`` the SHA-256 of the text.

    ``depends`` are GUIDs of objects that the text is built on.
    """

    guid: str
    name: str
    text: str
    hash: str
    depends: tuple[str, ...] = ()


def live_text(guid: str, name: str, text: str, depends: Iterable[str]) -> LiveText:
    """A text as it came from the server."""
    return LiveText(guid, name, text, _hash(text), tuple(sorted(set(depends) - {guid})))


class LiveCache:
    """The texts of one environment in one SQLite file; a context manager.

    A file that is no database, that another version wrote, or whose texts do not have their hashes, is as good as
    none: it is made again. Without a path nothing is kept.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database = _open(path)

    def __enter__(self) -> LiveCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def fresh(self, form: str, modified: Mapping[str, int]) -> dict[str, LiveText]:
        """GUID → text, of the objects whose stamps, and those of what they are built on, have not moved."""
        found = {}
        for read_at, item in self._rows(form):
            if item.guid in modified and read_at == stamp(item.guid, item.depends, modified):
                found[item.guid] = item
        return found

    def last_known(self, form: str) -> dict[str, LiveText]:
        """GUID → text as it was when it was read last, however long ago."""
        return {item.guid: item for _, item in self._rows(form)}

    def keep(self, form: str, texts: Iterable[LiveText], modified: Mapping[str, int]) -> None:
        """Remember texts that were just read, with the stamps of that time."""
        rows = [
            (
                item.guid,
                form,
                stamp(item.guid, item.depends, modified),
                "\n".join(item.depends),
                item.name,
                item.hash,
                item.text,
            )
            for item in texts
            if item.guid in modified and _is_storable(item.text)
        ]
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.DatabaseError:
            return  # a cache that cannot be written only makes the next plan slower

    def keep_known(self, known: Known) -> None:
        """Remember which connections the target has, and who has which obj_id."""
        rows = [("connection", name, guid) for name, guids in known.connections.items() for guid in guids]
        rows += [("obj_id", name, guid) for name, guid in known.guids.items()]
        try:
            with self._database:
                self._database.execute("DELETE FROM known")
                self._database.executemany("INSERT INTO known VALUES (?, ?, ?)", rows)
        except sqlite3.DatabaseError:
            return  # as above

    def last_known_target(self) -> Known:
        """What was known of the target when it was read last."""
        try:
            rows = self._database.execute("SELECT kind, name, guid FROM known ORDER BY rowid").fetchall()
        except sqlite3.DatabaseError:
            return Known()
        connections: dict[str, tuple[str, ...]] = {}
        for _, name, guid in (row for row in rows if row[0] == "connection"):
            connections[name] = (*connections.get(name, ()), guid)
        return Known(connections=connections, guids={name: guid for kind, name, guid in rows if kind == "obj_id"})

    def keep_memo(self, digest: str, body: str) -> None:
        """Remember one text under a digest, in place of any other."""
        try:
            with self._database:
                self._database.execute("DELETE FROM memo")
                self._database.execute("INSERT INTO memo VALUES (?, ?, ?)", (digest, body, _hash(body)))
        except sqlite3.DatabaseError:
            return  # as above

    def memo(self, digest: str) -> str:
        """The text that is remembered under a digest; "" when there is none."""
        try:
            row = self._database.execute("SELECT body, hash FROM memo WHERE digest = ?", (digest,)).fetchone()
        except sqlite3.DatabaseError:
            return ""
        return str(row[0]) if row and _hash(row[0]) == row[1] else ""

    def _rows(self, form: str) -> list[tuple[str, LiveText]]:
        query = "SELECT CAST(guid AS TEXT), CAST(name AS TEXT), CAST(text AS TEXT), hash, CAST(depends AS TEXT), stamp"
        try:
            rows = self._database.execute(f"{query} FROM texts WHERE form = ?", (form,)).fetchall()
        except sqlite3.DatabaseError:
            self._database.close()
            _remove(self._path)
            self._database = _open(self._path)
            return []
        read = ((row[5], live_text(row[0], row[1], row[2], filter(None, row[4].split("\n"))), row[3]) for row in rows)
        return [(read_at, item) for read_at, item, digest in read if item.hash == digest]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_storable(text: str) -> bool:
    """Whether SQLite can hold the text: half a surrogate pair has no UTF-8."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        try:
            return _made(path)
        except OSError:
            return _connect(":memory:")  # where nothing may be written, nothing is remembered
    return _connect(":memory:")


def _made(path: Path) -> sqlite3.Connection:
    """The file, for its owner's eyes only: it holds what only they may export. Raises OSError."""
    make_private(path.parent)
    for _ in range(_TRIES):
        path.touch(mode=0o600, exist_ok=True)
        try:
            return _connect(str(path))
        except sqlite3.DatabaseError:
            _remove(path)
    raise OSError(f"{path} cannot be used as a database")


def _connect(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.executescript(_SCHEMA)
        row = database.execute("SELECT format FROM about").fetchone()
        if row is None or row[0] != _FORMAT:
            with database:
                database.execute("DELETE FROM texts")
                database.execute("DELETE FROM known")
                database.execute("DELETE FROM about")
                database.execute("INSERT INTO about VALUES (?)", (_FORMAT,))
    except BaseException:
        database.close()
        raise
    return database


def _remove(path: Path | None) -> None:
    """Out of the way, where it can be removed; who opens it next finds out."""
    if path is not None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
