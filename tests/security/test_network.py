"""A server that lies, floods, drips or sends elsewhere gets no secret and no more than its time."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.rest.server import Canned, Server
from tests.review.repositories import Workshop
from tsdeploy.config.auth import PasswordAuth, TokenAuth
from tsdeploy.config.environment import load_environment
from tsdeploy.config.secrets import Secret
from tsdeploy.errors import ConfigError, RestError
from tsdeploy.rest import SearchQuery, Session, search_collections, search_metadata, search_page
from tsdeploy.rest.listing import MOST_LISTED, Listing
from tsdeploy.rest.metadata import PAGE_SIZE
from tsdeploy.rest.people import groups_page, users_page
from tsdeploy.rest.retry import Pacing, RetryPolicy
from tsdeploy.rest.transport import Call, Fault, NoReply, Reply, Transport
from tsdeploy.review.posting import post_comment

PASSWORD = "hunter2-and-more"
ONCE = Pacing(RetryPolicy(attempts=1))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


@pytest.fixture
def session(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("PW", PASSWORD)
    with Session(server.url, PasswordAuth("me", Secret("PW")), pacing=ONCE, timeout=(5, 5)) as made:
        yield made


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_s40_neither_token_nor_password_follows_a_redirect(session: Session, server: Server, status: int) -> None:
    with Server() as elsewhere:
        location = {"Location": f"http://localhost:{elsewhere.port}/api/rest/2.0/x"}
        server.sign_in["token/full"].append(Canned(b"", status, location))
        with pytest.raises(RestError, match="redirects are not followed"):
            session.request("GET", "a")
        server.answer(Canned(b"", status, location))
        with pytest.raises(RestError, match="redirects are not followed"):
            session.request("GET", "a")
        assert elsewhere.seen == []


ADDRESSES = {
    "http://prod.example.com": "TD341",
    "http://10.0.0.7:8443": "TD341",
    "http://127.0.0.1.evil.example": "TD341",
    "http://[::2]": "TD341",
    "https://me:pw@prod.example.com": "TD303",
    "https://prod.example.com/../x": "TD303",
    "file:///etc/passwd": "TD303",
}


def environment(folder: Path, url: str, more: str = "") -> Path:
    auth = 'auth: {type: trusted, username: me, secret_key: "${env:KEY}"}'
    (folder / "environment.yaml").write_text(f'version: 1\nurl: "{url}"\n{auth}\n{more}', encoding="utf-8")
    return folder


@pytest.mark.parametrize("url", ADDRESSES)
def test_s41_credentials_are_not_sent_unencrypted(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=ADDRESSES[url]):
        load_environment(environment(tmp_path, url), "x")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80", "http://localhost", "http://[::1]:99", "https://prod.example.com"]
)
def test_s41_this_machine_may_be_spoken_to_in_the_clear(tmp_path: Path, url: str) -> None:
    assert load_environment(environment(tmp_path, url), "x").tls.verify


def test_s41_only_the_file_itself_turns_the_check_off(tmp_path: Path) -> None:
    off = load_environment(environment(tmp_path, "http://prod.example.com", "tls: {verify: false}\n"), "x")
    assert not off.tls.verify


def test_s41_nobody_else_can_answer_in_the_server_s_place(tls_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", PASSWORD)
    with (
        Session(tls_server.url, PasswordAuth("me", Secret("PW")), pacing=ONCE, timeout=(5, 5)) as session,
        pytest.raises(RestError, match="TD402"),
    ):
        session.request("GET", "a")
    assert tls_server.seen == []


def test_s42_an_answer_has_a_largest_size(server: Server) -> None:
    plain, bomb = b"x" * 100_000, gzip.compress(b"x" * 5_000_000)
    twice = gzip.compress(gzip.compress(b"x" * 50_000_000))
    server.answer(Canned(plain), Canned(bomb, 200, {"Content-Encoding": "gzip"}))
    server.answer(Canned(twice, 200, {"Content-Encoding": "gzip, gzip"}))
    server.answer(Canned(gzip.compress(b"[1]"), 200, {"Content-Encoding": "gzip"}))
    transport = Transport(server.url, timeout=(5, 5), max_bytes=10_000)
    replies = [transport.send(Call("GET", "a"), None) for _ in range(4)]
    transport.close()
    assert [one.fault for one in replies if isinstance(one, NoReply)] == [Fault.TOO_LARGE] * 3
    assert isinstance(replies[3], Reply)
    assert replies[3].body == b"[1]"


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that says its head at once, and from then on a byte now and again, without an end; its address."""
    done = Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(head)
                while not done.wait(0.02):
                    connection.sendall(b"x")

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        listener.close()


HEADS = {
    "the status": b"HTTP/1.1 2",
    "a header": b"HTTP/1.1 200 OK\r\nX-A: ",
    "the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n",
    "a body without an end": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    "a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n",
}


@pytest.mark.parametrize("what", HEADS)
def test_s43_an_answer_that_drips_is_given_up(what: str) -> None:
    """Each byte comes long before the read timeout; it is the whole that takes too long."""
    with dripping(HEADS[what]) as url:
        transport = Transport(url, timeout=(5, 0.5), max_seconds=0.3)
        reply = transport.send(Call("GET", "a"), None)
        transport.close()
    assert isinstance(reply, NoReply)
    assert reply.fault is Fault.LOST


def test_s44_secrets_that_a_server_repeats_are_hidden(session: Session, server: Server) -> None:
    body = {"error": {"message": {"debug": f"no user me:{PASSWORD}, {PASSWORD[::-1]}, Bearer minted-token-1"}}}
    server.answer(Canned(body, 400), Canned(f"<p>{PASSWORD} minted-token-1".encode()))
    for _ in range(2):
        with pytest.raises(RestError) as caught:
            session.request("GET", "a")
        assert PASSWORD not in str(caught.value)
        assert "minted-token-1" not in str(caught.value)


def test_s44_nothing_that_holds_a_secret_prints_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", PASSWORD)
    things: tuple[Callable[[], object], ...] = (
        lambda: session,
        lambda: Secret("PW"),
        lambda: PasswordAuth("me", Secret("PW")),
        lambda: TokenAuth(Secret("TOKEN")),
        lambda: Call("POST", "auth/token/full", {"password": PASSWORD}),
        lambda: Reply(200, {"Set-Cookie": PASSWORD}, PASSWORD.encode()),
        lambda: session.user,
    )
    for make in things:
        made = make()
        assert not re.search(PASSWORD, f"{made!r} {made}")


def objects(first: int) -> list[dict[str, object]]:
    """A page of a listing that is as long as a page can be."""
    numbers = range(first, first + PAGE_SIZE)
    return [{"metadata_id": f"{number:036}", "metadata_type": "ANSWER", "metadata_header": {}} for number in numbers]


def test_s45_pages_that_come_again_end_a_listing(session: Session, server: Server) -> None:
    server.answer(*(Canned(objects(first)) for first in (0, PAGE_SIZE, 0)))
    with pytest.raises(RestError, match=r"TD410.*same page"):
        list(search_metadata(session, SearchQuery()))
    collections = [{"id": f"{number:036}", "name": "c"} for number in range(400)]
    for page in (collections[:200], collections[200:], collections[:200]):
        server.answer(Canned({"collections": page, "is_last_batch": False}))
    with pytest.raises(RestError, match=r"TD410.*same page"):
        list(search_collections(session))


def test_s45_no_listing_goes_on_for_ever(session: Session) -> None:
    for ask in (
        lambda: search_page(session, SearchQuery(), MOST_LISTED, 1),
        lambda: groups_page(session, MOST_LISTED, 1),
        lambda: users_page(session, MOST_LISTED, 1, None),
    ):
        with pytest.raises(RestError, match=r"TD410.*no end"):
            ask()
    listing = Listing()
    with pytest.raises(RestError, match=r"TD410.*no end"):
        listing.go_on(Call("GET", "a"), map(str, range(MOST_LISTED)))


@pytest.fixture
def code_host(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a pipeline on GitHub knows of its pull request, on a machine whose user has a password for the host."""
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login me password {PASSWORD}\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    known = {"GITHUB_TOKEN": "a-token", "GITHUB_REPOSITORY": "a/b", "GITHUB_REF": "refs/pull/1/merge"}
    return {**known, "GITHUB_API_URL": f"{server.url}/api/rest/2.0"}


def test_s46_a_code_host_gets_its_token_alone(server: Server, workshop: Workshop, code_host: dict[str, str]) -> None:
    server.answer(Canned([]), Canned({"id": 1}, 201))
    post_comment("github", workshop.review(), environ=code_host)
    assert [one.headers["Authorization"] for one in server.seen] == ["Bearer a-token"] * 2


def test_s46_an_answer_of_a_code_host_has_an_end(
    server: Server, workshop: Workshop, code_host: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsdeploy.review.posting._MOST_BYTES", 10_000)
    server.answer(Canned(gzip.compress(b" " * 1_000_000), 200, {"Content-Encoding": "gzip"}), Canned(b"[" * 9_999))
    for _ in range(2):
        with pytest.raises(RestError, match="TD723"):
            post_comment("github", workshop.review(), environ=code_host)
