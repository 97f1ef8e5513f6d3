"""A cluster: everything one ThoughtSpot remembers, and its clock."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType

from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.store import objects, orgs, tags, tokens
from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.store.objects import Objects
from tsdeploy.sandbox.store.orgs import Orgs
from tsdeploy.sandbox.store.tags import Tags
from tsdeploy.sandbox.store.tokens import Tokens
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_NAME

# Tables that others refer to come first.
_SCHEMA = "".join(store.SCHEMA for store in (orgs, tokens, objects, tags))


class Cluster:
    """One ThoughtSpot. Many can live in one process; each has its own database.

    ``path`` is the SQLite file, made when it is missing; without one the cluster lives in memory.
    """

    def __init__(self, path: Path | None = None, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.database = Database(path, _SCHEMA)
        self.orgs = Orgs(self.database)
        self.tokens = Tokens(self.database)
        self.tags = Tags(self.database)
        self.objects = Objects(self.database)
        self._clock_lock = threading.Lock()
        self._latest = self.objects.last_modified()
        with self.database.transaction():
            for name in (PRIMARY_ORG_NAME, *self.settings.orgs):
                self.orgs.ensure(name)

    def now(self) -> int:
        """Milliseconds since the epoch; never the same twice, so that times order what happened."""
        with self._clock_lock:
            self._latest = max(self._latest + 1, time.time_ns() // 1_000_000)
            return self._latest

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
