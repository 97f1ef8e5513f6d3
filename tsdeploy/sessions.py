"""A REST session for an environment."""

from __future__ import annotations

from tsdeploy.config.environment import Environment
from tsdeploy.rest import Budget, Pacing, Session


def connect(environment: Environment, budget: Budget | None = None, *, pacing: Pacing | None = None) -> Session:
    """A session as the environment file describes it; nothing is sent before it is used.

    Sessions with the same cluster are to share a ``budget``. ``pacing`` says how long to try again.
    """
    tls = environment.tls
    return Session(
        environment.url,
        environment.auth,
        org=environment.org,
        verify=str(tls.ca_bundle) if tls.ca_bundle else tls.verify,
        timeout=(environment.timeout.connect, environment.timeout.read),
        budget=budget,
        pacing=pacing,
    )
