"""New GUIDs and secrets: random ones, or with a seed the same ones in every run."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import uuid
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = "CREATE TABLE IF NOT EXISTS minted (count INTEGER NOT NULL);"


class Mint:
    """What a cluster makes up. How many it made with a seed is kept in the database, so a restart repeats none."""

    def __init__(self, database: Database, seed: int | None) -> None:
        self._database = database
        self._seed = seed
        self._incidents = itertools.count()

    def guid(self) -> str:
        """A new GUID."""
        return str(uuid.uuid4()) if self._seed is None else _guid(self._next("guid"))

    def secret(self) -> str:
        """What nobody can guess, unless they know the seed."""
        return secrets.token_urlsafe(32) if self._seed is None else self._next("secret").hex()

    def incident(self) -> str:
        """The GUID of a failed request. Its count is not kept: a failure changes nothing."""
        return str(uuid.uuid4()) if self._seed is None else _guid(self._digest("incident", next(self._incidents)))

    def _next(self, purpose: str) -> bytes:
        row = self._database.row("SELECT count FROM minted")
        if row is None:
            self._database.execute("INSERT INTO minted (count) VALUES (1)")
            return self._digest(purpose, 0)
        self._database.execute("UPDATE minted SET count = count + 1")
        return self._digest(purpose, int(row["count"]))

    def _digest(self, purpose: str, number: int) -> bytes:
        return hashlib.sha256(f"{self._seed} {purpose} {number}".encode()).digest()


def _guid(digest: bytes) -> str:
    return str(uuid.UUID(bytes=digest[:16], version=4))
