"""The log of requests."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.web.arguments import flag, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import argument_error

_FILE: Final = "requests.jsonl"


def requests(call: Call) -> Reply:
    """``GET /requests``: those of a glob over endpoints and a method, after a number, at most the last ``size``."""
    found = call.cluster.traffic.requests.of(call.text("path") or "*", call.text("method"))
    newer = [request for request in found if request.number > (call.number("after") or 0)]
    size = max(call.number("size") or 0, 0)
    return Reply({"requests": [request.to_json() for request in newer[max(len(newer) - size, 0) :]]})


def clear(call: Call) -> Reply:
    """``DELETE /requests``: forget them all."""
    call.cluster.traffic.requests.clear()
    return Reply()


def keep(call: Call) -> Reply:
    """``POST /requests``: whether the bodies of requests are kept, too, with secrets hidden."""
    call.cluster.traffic.requests.keep_bodies = call.flag("keep_bodies")
    return Reply()


def save(call: Call) -> Reply:
    """``POST /requests/save``: write the log beside the sandbox's database, one line of JSON for each request."""
    if call.cluster.path is None:
        raise argument_error("A sandbox in memory has no folder to write to.")
    file = call.cluster.path.with_name(_FILE)
    return Reply({"file": str(file), "requests": call.cluster.traffic.requests.save(file)})


ENDPOINTS = (
    Endpoint(
        "GET",
        "/requests",
        requests,
        (text("path"), text("method"), number("after", 0), number("size", 1000)),
        transactional=False,
    ),
    Endpoint("DELETE", "/requests", clear, bodiless=True, transactional=False),
    Endpoint("POST", "/requests", keep, (flag("keep_bodies"),), transactional=False),
    Endpoint("POST", "/requests/save", save, bodiless=True, transactional=False),
)
