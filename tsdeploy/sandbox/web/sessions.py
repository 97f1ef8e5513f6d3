"""Who calls: the bearer token or the session cookie of a request, and whether the caller may."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Request, Response

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.access import Access, access_of
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.web.endpoint import Endpoint
from tsdeploy.sandbox.web.failures import Code, system_error

COOKIE = "JSESSIONID"
_BEARER = "bearer "


def set_cookies(response: Response, cookies: Mapping[str, str]) -> None:
    """Set cookies, "" removes one; without Secure, which clients would drop on plain http."""
    for name, value in cookies.items():
        response.set_cookie(name, value, path="/", httponly=True, max_age=None if value else 0)


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


def admit(cluster: Cluster, caller: Token | None, endpoint: Endpoint) -> Access | None:
    """What the caller of an endpoint may do, None for nobody. Raises ApiError 403/10023 in shape (b).

    A token for one object only reads, whatever its user may.
    """
    if caller is None:
        return None
    access = access_of(cluster, caller)
    if access.only and not endpoint.reads:
        raise system_error(guesses.READ_ONLY_TOKEN_TEXT, Code.FORBIDDEN, 403)
    if endpoint.needs and not access.may(endpoint.needs):
        raise system_error(endpoint.refusal or guesses.missing_privilege(endpoint.needs), Code.FORBIDDEN, 403)
    return access
