"""No secret gets out, however the server words it."""

from __future__ import annotations

import html
import json
import traceback
from urllib.parse import quote, quote_plus

import pytest

from tests.rest.conftest import BY_KEY, BY_PASSWORD, BY_TOKEN, PASSWORD, READY_TOKEN, SECRET_KEY, Connect
from tests.rest.server import Canned, Reset, Server
from tsdeploy.config.auth import Auth
from tsdeploy.errors import RestError
from tsdeploy.redact import Redactor

SPELLINGS = [
    PASSWORD,
    json.dumps(PASSWORD),
    json.dumps(json.dumps(PASSWORD)),
    json.dumps(PASSWORD, ensure_ascii=False),
    quote(PASSWORD),
    quote(PASSWORD, safe=""),
    quote_plus(PASSWORD),
    html.escape(PASSWORD),
]


def everything_shown(error: BaseException) -> str:
    """All that a log, a report or a debugger-happy CI could print, contexts of the exception included."""
    lines: list[str] = []
    pending: list[BaseException | None] = [error]
    while pending:
        link = pending.pop()
        if link is not None:
            lines += [str(link), repr(link), *traceback.format_exception(link), repr(vars(link))]
            pending += [link.__cause__, link.__context__]
    return "\n".join(lines)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_known_secret_in_any_spelling(spelling: str) -> None:
    redactor = Redactor()
    redactor.learn(PASSWORD)
    assert redactor.redact(f"wrong: {spelling}, sorry").replace('\\"', "").replace('"', "") == (
        "wrong: [redacted], sorry"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password":"x y"}', '{"password":"[redacted]"}'),
        ('{"password":"x\\"y", "a": 1}', '{"password":"[redacted]", "a": 1}'),
        (r"{\"secret_key\": \"x\\\"y\", \"a\": 1}", r"{\"secret_key\": \"[redacted]\", \"a\": 1}"),
        ("{'token': 'abc'} b", "{'token': '[redacted]'} b"),
        ('{"new_password": "cut off', '{"new_password": "[redacted]"'),
        ("password=abc&user=u", "password=[redacted]&user=u"),
        ("Password: abc", "Password: [redacted]"),
        ("token=abc", "token=[redacted]"),
        ("unexpected token: FROM", "unexpected token: FROM"),
        (
            "The provided secret key or password is incorrect.",
            "The provided secret key or password is incorrect.",
        ),
        ("compass: north", "compass: north"),
        ("Cookie: JSESSIONID=abc; clientId=def", "Cookie: JSESSIONID=[redacted]; clientId=[redacted]"),
        ("Authorization: Bearer a.b-c", "Authorization: Bearer [redacted]"),
        ("got eyJhbGciOi.eyJzdWIi.c2ln", "got [redacted]"),
        ("proxy http://me:pw@proxy:80/x", "proxy http://[redacted]@proxy:80/x"),
    ],
)
def test_secret_nobody_told_us_about(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


def test_very_short_secret_hides_words_only() -> None:
    redactor = Redactor()
    redactor.learn("a")
    assert redactor.redact("what a day: a") == "what [redacted] day: [redacted]"


def test_longer_secret_wins_over_one_inside_it() -> None:
    redactor = Redactor()
    redactor.learn("secret")
    redactor.learn("secret-and-more")
    redactor.learn("")
    assert redactor.redact("secret-and-more") == "[redacted]"


def test_cutting_does_not_leave_half_a_secret() -> None:
    redactor = Redactor()
    redactor.learn("0123456789" * 100)
    assert "0123" not in redactor.clean("0123456789" * 100_007)


@pytest.mark.parametrize(("auth", "secret"), [(BY_PASSWORD, PASSWORD), (BY_KEY, SECRET_KEY), (BY_TOKEN, READY_TOKEN)])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 503])
@pytest.mark.parametrize("write", [False, True])
def test_echoed_secrets_never_show(
    connect: Connect, server: Server, auth: Auth, secret: str, status: int, write: bool
) -> None:
    token = READY_TOKEN if auth is BY_TOKEN else "minted-token-1"
    echo = f"you said {secret} and {json.dumps(secret)} and {token}".encode()
    server.answer(*[Canned(echo, status)] * 5)
    with pytest.raises(RestError) as caught:
        connect(auth).request("POST", "metadata/search", {}, write=write)
    shown = everything_shown(caught.value)
    assert secret not in shown and token not in shown
    assert json.dumps(secret)[1:-1] not in shown
    assert "[redacted]" in shown


def test_renewed_token_is_hidden_as_well_as_the_old_one(connect: Connect, server: Server) -> None:
    server.answer(Canned(b"", 401), Canned(b"no: minted-token-1, minted-token-2", 401))
    with pytest.raises(RestError, match=r"no: \[redacted\], \[redacted\]"):
        connect().request("GET", "system")


@pytest.mark.parametrize("answer", [Canned(b"x", cut=True), Reset()])
def test_exception_holds_on_to_no_request(connect: Connect, server: Server, answer: Canned | Reset) -> None:
    server.answer(answer)
    with pytest.raises(RestError) as caught:
        connect().request("POST", "metadata/delete", {}, write=True)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


@pytest.mark.parametrize("status", [200, 400, 401])
def test_refused_sign_in_shows_no_secret(connect: Connect, server: Server, status: int) -> None:
    server.sign_in["token/full"].append(Canned({"error": {"message": f"bad {PASSWORD} bad"}}, status))
    with pytest.raises(RestError) as caught:
        connect().request("GET", "system")
    assert PASSWORD not in everything_shown(caught.value)


def test_answer_of_sign_in_is_never_quoted(connect: Connect, server: Server) -> None:
    server.sign_in["token/full"].append(Canned(b"dHNhZG1pbjpKSERq", headers={"Content-Type": "text/plain"}))
    with pytest.raises(RestError, match="TD410") as caught:
        connect().request("GET", "system")
    assert "dHNh" not in everything_shown(caught.value)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "trailing\r", "ümlaut"])
def test_broken_ready_token_is_not_shown(
    connect: Connect, server: Server, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("TD_TEST_TOKEN", token)
    with pytest.raises(RestError, match="TD403") as caught:
        connect(BY_TOKEN).request("GET", "system")
    assert token not in everything_shown(caught.value)
    assert not server.seen


def test_session_prints_without_secrets(connect: Connect, server: Server) -> None:
    session = connect(org=0)
    assert session.user.name == "svc"
    assert repr(session) == f"Session({server.url!r}, org=0)"
