"""Bearer tokens and session cookies; both stand for one user in one Org until they expire."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, user_id TEXT NOT NULL, org_id INTEGER NOT NULL,
  created INTEGER NOT NULL, expires INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One token. Times are milliseconds since the epoch. A token's Org is fixed when it is minted."""

    token: str
    user_id: str
    org_id: int
    created: int
    expires: int


class Tokens:
    """The tokens of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mint(self, *, user_id: str, org_id: int, now: int, seconds: int) -> Token:
        """A new token that is good for so many seconds."""
        minted = Token(f"sandbox.{secrets.token_urlsafe(32)}", user_id, org_id, now, now + seconds * 1000)
        self._database.execute(
            "INSERT INTO tokens (token, user_id, org_id, created, expires) VALUES (?, ?, ?, ?, ?)",
            minted.token,
            minted.user_id,
            minted.org_id,
            minted.created,
            minted.expires,
        )
        return minted

    def find(self, token: str, now: int) -> Token | None:
        """The token, unless it is unknown, revoked or expired."""
        row = self._database.row(
            "SELECT token, user_id, org_id, created, expires FROM tokens WHERE token = ? AND expires > ?", token, now
        )
        return Token(**row) if row else None

    def revoke(self, token: str) -> None:
        """Forget one token."""
        self._database.execute("DELETE FROM tokens WHERE token = ?", token)

    def revoke_user(self, user_id: str) -> None:
        """Forget all tokens of a user."""
        self._database.execute("DELETE FROM tokens WHERE user_id = ?", user_id)
