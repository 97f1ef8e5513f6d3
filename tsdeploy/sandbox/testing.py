"""A sandbox in the process of a test: everything about it in one place."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from tsdeploy.errors import Finding, UsageError
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.folder import LoadedObject, load_folder
from tsdeploy.sandbox.importing.tasks import resume
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.traffic.faults import Faults
from tsdeploy.sandbox.traffic.log import RequestLog
from tsdeploy.sandbox.web.server import Server
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, TSADMIN_NAME

_DAY = 24 * 3600


class Sandbox:
    """An empty cluster in memory on a free port; a context manager. The bodies of requests are logged, too."""

    def __init__(self, settings: Settings | None = None, cluster: Cluster | None = None) -> None:
        self.cluster = cluster or Cluster(settings=settings)
        self.cluster.traffic.requests.keep_bodies = True
        self._server = Server(self.cluster)

    @property
    def url(self) -> str:
        """Where it is: ``http://127.0.0.1:43211``."""
        return self._server.url

    @property
    def secret_key(self) -> str:
        """What opens a session as any user."""
        return self.cluster.settings.secret_key

    @property
    def faults(self) -> Faults:
        """What goes wrong: ``sandbox.faults.add("status", "metadata/search", status=503, times=2)``."""
        return self.cluster.traffic.faults

    @property
    def requests(self) -> RequestLog:
        """What was asked: ``sandbox.requests.of("metadata/tml/import")``."""
        return self.cluster.traffic.requests

    def token(self, user: str = TSADMIN_NAME, org: str = "") -> str:
        """A bearer token for a day, of a user in an Org by id or name. Raises UsageError TD806 or TD817."""
        found = self.cluster.users.find(user)
        if found is None:
            raise UsageError(Finding("TD817", f"the sandbox has no user {user!r}", hint="make the user first"))
        now = self.cluster.now()
        minted = self.cluster.tokens.mint(user_id=found.id, org_id=self._org(org), now=now, seconds=_DAY)
        return minted.token

    def load(self, folder: Path | str, org: str = "") -> tuple[LoadedObject, ...]:
        """Load a folder of TML into an Org. Raises what ``load_folder`` raises."""
        return load_folder(self.cluster, Path(folder), self._org(org))

    def snapshot(self, name: str = "snapshot") -> None:
        """Keep everything as it is now."""
        self.cluster.snapshots.save(name)

    def restore(self, name: str = "snapshot") -> None:
        """Make everything what it was. Raises UsageError TD809 when there is no such snapshot."""
        self.cluster.restore(name)
        resume(self.cluster)

    def fork(self) -> Sandbox:
        """Another sandbox that has all that this one has; to be closed by itself."""
        return Sandbox(cluster=self.cluster.fork())

    def close(self) -> None:
        """Stop listening and forget everything."""
        self._server.close()
        self.cluster.close()

    def _org(self, identifier: str) -> int:
        found = self.cluster.orgs.find(identifier or str(PRIMARY_ORG_ID))
        if found is None:
            raise UsageError(Finding("TD806", f"the cluster has no Org {identifier}"))
        return found.id

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
