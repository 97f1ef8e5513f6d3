"""The Flask application of one cluster: routes made from the declared endpoints, and nothing else."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Request, Response, json, request
from werkzeug.exceptions import HTTPException

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.endpoints import ENDPOINTS
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.web.arguments import coerce
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import ApiError, Code, argument_error, system_error
from tsdeploy.sandbox.web.sessions import find_caller, need_caller

BASE = "/api/rest/2.0"
HEALTH = "/sandbox/health"

_log = logging.getLogger(__name__)


def make_app(cluster: Cluster) -> Flask:
    """The WSGI application that serves a cluster."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = cluster.settings.max_body_bytes
    app.add_url_rule(
        HEALTH, "health", lambda: _json({"name": cluster.settings.name, "pid": os.getpid(), "status": "ok"})
    )
    for endpoint in ENDPOINTS:
        if not has(cluster.settings.release, endpoint.since):
            continue
        app.add_url_rule(
            BASE + endpoint.path,
            f"{endpoint.method} {endpoint.path}",
            _view(cluster, endpoint),
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    app.register_error_handler(ApiError, lambda error: _json(error.body(), error.status))
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    return app


def _view(cluster: Cluster, endpoint: Endpoint) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        with cluster.database.transaction():
            caller = (find_caller if endpoint.open else need_caller)(cluster, request)
            body = {} if endpoint.method == "GET" else _body(endpoint, request)
            return _sent(endpoint.handler(Call(cluster, caller, coerce(endpoint.arguments, {**body, **parts}))))

    return view


def _body(endpoint: Endpoint, incoming: Request) -> Mapping[str, Any]:
    """The JSON body. Raises ApiError 415 for another content type, 400 in shape (c) for what is no object."""
    data = incoming.get_data()
    if not data and endpoint.bodiless:
        return {}
    if data and incoming.mimetype != "application/json":
        raise argument_error(guesses.UNSUPPORTED_MEDIA_TEXT, 415)
    try:
        body = json.loads(data)
    except ValueError:
        raise argument_error(guesses.NO_JSON_TEXT) from None
    if not isinstance(body, dict):
        raise argument_error(guesses.NO_JSON_TEXT)
    return body


def _sent(reply: Reply) -> Response:
    response = Response(status=204) if reply.body is None else _json(reply.body)
    for name, value in reply.cookies.items():
        # Without Secure, which clients would drop on plain http.
        response.set_cookie(name, value, path="/", httponly=True, max_age=None if value else 0)
    return response


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, sort_keys=False), status, mimetype="application/json")


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    refusal = argument_error(guesses.HTTP_TEXTS.get(status, error.name), status)
    return _json(refusal.body(), status)


def _failed(error: Exception) -> Response:
    """A mistake of the sandbox itself: logged, and answered as ThoughtSpot answers its own."""
    _log.error("the sandbox failed", exc_info=error)
    refusal = system_error(f"{type(error).__name__}: {error}", Code.INTERNAL, 500)
    return _json(refusal.body(), 500)
