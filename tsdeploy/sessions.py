"""A REST session for an environment."""

from __future__ import annotations

from tsdeploy.config.environment import Environment
from tsdeploy.rest import Budget, Session


def connect(environment: Environment, budget: Budget | None = None) -> Session:
    """A session as the environment file describes it; nothing is sent before it is used.

    Sessions with the same cluster are to share a ``budget``.
    """
    tls = environment.tls
    return Session(
        environment.url,
        environment.auth,
        org=environment.org,
        verify=str(tls.ca_bundle) if tls.ca_bundle else tls.verify,
        timeout=(environment.timeout.connect, environment.timeout.read),
        budget=budget,
    )
