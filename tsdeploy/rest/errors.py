"""Turn what went wrong in an exchange into the one exception that says it, with what to do about it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from tsdeploy.errors import Finding, RestError
from tsdeploy.redact import Redactor, escaped
from tsdeploy.rest.answers import ServerAnswer, read_answer
from tsdeploy.rest.transport import UNREACHABLE_FAULTS, Call, Fault, NoReply, Reply

UNREACHABLE: Final = "TD401"
TLS: Final = "TD402"
SIGNED_OUT: Final = "TD403"
FORBIDDEN: Final = "TD404"
WRONG_ORG: Final = "TD405"
REJECTED: Final = "TD406"
SERVER_FAILED: Final = "TD407"
RATE_LIMITED: Final = "TD408"
UNKNOWN_OUTCOME: Final = "TD409"
NOT_UNDERSTOOD: Final = "TD410"
ONLY_V1: Final = "TD411"

_HINTS: Final = {
    UNREACHABLE: "check the environment's url, the network, and the proxy variables (HTTPS_PROXY, NO_PROXY)",
    TLS: "for a private certificate authority, set REQUESTS_CA_BUNDLE or verify to its PEM bundle",
    SIGNED_OUT: "check user name and password or secret key (with MFA only a secret key works); "
    "a ready token cannot be renewed: mint a new one",
    FORBIDDEN: "give the user access to the object and the privilege (DATAMANAGEMENT, DATADOWNLOADING, …)",
    WRONG_ORG: "write the Org's integer id into the environment, and make the user a member of that Org",
    REJECTED: "the server's text says what it does not accept",
    SERVER_FAILED: "try again later; for ThoughtSpot's support, quote the incident id",
    RATE_LIMITED: "wait, or run with less parallelism",
    UNKNOWN_OUTCOME: "look at the objects on the server before trying again",
    ONLY_V1: "from releases before 9.0 one can only export; for a later one, check the environment's url",
    NOT_UNDERSTOOD: "check that the environment's url is ThoughtSpot's own address, not that of a login page",
}
_FAULT_CODES: Final = {
    **dict.fromkeys(UNREACHABLE_FAULTS, UNREACHABLE),
    Fault.TLS: TLS,
    Fault.LOST: UNREACHABLE,
    Fault.TOO_LARGE: NOT_UNDERSTOOD,
}
_FAULT_HINTS: Final = {
    Fault.REFUSED: "nothing listens there: check host and port of the environment's url, and that the server runs",
    Fault.UNKNOWN_HOST: "no such name is known: check the host in the environment's url, and that you are in the "
    "network or VPN it belongs to; behind a proxy, set HTTPS_PROXY",
}
# ThoughtSpot's own codes and words that say more than the HTTP status (facts §2): a token for a foreign Org
# is a 400, a missing permission can be a 400 or a 500, and 10000 is the catch-all of a server that does not
# know itself.
_FOREIGN_ORG: Final = 13090
_INTERNAL: Final = 10000
_NOT_FOUND: Final = 13003
_PERMISSION_WORDS: Final = ("AUTHORIZATION_FAILURE", "Error Code: FORBIDDEN")


class ApiError(RestError):
    """The server answered with an HTTP error. ``answer`` holds its status, code, incident id and text."""

    def __init__(self, first: Finding, answer: ServerAnswer) -> None:
        super().__init__(first)
        self.answer = answer

    @property
    def is_not_found(self) -> bool:
        """Whether something that the call names is not there, or not for this user (13003, facts §2)."""
        return self.answer.code == _NOT_FOUND


class AnswerError(RestError):
    """The server's answer makes no sense: not JSON, not the expected shape, a maintenance page (TD410)."""


class UnknownOutcomeError(RestError):
    """A write was sent, and nobody can tell whether it was carried out (TD409). Look before a repeat."""


def finding(code: str, message: str, *, hint: str = "", call: Call | None = None, incident_id: str = "") -> Finding:
    """A finding with the hint that belongs to the code, or a better one, and what a call is found by in logs."""
    request_id = call.id if call else ""
    return Finding(code, message, hint=hint or _HINTS[code], request_id=request_id, incident_id=incident_id)


def not_understood(call: Call, what: str) -> RestError:
    """The error for an answer of status 2xx that makes no sense: for a write, its outcome is unknown."""
    if call.write:
        return unknown_outcome(call, what)
    return AnswerError(finding(NOT_UNDERSTOOD, f"{call}: {what}", call=call))


def unknown_outcome(call: Call, what: str, incident_id: str = "") -> UnknownOutcomeError:
    """The error for a write of which nobody can tell whether it was carried out."""
    message = f"{call}: it is unknown whether the server carried this out: {what}"
    return UnknownOutcomeError(finding(UNKNOWN_OUTCOME, message, call=call, incident_id=incident_id))


def no_reply_error(call: Call, failure: NoReply, redactor: Redactor) -> RestError:
    """The error for a call that got no answer."""
    text = redactor.clean(failure.text)
    if call.write and failure.may_have_arrived:
        return unknown_outcome(call, text)
    message = redactor.clean(f"{call}: no answer: {text}")
    return RestError(finding(_FAULT_CODES[failure.fault], message, hint=_FAULT_HINTS.get(failure.fault, ""), call=call))


def status_error(call: Call, reply: Reply, redactor: Redactor) -> RestError:
    """The error for a reply that is not a success: its status is not 2xx."""
    if 300 <= reply.status < 400:
        return _redirect_error(call, reply, redactor)
    answer = read_answer(reply, redactor)
    asked = redactor.clean(reply.headers.get("Retry-After", ""), 40)
    wait = f" (Retry-After: {asked})" if asked else ""
    if call.write and _leaves_doubt(answer):
        return unknown_outcome(call, f"{answer}{wait}", answer.incident_id)
    found = finding(_code(answer), f"{call}: {answer}{wait}", call=call, incident_id=answer.incident_id)
    return ApiError(found, answer)


def _redirect_error(call: Call, reply: Reply, redactor: Redactor) -> ApiError:
    try:
        host = urlsplit(reply.headers.get("Location", "")).hostname or "another path of the same host"
    except ValueError:
        host = "an address that is not a URL"
    text = f"the server redirects to {escaped(redactor.clean(host, 253))}; redirects are not followed"
    answer = ServerAnswer(reply.status, text=text)
    hint = "set the environment's url to the address that ThoughtSpot itself answers on"
    return ApiError(finding(NOT_UNDERSTOOD, f"{call}: {answer}", hint=hint, call=call), answer)


def _leaves_doubt(answer: ServerAnswer) -> bool:
    """Whether a write that got this answer may have been carried out all the same.

    A gateway's 502, 503 or 504 says nothing about the server behind it, and neither does a bare internal
    error. A 500 with one of ThoughtSpot's codes is a refusal: many are only called 500.
    """
    return answer.status > 500 or (answer.status == 500 and answer.code in (None, _INTERNAL))


def _code(answer: ServerAnswer) -> str:
    if answer.code == _FOREIGN_ORG:
        return WRONG_ORG
    if answer.status == 401:
        return SIGNED_OUT
    if answer.status == 403 or any(word in answer.text for word in _PERMISSION_WORDS):
        return FORBIDDEN
    if answer.status == 429:
        return RATE_LIMITED
    return SERVER_FAILED if answer.status >= 500 else REJECTED
