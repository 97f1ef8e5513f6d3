"""The answers of faults: refusals in the shapes that ThoughtSpot has for them, and answers that were spoiled."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.traffic.exchange import Answer
from tsdeploy.sandbox.traffic.rules import Fault, Kind
from tsdeploy.sandbox.web.failures import ApiError, Code, argument_error, business_error, system_error

MAINTENANCE_PAGE: Final = (
    "<!DOCTYPE html>\n<html>\n<head><title>ThoughtSpot Site Maintenance</title></head>\n"
    "<body><h1>Site Maintenance</h1><p>System Maintenance is in progress.</p></body>\n</html>\n"
)
"""Source: facts about the REST API, section 1: the two titles, in HTML, sometimes with status 200."""

_GATEWAY = (502, 503, 504)
_V1 = "callosum/"
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def refusal(fault: Fault, endpoint: str, incident_id: str) -> Answer:
    """The answer of a STATUS, MAINTENANCE or EXPIRED_TOKEN fault."""
    if fault.kind is Kind.MAINTENANCE:
        return _html(fault.status or 503, MAINTENANCE_PAGE, fault.retry_after)
    status = 401 if fault.kind is Kind.EXPIRED_TOKEN else fault.status or 503
    if status in _GATEWAY and not fault.message:
        return _html(status, guesses.gateway_page(status, reason(status)), fault.retry_after)
    error = _error(status, fault)
    body = error.v1_body(incident_id) if endpoint.startswith(_V1) else error.body(incident_id)
    return _json(status, body, fault.retry_after)


def too_many(endpoint: str, retry_after: str, incident_id: str) -> Answer:
    """429, for a client over its rate limit."""
    return refusal(Fault(Kind.STATUS, status=429, retry_after=retry_after), endpoint, incident_id)


def reason(status: int) -> str:
    """The reason phrase of a status, "" for one that has none."""
    return _PHRASES.get(status, "")


def spoiled(fault: Fault, answer: Answer) -> Answer:
    """An answer after a TRUNCATE, CONTENT_TYPE, BROKEN_JSON or ITEM fault."""
    spoil = _SPOILERS.get(fault.kind)
    return spoil(fault, answer) if spoil else answer


def _truncated(fault: Fault, answer: Answer) -> Answer:
    return replace(answer, cut=min(fault.size, max(len(answer.body) - 1, 0)))


def _mistyped(fault: Fault, answer: Answer) -> Answer:
    return replace(answer, headers=answer.with_header("Content-Type", fault.content_type))


def _broken(_fault: Fault, answer: Answer) -> Answer:
    if not answer.body:
        return Answer(200, answer.with_header("Content-Type", "application/json"), b"{")
    return replace(answer, body=answer.body[:-1])


def _failed_item(fault: Fault, answer: Answer) -> Answer:
    """A TML export in which one object is refused. Other answers stay as they are."""
    items = json.loads(answer.body) if answer.status == 200 and answer.body else None
    if not isinstance(items, list):
        return answer
    for item in items:
        info = item.get("info") if isinstance(item, dict) else None
        if isinstance(info, dict) and fault.object in (info.get("name"), info.get("id")):
            text = fault.message or guesses.export_forbidden(str(info.get("id")))
            item["edoc"] = None
            item["info"] = {**info, "status": {"status_code": "ERROR", "error_message": text}}
    return replace(answer, body=json.dumps(items, ensure_ascii=False).encode())


_SPOILERS: Final[dict[Kind, Callable[[Fault, Answer], Answer]]] = {
    Kind.TRUNCATE: _truncated,
    Kind.CONTENT_TYPE: _mistyped,
    Kind.BROKEN_JSON: _broken,
    Kind.ITEM: _failed_item,
}


def _error(status: int, fault: Fault) -> ApiError:
    """What belongs to a status. Source: the code table of the facts about the REST API, section 2."""
    if status == 401:
        return system_error(fault.message or guesses.UNAUTHORIZED_TEXT, fault.code or Code.NOT_AUTHENTICATED, 401)
    if status == 403:
        return system_error(fault.message or guesses.FORBIDDEN_TEXT, fault.code or Code.FORBIDDEN, 403)
    if status == 429:
        return argument_error(fault.message or guesses.TOO_MANY_REQUESTS_TEXT, 429)
    if status == 400 or status >= 500:
        usual = Code.INVALID_PARAMETER if status == 400 else Code.INTERNAL
        return business_error(fault.message or reason(status), fault.code or usual, status)
    return argument_error(fault.message or reason(status), status)


def _json(status: int, body: Any, retry_after: str) -> Answer:
    content = json.dumps(body, ensure_ascii=False).encode()
    return Answer(status, (("Content-Type", "application/json"), *_retry(retry_after)), content)


def _html(status: int, page: str, retry_after: str) -> Answer:
    return Answer(status, (("Content-Type", "text/html; charset=utf-8"), *_retry(retry_after)), page.encode())


def _retry(retry_after: str) -> tuple[tuple[str, str], ...]:
    return (("Retry-After", retry_after),) if retry_after else ()
