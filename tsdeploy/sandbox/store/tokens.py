"""Bearer tokens and session cookies; both stand for one user in one Org until they expire."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.store.mint import Mint

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, user_id TEXT NOT NULL, org_id INTEGER NOT NULL,
  created INTEGER NOT NULL, expires INTEGER NOT NULL, metadata_id TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS tokens_created ON tokens (created);
"""

_COLUMNS: Final = "token, user_id, org_id, created, expires, metadata_id"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. Times are milliseconds since the epoch. A token's Org is fixed when it is minted.

    ``metadata_id`` is the GUID of the one object that an object token opens, "" for a token of everything.
    """

    token: str
    user_id: str
    org_id: int
    created: int
    expires: int
    metadata_id: str = ""


class Tokens:
    """The tokens of a cluster."""

    def __init__(self, database: Database, mint: Mint) -> None:
        self._database = database
        self._mint = mint

    def mint(self, *, user_id: str, org_id: int, now: int, seconds: int, metadata_id: str = "") -> Token:
        """A new token that is good for so many seconds."""
        minted = Token(f"sandbox.{self._mint.secret()}", user_id, org_id, now, now + seconds * 1000, metadata_id)
        self._database.execute(f"INSERT INTO tokens ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", *astuple(minted))
        return minted

    def find(self, token: str, now: int) -> Token | None:
        """The token, unless it is unknown, revoked or expired, or its user cannot log in any more."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM tokens WHERE token = ? AND expires > ?"
            " AND user_id IN (SELECT id FROM users WHERE account_status = 'ACTIVE')",
            token,
            now,
        )
        return Token(**row) if row else None

    def last_minted(self) -> int:
        """When the last token was minted, 0 when there is none."""
        row = self._database.row("SELECT coalesce(max(created), 0) AS latest FROM tokens")
        return int(row["latest"]) if row else 0

    def move(self, token: str, org_id: int) -> None:
        """Put a session into another Org, as only V1 can."""
        self._database.execute("UPDATE tokens SET org_id = ? WHERE token = ?", org_id, token)

    def revoke(self, token: str) -> None:
        """Forget one token."""
        self._database.execute("DELETE FROM tokens WHERE token = ?", token)

    def revoke_user(self, user_id: str) -> None:
        """Forget all tokens of a user."""
        self._database.execute("DELETE FROM tokens WHERE user_id = ?", user_id)
