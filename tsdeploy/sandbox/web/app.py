"""The Flask application of one cluster: routes made from the declared endpoints, and nothing else."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from flask import Flask, Request, Response, json, request
from werkzeug.exceptions import HTTPException

from tsdeploy.errors import TsdeployError
from tsdeploy.sandbox import admin, guesses
from tsdeploy.sandbox.admin.access import admit as admit_admin
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.endpoints import ENDPOINTS
from tsdeploy.sandbox.importing.tasks import resume
from tsdeploy.sandbox.page.page import page
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.v1.app import register as register_v1
from tsdeploy.sandbox.web.arguments import at_release, coerce
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import ApiError, Code, argument_error, system_error
from tsdeploy.sandbox.web.noting import count_objects, note_caller, notes_of
from tsdeploy.sandbox.web.routes import ADMIN_BASE, BASE, HEALTH
from tsdeploy.sandbox.web.routing import Routes
from tsdeploy.sandbox.web.sessions import admit, find_caller, need_caller, set_cookies
from tsdeploy.sandbox.web.visitors import refuse_foreign_pages

_log = logging.getLogger(__name__)


def make_app(cluster: Cluster) -> Flask:
    """The WSGI application that serves a cluster."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = cluster.settings.max_body_bytes
    resume(cluster)
    app.before_request(lambda: refuse_foreign_pages(cluster.settings, request))
    routes = Routes()
    register_v1(routes, cluster)
    health = {"name": cluster.settings.name, "pid": os.getpid(), "status": "ok"}
    routes.add("GET", HEALTH, lambda: _json(health))
    routes.add("GET", "/", page)
    for endpoint in ENDPOINTS:
        if has(cluster.settings.release, endpoint.since):
            routes.add(endpoint.method, BASE + endpoint.path, _view(cluster, endpoint))
    for endpoint in admin.ENDPOINTS:
        routes.add(endpoint.method, ADMIN_BASE + endpoint.path, _admin_view(cluster, endpoint))
    routes.mount(app)

    def refuse(error: ApiError) -> Response:
        return _json(error.body(cluster.mint.incident()), error.status)

    app.register_error_handler(ApiError, refuse)
    app.register_error_handler(HTTPException, lambda error: refuse(_refusal(error)))
    app.register_error_handler(Exception, lambda error: refuse(_failure(error)))
    return app


def _view(cluster: Cluster, endpoint: Endpoint) -> Callable[..., Response]:
    declared = at_release(endpoint.arguments, cluster.settings.release)

    def view(**parts: str) -> Response:
        notes = notes_of(request)
        caller = (find_caller if endpoint.open else need_caller)(cluster, request)
        if caller is not None:
            note_caller(notes, cluster, caller)
        access = admit(cluster, caller, endpoint)
        body = {} if endpoint.method == "GET" else _body(endpoint, request)
        call = Call(cluster, caller, coerce(declared, {**body, **parts}), access)
        reply = _reply(endpoint, call)
        notes.objects = count_objects(call.arguments, reply.body)
        return _sent(reply)

    return view


def _admin_view(cluster: Cluster, endpoint: Endpoint) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        admit_admin(cluster.settings, request)
        given = request.args if endpoint.method == "GET" else _body(endpoint, request)
        call = Call(cluster, None, coerce(endpoint.arguments, {**given, **parts}))
        try:
            return _sent(_reply(endpoint, call))
        except TsdeployError as error:
            raise argument_error(error.findings[0].message) from None

    return view


def _reply(endpoint: Endpoint, call: Call) -> Reply:
    with call.cluster.database.transaction() if endpoint.transactional else nullcontext():
        return endpoint.handler(call)


def _body(endpoint: Endpoint, incoming: Request) -> Mapping[str, Any]:
    """The JSON body. Raises ApiError 415 for another content type, 400 in shape (c) for what is no object."""
    data = incoming.get_data()
    if not data and endpoint.bodiless:
        return {}
    if data and incoming.mimetype != "application/json":
        raise argument_error(guesses.UNSUPPORTED_MEDIA_TEXT, 415)
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise argument_error(guesses.NO_JSON_TEXT) from None
    if not isinstance(body, dict):
        raise argument_error(guesses.NO_JSON_TEXT)
    return body


def _sent(reply: Reply) -> Response:
    response = Response(status=204) if reply.body is None else _json(reply.body)
    set_cookies(response, reply.cookies)
    return response


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, sort_keys=False), status, mimetype="application/json")


def _refusal(error: HTTPException) -> ApiError:
    status = error.code or 500
    return argument_error(guesses.HTTP_TEXTS.get(status, error.name), status)


def _failure(error: Exception) -> ApiError:
    """A mistake of the sandbox itself: logged, and answered as ThoughtSpot answers its own."""
    _log.error("the sandbox failed", exc_info=error)
    return system_error(f"{type(error).__name__}: {error}", Code.INTERNAL, 500)
