"""Asynchronous imports: what waits, what runs, and what became of the rest. They outlive the process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

from tsdeploy.sandbox.store.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS tasks (
  id TEXT PRIMARY KEY, org_id INTEGER NOT NULL, author_id TEXT NOT NULL, name TEXT NOT NULL, policy TEXT NOT NULL,
  request TEXT NOT NULL, status TEXT NOT NULL, total INTEGER NOT NULL, processed INTEGER, created INTEGER NOT NULL,
  started INTEGER, completed INTEGER, modified INTEGER NOT NULL, response TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS tasks_status ON tasks (status, created);
CREATE TABLE IF NOT EXISTS task_claims (
  task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, claim TEXT NOT NULL,
  PRIMARY KEY (task_id, claim)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS task_claims_claim ON task_claims (claim);
"""

QUEUED: Final = "IN_QUEUE"
RUNNING: Final = "IN_PROGRESS"
COMPLETED: Final = "COMPLETED"
FAILED: Final = "FAILED"
STATES: Final = (COMPLETED, QUEUED, RUNNING, FAILED)

_COLUMNS = (
    "id, org_id, author_id, name, policy, request, status, total, processed, created, started, completed, modified,"
    " response"
)
_ACTIVE = f"status IN ('{QUEUED}', '{RUNNING}')"


@dataclass(frozen=True, slots=True)
class Task:
    """One asynchronous import. ``request`` and ``response`` are JSON texts; ``response`` is "" until there is one.

    Times are milliseconds since the epoch; ``started`` and ``completed`` are None for as long as it is not.
    """

    id: str
    org_id: int
    author_id: str
    name: str
    policy: str
    request: str
    status: str
    total: int
    processed: int | None
    created: int
    started: int | None
    completed: int | None
    modified: int
    response: str


class Tasks:
    """The asynchronous imports of a cluster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, task: Task) -> None:
        """Write a task, new or changed."""
        columns = _COLUMNS.split(", ")
        changed = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        marks = ", ".join("?" * len(columns))
        self._database.execute(
            f"INSERT INTO tasks ({_COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changed}",
            *astuple(task),
        )

    def claim(self, task: Task, claims: Iterable[str]) -> None:
        """Remember which objects a task writes."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO task_claims (task_id, claim) VALUES (?, ?)", [(task.id, claim) for claim in claims]
        )

    def claimed(self, claims: Iterable[str]) -> bool:
        """Whether a task that waits or runs writes one of these objects."""
        query = (
            "SELECT claim FROM task_claims JOIN tasks ON tasks.id = task_id"
            f" WHERE {_ACTIVE} AND claim IN ({{marks}}) LIMIT 1"
        )
        return bool(self._database.rows_among(query, claims))

    def get(self, task_id: str) -> Task | None:
        """The task with an id."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM tasks WHERE id = ?", task_id)
        return Task(**row) if row else None

    def in_org(self, org_id: int) -> list[Task]:
        """The tasks of an Org, the newest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM tasks WHERE org_id = ? ORDER BY created DESC", org_id)
        return [Task(**row) for row in rows]

    def active(self) -> int:
        """How many tasks of the whole cluster wait or run."""
        row = self._database.row(f"SELECT count(*) AS number FROM tasks WHERE {_ACTIVE}")
        return int(row["number"]) if row else 0

    def next(self) -> Task | None:
        """The task to work on: one that was begun and never ended, else the one that has waited longest."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM tasks WHERE {_ACTIVE} ORDER BY status = '{QUEUED}', created LIMIT 1"
        )
        return Task(**row) if row else None
