"""A cluster: everything one ThoughtSpot remembers, and its clock."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from tsdeploy.sandbox.background import Background
from tsdeploy.sandbox.clock import Clock
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.snapshots import Snapshots, snapshots_beside
from tsdeploy.sandbox.store import (
    git_configs,
    groups,
    marks,
    mint,
    objects,
    orgs,
    publications,
    ripples,
    roles,
    shares,
    tags,
    tasks,
    tokens,
    users,
    variables,
    warehouses,
)
from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.store.git_configs import GitConfigs
from tsdeploy.sandbox.store.groups import Groups
from tsdeploy.sandbox.store.marks import Marks
from tsdeploy.sandbox.store.mint import Mint
from tsdeploy.sandbox.store.objects import Objects
from tsdeploy.sandbox.store.orgs import Org, Orgs
from tsdeploy.sandbox.store.publications import Publications
from tsdeploy.sandbox.store.ripples import Ripples
from tsdeploy.sandbox.store.roles import Roles
from tsdeploy.sandbox.store.shares import Shares
from tsdeploy.sandbox.store.tags import Tags
from tsdeploy.sandbox.store.tasks import Tasks
from tsdeploy.sandbox.store.tokens import Tokens
from tsdeploy.sandbox.store.users import Users, system_users
from tsdeploy.sandbox.store.variables import Variables
from tsdeploy.sandbox.store.warehouses import Warehouses
from tsdeploy.sandbox.traffic.road import traffic_of
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, PRIMARY_ORG_NAME

# Tables that others refer to come first.
_STORES = (
    mint,
    orgs,
    tokens,
    objects,
    users,
    roles,
    groups,
    shares,
    tags,
    tasks,
    variables,
    publications,
    git_configs,
    warehouses,
    ripples,
    marks,
)
_SCHEMA = "".join(store.SCHEMA for store in _STORES)


class Cluster:
    """One ThoughtSpot. Many can live in one process; each has its own database.

    ``path`` is the SQLite file, made when it is missing; without one the cluster lives in memory.
    """

    def __init__(self, path: Path | None = None, settings: Settings | None = None) -> None:
        self.path = path
        self.settings = settings or Settings()
        self.database = Database(path, _SCHEMA)
        self.orgs = Orgs(self.database)
        self.mint = Mint(self.database, self.settings.seed)
        self.tokens = Tokens(self.database, self.mint)
        self.tags = Tags(self.database)
        self.objects = Objects(self.database)
        self.users = Users(self.database)
        self.roles = Roles(self.database)
        self.groups = Groups(self.database)
        self.shares = Shares(self.database)
        self.tasks = Tasks(self.database)
        self.variables = Variables(self.database)
        self.publications = Publications(self.database)
        self.git_configs = GitConfigs(self.database)
        self.warehouses = Warehouses(self.database)
        self.ripples = Ripples(self.database)
        self.marks = Marks(self.database)
        self.background = Background()
        self.snapshots = Snapshots(self.database, snapshots_beside(path) if path else None)
        self.clock = Clock(self._latest(), stepping=self.settings.seed is not None)
        self.traffic = traffic_of(self.settings, self.clock, self.mint)
        with self.database.transaction():
            for user in system_users():
                if self.users.find(user.id) is None:
                    self.users.save(user)
                    self.users.join(user.id, [PRIMARY_ORG_ID])
            for name in (PRIMARY_ORG_NAME, *self.settings.orgs):
                self.add_org(name)

    def add_org(self, name: str) -> Org:
        """The Org with a name, made with the groups that every Org has if there is none."""
        org = self.orgs.ensure(name)
        self.groups.found(org.id)
        return org

    def now(self) -> int:
        """Milliseconds since the epoch; never the same twice, so that times order what happened."""
        return self.clock.now()

    def fork(self) -> Cluster:
        """Another cluster, in memory, that has all that this one has."""
        copy = Cluster(settings=self.settings)
        copy.database.become_copy_of(self.database)
        copy.clock.restart(copy._latest())
        return copy

    def restore(self, snapshot: str) -> None:
        """Make everything what it was, tokens and a stepping clock included. Raises UsageError TD809."""
        self.snapshots.restore(snapshot)
        self.clock.restart(self._latest())

    def _latest(self) -> int:
        """The time of the last thing that happened."""
        return max(self.objects.last_modified(), self.tokens.last_minted())

    def close(self) -> None:
        """End what runs in the background and close the database."""
        self.background.close()
        self.snapshots.close()
        self.database.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
