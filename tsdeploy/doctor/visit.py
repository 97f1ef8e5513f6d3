"""What the checks of an environment look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from tsdeploy.config.environment import Environment, Timeout
from tsdeploy.config.project import Project
from tsdeploy.rest import Pacing, RetryPolicy, Session
from tsdeploy.sessions import connect

CONNECT_SECONDS = 5.0
"""How long a name, a connection and a handshake may take."""

_READ_SECONDS = 20.0
_STUBBORN = RetryPolicy(attempts=2, base=0.5, deadline=10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """An environment, and a session with it that does not wait long."""

    project: Project
    environment: Environment
    session: Session

    @property
    def url(self) -> SplitResult:
        """The environment's address in parts."""
        return urlsplit(self.environment.url)

    @property
    def file(self) -> str:
        """The environment's file, for messages."""
        return f"environments/{self.environment.name}/environment.yaml"


def impatient_session(environment: Environment) -> Session:
    """A session as the environment describes it that gives up soon; nothing is sent before it is used."""
    given = environment.timeout
    timeout = Timeout(min(given.connect, CONNECT_SECONDS), min(given.read, _READ_SECONDS))
    return connect(replace(environment, timeout=timeout), pacing=Pacing(_STUBBORN))
