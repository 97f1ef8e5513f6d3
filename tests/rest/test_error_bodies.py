"""Every shape of error body, and what the user is told."""

from __future__ import annotations

import json

import pytest

from tests.rest.server import Canned, Reset, Server
from tsdeploy.errors import RestError
from tsdeploy.rest import ApiError, ServerAnswer, Session
from tsdeploy.rest.shape import items
from tsdeploy.rest.transport import Call

INCIDENT = "a932d3df-1d2c-4be0-8b55-6f2f36ea7d3e"


def debug(code: int, *messages: str | None) -> dict[str, object]:
    return {
        "code": code,
        "incident_id_guid": INCIDENT,
        "trace_id_guid": "tracing-disabled",
        "debug": json.dumps(messages),
    }


def failure(session: Session, server: Server, body: object, status: int = 400) -> ApiError:
    server.answer(Canned(body, status))
    with pytest.raises(ApiError) as caught:
        session.request("POST", "metadata/search", {})
    return caught.value


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param(
            {"error": {"message": {"debug": debug(13152, "Operation Unsuccessful.", "")}}},
            ServerAnswer(400, 13152, INCIDENT, "Operation Unsuccessful."),
            id="a: business error, array in a string",
        ),
        pytest.param(
            {"error": {"message": {"debug": debug(10000, None)}}},
            ServerAnswer(400, 10000, INCIDENT, ""),
            id="a: nothing but null",
        ),
        pytest.param(
            {"error": {"message": {"debug": debug(13151, "53d3d10e", "", "b1b2")}}},
            ServerAnswer(400, 13151, INCIDENT, "53d3d10e; b1b2"),
            id="a: several messages",
        ),
        pytest.param(
            {"error": {"message": {"debug": {"code": 14009, "debug": '["code\\u003dDUPLICATE id\\u003d5e"]'}}}},
            ServerAnswer(400, 14009, "", "code=DUPLICATE id=5e"),
            id="a: no ids, escapes inside the array",
        ),
        pytest.param(
            {"error": {"message": {"code": 10002, "incident_id_guid": INCIDENT, "debug": "Either is needed."}}},
            ServerAnswer(400, 10002, INCIDENT, "Either is needed."),
            id="b: auth and system errors",
        ),
        pytest.param(
            {"error": {"message": 'Variable "$message" was not provided.'}},
            ServerAnswer(400, None, "", 'Variable "$message" was not provided.'),
            id="c: message is text",
        ),
        pytest.param(
            {"error": {"message": {"debug": 'Variable "$metadata" got invalid value'}}},
            ServerAnswer(400, None, "", 'Variable "$metadata" got invalid value'),
            id="c: text in debug",
        ),
        pytest.param(
            debug(10002, "Invalid parameter values: x"),
            ServerAnswer(400, 10002, INCIDENT, "Invalid parameter values: x"),
            id="d: V1, at the top",
        ),
        pytest.param({"error": None}, ServerAnswer(400), id="schema only: no error"),
        pytest.param({}, ServerAnswer(400), id="empty object"),
        pytest.param({"error": {"message": 7}}, ServerAnswer(400, text="7"), id="a number for a message"),
        pytest.param(
            {"error": {"message": {"what": "ever", "code": "123"}}},
            ServerAnswer(400, 123, "", '{"what": "ever"}'),
            id="unforeseen keys, code as text",
        ),
        pytest.param({"error": {"code": True}}, ServerAnswer(400), id="code that is no number"),
        pytest.param([1, [2]], ServerAnswer(400, text="1; [2]"), id="list"),
        pytest.param("plain", ServerAnswer(400, text="plain"), id="JSON text"),
        pytest.param(b"<style>h1 {x}</style><h1>Bad\n Request</h1>", ServerAnswer(400, text="Bad Request"), id="HTML"),
        pytest.param(b"\xff\xfe[", ServerAnswer(400, text="\ufffd\ufffd["), id="not even UTF-8"),
        pytest.param(b"", ServerAnswer(400), id="empty body"),
        pytest.param({"error": {"message": "[1, 2"}}, ServerAnswer(400, text="[1, 2"), id="text like an array"),
    ],
)
def test_error_body_is_understood(session: Session, server: Server, body: object, answer: ServerAnswer) -> None:
    assert failure(session, server, body).answer == answer


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"error":' * 100_000, b'{"error":"' + b"[" * 100_000 + b'"}'])
def test_bottomless_error_body_is_cut(session: Session, server: Server, body: bytes) -> None:
    assert 0 < len(failure(session, server, body).answer.text) <= 2000


def test_deep_but_readable_error_body(session: Session, server: Server) -> None:
    body = b'{"error":{"message":{"x":' + b"[" * 900 + b"]" * 900 + b"}}}"
    assert failure(session, server, body).code == "TD406"


@pytest.mark.parametrize(
    ("status", "code", "text", "expected"),
    [
        (400, 13003, "Metadata object not found", "TD406"),
        (404, None, "", "TD406"),
        (415, None, "", "TD406"),
        (403, 10023, "privilege required", "TD404"),
        (400, None, "AUTHORIZATION_FAILURE", "TD404"),
        (500, 10038, "Error Code: FORBIDDEN Incident Id: x\nError Message: no", "TD404"),
        (400, 13090, "User 0000084a do not have access to org 349890686", "TD405"),
        (500, 14009, "FAILED_TO_COMMIT", "TD407"),
        (500, None, "", "TD407"),
    ],
)
def test_code_says_what_kind_of_error(
    session: Session, server: Server, status: int, code: int | None, text: str, expected: str
) -> None:
    error = failure(session, server, {"error": {"message": {"code": code, "debug": text}}}, status)
    assert error.code == expected
    assert error.findings[0].hint


def test_message_has_call_status_code_incident_and_text(session: Session, server: Server) -> None:
    error = failure(session, server, {"error": {"message": {"debug": debug(13003, "Not found: X")}}})
    assert str(error) == (f"TD406: POST metadata/search: HTTP 400, code 13003, incident {INCIDENT}: Not found: X")


def test_server_text_cannot_steer_the_terminal(session: Session, server: Server) -> None:
    error = failure(session, server, {"error": {"message": "a\x1b[31mred\x00\u202egnp\r\nb\ud800"}})
    assert error.answer.text == r"a\x1b[31mred\x00\u202egnp b\ud800"


def test_server_text_is_cut(session: Session, server: Server) -> None:
    text = failure(session, server, {"error": {"message": "x" * 5000}}).answer.text
    assert len(text) == 2000 and text.endswith("x…")


def test_error_is_found_again_by_the_request_and_the_incident(session: Session, server: Server) -> None:
    body = debug(13003, "Not found")
    server.answer(Canned({"error": {"message": {"debug": {**body, "trace_id_guid": "trace-1"}}}}, 400))
    with pytest.raises(ApiError, match=f"incident {INCIDENT}, trace trace-1: Not found") as caught:
        session.request("POST", "metadata/search", {})
    (seen,) = server.requests()
    found = caught.value.findings[0]
    assert (found.request_id, found.incident_id) == (seen.headers["X-Request-Id"], INCIDENT)
    plain = found.plain()
    assert (plain["request_id"], plain["incident_id"]) == (found.request_id, INCIDENT)


@pytest.mark.parametrize(
    "answer", [Canned(b"<html>"), Canned({}), Canned(b"", 302), Reset()], ids=["html", "object", "redirect", "reset"]
)
@pytest.mark.parametrize("write", [False, True])
def test_every_error_names_its_request(session: Session, server: Server, answer: Canned | Reset, write: bool) -> None:
    server.answer(*[answer] * 5)
    call = Call("POST", "metadata/search", {}, write)
    with pytest.raises(RestError) as caught:
        items(call, session.ask(call))
    assert caught.value.findings[0].request_id == call.id
    assert {seen.headers["X-Request-Id"] for seen in server.requests()} == {call.id}
