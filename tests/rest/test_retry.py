"""What is tried again, how often, and after how long."""

from __future__ import annotations

import pytest

from tests.rest.conftest import Connect, FakeTime
from tests.rest.server import Canned, Reset, Server, Silence
from tsdeploy.errors import RestError
from tsdeploy.rest import AnswerError, ApiError, RetryPolicy, Session, UnknownOutcomeError
from tsdeploy.rest.retry import next_delay, retry_after

MAINTENANCE = b"<html><title>System Maintenance</title></html>"
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize("answer", [*(Canned(b"", status) for status in (429, 502, 503, 504)), Reset()])
def test_read_is_tried_again(session: Session, server: Server, answer: Canned | Reset) -> None:
    server.answer(answer, answer, Canned({"a": 1}))
    assert session.request("POST", "metadata/search", {"b": 2}) == {"a": 1}
    assert [seen.body for seen in server.requests()] == [{"b": 2}] * 3


def test_truncated_answer_of_a_read_is_tried_again(session: Session, server: Server) -> None:
    server.answer(Canned([1, 2, 3], cut=True), Canned([1, 2, 3]))
    assert session.request("POST", "metadata/search", {}) == [1, 2, 3]


def test_silent_server_is_tried_again(connect: Connect, server: Server) -> None:
    server.answer(Silence(), Canned([1]))
    assert connect(timeout=(5.0, 0.2)).request("POST", "metadata/search", {}) == [1]


def test_maintenance_page_with_status_200_is_tried_again(session: Session, server: Server) -> None:
    server.answer(Canned(MAINTENANCE), Canned([1]))
    assert session.request("POST", "metadata/search", {}) == [1]


def test_object_called_maintenance_is_no_maintenance_page(session: Session, server: Server) -> None:
    server.answer(Canned({"name": "Site Maintenance <"}))
    assert session.request("POST", "metadata/search", {}) == {"name": "Site Maintenance <"}


def test_endless_maintenance_is_an_error(session: Session, server: Server) -> None:
    server.answer(*[Canned(MAINTENANCE)] * 5)
    with pytest.raises(AnswerError, match=r"TD410: POST metadata/search: HTTP 200 with a maintenance page"):
        session.request("POST", "metadata/search", {})


@pytest.mark.parametrize("status", [400, 404, 500])
def test_refusal_is_not_tried_again(session: Session, server: Server, status: int) -> None:
    server.answer(Canned({}, status), Canned([1]))
    with pytest.raises(ApiError):
        session.request("POST", "metadata/search", {})
    assert len(server.requests()) == 1


def test_read_gives_up_after_five_attempts(session: Session, server: Server, time: FakeTime) -> None:
    server.answer(*[Canned(b"", 429)] * 6)
    with pytest.raises(ApiError, match="TD408: POST metadata/search: HTTP 429"):
        session.request("POST", "metadata/search", {})
    assert len(server.requests()) == 5
    assert time.slept == [1.0, 2.0, 4.0, 8.0]


def test_jitter_is_full(session: Session, server: Server, time: FakeTime) -> None:
    time.jitter = 0.25
    server.answer(Canned(b"", 503), Canned(b"", 503), Canned([1]))
    session.request("POST", "metadata/search", {})
    assert time.slept == [0.25, 0.5]


def test_retry_after_is_honoured_in_full(session: Session, server: Server, time: FakeTime) -> None:
    server.answer(Canned(b"", 429, {"Retry-After": "120"}), Canned([1]))
    session.request("POST", "metadata/search", {})
    assert time.slept == [121.0]


def test_retry_after_as_date_counts_from_the_servers_clock(session: Session, server: Server, time: FakeTime) -> None:
    headers = {"Retry-After": DATE, "Date": "Wed, 21 Oct 2026 07:27:30 GMT"}
    server.answer(Canned(b"", 503, headers), Canned([1]))
    session.request("POST", "metadata/search", {})
    assert time.slept == [31.0]


def test_wait_beyond_the_deadline_is_not_begun(session: Session, server: Server, time: FakeTime) -> None:
    server.answer(Canned(b"", 503, {"Retry-After": "301"}), Canned([1]))
    with pytest.raises(ApiError, match=r"HTTP 503 \(Retry-After: 301\)"):
        session.request("POST", "metadata/search", {})
    assert time.slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "Wed, 99 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0.0),
        ({"Retry-After": DATE, "Date": DATE}, 0.0),
        ({"Retry-After": DATE, "Date": "Wed, 21 Oct 2026 07:27:55 -0000"}, 5.0),
    ],
)
def test_retry_after_header(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_delay_is_capped_and_ends_with_the_attempts() -> None:
    policy = RetryPolicy(attempts=20, base=1.0, cap=30.0, deadline=1000.0)

    def delay(attempt: int, elapsed: float = 0.0) -> float | None:
        return next_delay(policy, attempt=attempt, elapsed=elapsed, retry_after=None, jitter=1.0)

    assert [delay(1), delay(5), delay(6), delay(19), delay(20)] == [1.0, 16.0, 30.0, 30.0, None]
    assert [delay(1, 999.0), delay(1, 999.1)] == [1.0, None]


# Writes


@pytest.mark.parametrize(
    "answer",
    [
        Reset(),
        Canned(b"", 502),
        Canned(b"", 503, {"Retry-After": "1"}),
        Canned(b"", 504),
        Canned(b"", 500),
        Canned({"error": {"message": {"debug": {"code": 10000, "debug": "[null]"}}}}, 500),
        Canned([1, 2, 3], cut=True),
        Canned(MAINTENANCE),
        Canned(b"<html>login</html>"),
    ],
)
def test_write_in_doubt_is_never_sent_again(session: Session, server: Server, answer: Canned | Reset) -> None:
    server.answer(answer, Canned([1]))
    with pytest.raises(UnknownOutcomeError, match="TD409: POST metadata/delete: it is unknown whether"):
        session.request("POST", "metadata/delete", {}, write=True)
    assert len(server.requests()) == 1


def test_write_without_an_answer_is_never_sent_again(connect: Connect, server: Server) -> None:
    server.answer(Silence(), Canned([1]))
    with pytest.raises(UnknownOutcomeError, match="Read timed out"):
        connect(timeout=(5.0, 0.2)).request("POST", "metadata/delete", {}, write=True)
    assert len(server.requests()) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"error": {"message": {"debug": {"code": 14009, "debug": '["FAILED_TO_COMMIT"]'}}}}, 500, "TD407"),
        ({"error": {"message": {"code": 13003, "debug": "not found"}}}, 400, "TD406"),
        ({}, 403, "TD404"),
    ],
)
def test_refused_write_is_known_not_to_be_carried_out(
    session: Session, server: Server, body: object, status: int, code: str
) -> None:
    server.answer(Canned(body, status))
    with pytest.raises(ApiError, match=code):
        session.request("POST", "metadata/delete", {}, write=True)
    assert len(server.requests()) == 1


def test_write_turned_away_by_the_rate_limit_is_sent_again(session: Session, server: Server) -> None:
    server.answer(Canned(b"", 429), Canned(status=204))
    assert session.request("POST", "metadata/delete", {}, write=True) is None
    assert len(server.requests()) == 2


def test_write_that_could_not_be_sent_is_tried_again_and_not_in_doubt(
    connect: Connect, server: Server, time: FakeTime
) -> None:
    session = connect()
    assert session.user
    server.stop_listening()
    with pytest.raises(RestError, match=r"TD401: POST metadata/delete: no answer: .*refused") as caught:
        session.request("POST", "metadata/delete", {}, write=True)
    assert not isinstance(caught.value, UnknownOutcomeError)
    assert len(time.slept) == 4


def test_nobody_waits_as_long_as_a_server_may_wish(session: Session, server: Server, time: FakeTime) -> None:
    server.answer(Canned(status=429, headers={"Retry-After": "999999999"}), Canned([1]))
    with pytest.raises(ApiError):
        session.request("GET", "a")
    assert session.request("GET", "b") == [1]
    assert max(time.slept) <= RetryPolicy().deadline
