"""Who calls: the bearer token or the session cookie of a request."""

from __future__ import annotations

from flask import Request

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.web.failures import Code, system_error

COOKIE = "JSESSIONID"
_BEARER = "bearer "


def presented(request: Request) -> str:
    """The token text that a request carries, or ""."""
    header = request.headers.get("Authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    return request.cookies.get(COOKIE, "")


def find_caller(cluster: Cluster, request: Request) -> Token | None:
    """The token of a request, None when it has none that is good."""
    token = presented(request)
    return cluster.tokens.find(token, cluster.now()) if token else None


def need_caller(cluster: Cluster, request: Request) -> Token:
    """The token of a request. Raises ApiError 401/10097 in shape (b)."""
    caller = find_caller(cluster, request)
    if caller is None:
        raise system_error(guesses.UNAUTHORIZED_TEXT, Code.NOT_AUTHENTICATED, 401)
    return caller
