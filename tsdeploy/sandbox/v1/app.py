"""The routes of V1 in the Flask application: what is asked of a request, and how answers and refusals are sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Request, Response, request

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.v1 import dependencies, listing, permissions, sessions, storables, tml
from tsdeploy.sandbox.v1.forms import Fields, read_fields
from tsdeploy.sandbox.v1.route import V2, Answer, Route, V1Call
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.sandbox.web.failures import ApiError, argument_error
from tsdeploy.sandbox.web.noting import note_caller, notes_of
from tsdeploy.sandbox.web.routing import Routes
from tsdeploy.sandbox.web.sessions import admit, find_caller, need_caller, set_cookies

ROUTES = (
    *sessions.ROUTES,
    *listing.ROUTES,
    *storables.ROUTES,
    *tml.ROUTES,
    *dependencies.ROUTES,
    *permissions.ROUTES,
)
_FORM = "application/x-www-form-urlencoded"
_TEXT = "text/plain"
_REQUESTED_BY = "X-Requested-By"


def register(routes: Routes, cluster: Cluster) -> None:
    """Add the routes of V1 to those of a cluster."""
    for route in ROUTES:
        routes.add(route.method, route.base + route.path, _view(cluster, route))


def _view(cluster: Cluster, route: Route) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        try:
            with cluster.database.transaction():
                return _sent(route, route.handler(_call(cluster, route, parts)))
        except ApiError as error:
            return _json(error.v1_body(cluster.mint.incident()), error.status)

    return view


def _call(cluster: Cluster, route: Route, parts: dict[str, str]) -> V1Call:
    _check_headers(route)
    caller = (find_caller if route.open else need_caller)(cluster, request)
    if caller is not None:
        note_caller(notes_of(request), cluster, caller)
    access = admit(cluster, caller, V2[route.rights]) if route.rights else None
    fields = Fields({**_fields(request).values, **parts})
    return V1Call(Call(cluster, caller, {}, access), fields)


def _check_headers(route: Route) -> None:
    """Raises ApiError for a request that a browser could have been tricked into, an answer type that TML has not,
    and an address that is too long."""
    if route.method != "GET" and _REQUESTED_BY not in request.headers:
        raise argument_error(guesses.NO_REQUESTED_BY_TEXT)
    if route.plain and request.accept_mimetypes.best_match([_TEXT]) is None:
        raise argument_error(guesses.HTTP_TEXTS[406], 406)
    if len(request.full_path) > guesses.LONGEST_URI:
        raise argument_error(guesses.HTTP_TEXTS[414], 414)


def _fields(incoming: Request) -> Fields:
    """The query of a GET, the form of anything else. Raises ApiError 415 for another content type."""
    if incoming.method == "GET":
        return read_fields(incoming.query_string.decode("utf-8", "replace"))
    data = incoming.get_data()
    if data and incoming.mimetype != _FORM:
        raise argument_error(guesses.UNSUPPORTED_MEDIA_TEXT, 415)
    return read_fields(data.decode("utf-8", "replace"))


def _sent(route: Route, answer: Answer) -> Response:
    if answer.location:
        response = Response(status=302, headers={"Location": answer.location})
    elif answer.body is None:
        response = Response(status=204)
    elif isinstance(answer.body, str):
        response = Response(answer.body, mimetype=_TEXT)
    else:
        response = _json(answer.body, mimetype=_TEXT if route.plain else "application/json")
    set_cookies(response, answer.cookies)
    return response


def _json(body: Any, status: int = 200, mimetype: str = "application/json") -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype=mimetype)
