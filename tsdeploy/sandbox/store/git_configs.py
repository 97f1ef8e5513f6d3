"""Which git repository each Org is connected to."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS git_configs (
  org_id INTEGER PRIMARY KEY REFERENCES orgs ON DELETE CASCADE, repository_url TEXT NOT NULL, username TEXT NOT NULL,
  access_token TEXT NOT NULL, commit_branch TEXT NOT NULL, branches TEXT NOT NULL, guid_mapping INTEGER NOT NULL,
  configuration_branch TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class GitConfig:
    """The repository of one Org. ``commit_branch`` is "" where none was given."""

    org_id: int
    repository_url: str
    username: str
    access_token: str
    commit_branch: str
    branches: tuple[str, ...]
    guid_mapping: bool
    configuration_branch: str


class GitConfigs:
    """The git configurations of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, config: GitConfig) -> None:
        """Write the configuration of an Org, new or changed."""
        columns = list(astuple(config))
        columns[5] = json.dumps(config.branches)
        self._database.execute("INSERT OR REPLACE INTO git_configs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *columns)

    def all(self) -> list[GitConfig]:
        """Every configuration, Primary's first."""
        rows = self._database.rows("SELECT * FROM git_configs ORDER BY org_id")
        return [
            GitConfig(
                **{
                    **dict(row),
                    "branches": tuple(json.loads(row["branches"])),
                    "guid_mapping": bool(row["guid_mapping"]),
                }
            )
            for row in rows
        ]

    def find(self, org_id: int) -> GitConfig | None:
        """The configuration of an Org."""
        return next((config for config in self.all() if config.org_id == org_id), None)

    def delete(self, org_id: int) -> None:
        """Forget the configuration of an Org."""
        self._database.execute("DELETE FROM git_configs WHERE org_id = ?", org_id)
