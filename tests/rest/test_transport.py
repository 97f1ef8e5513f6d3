"""What goes over the wire, and what is made of what does not come back."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rest.conftest import BY_PASSWORD, Connect, FakeTime
from tests.rest.server import PREFIX, Canned, Server
from tsdeploy.errors import RestError
from tsdeploy.rest import AnswerError, ApiError, Session
from tsdeploy.rest.auth import bearer
from tsdeploy.rest.transport import Call, Fault, NoReply, Reply, Transport
from tsdeploy.version import __version__


def test_headers_of_every_request(session: Session, server: Server) -> None:
    server.answer(Canned([]))
    session.request("POST", "metadata/search", {"a": "ü"})
    for seen in server.seen:
        assert seen.headers["Accept"] == "application/json"
        assert seen.headers["User-Agent"] == f"tsdeploy/{__version__}"
        assert seen.headers["X-Requested-By"] == "ThoughtSpot"
    assert server.requests()[0].headers["Content-Type"] == "application/json"
    assert server.requests()[0].body == {"a": "ü"}


@pytest.mark.parametrize("answer", [Canned(status=204), Canned(b""), Canned(b" \n")])
@pytest.mark.parametrize("write", [False, True])
def test_no_body_is_none(session: Session, server: Server, answer: Canned, write: bool) -> None:
    server.answer(answer)
    assert session.request("POST", "a", write=write) is None
    assert server.requests()[0].body is None


def test_netrc_is_ignored(session: Session, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer(Canned([]))
    session.request("GET", "a")
    assert "Authorization" not in server.requests("auth/token/full")[0].headers
    assert server.requests()[0].headers["Authorization"] == "Bearer minted-token-1"


def test_cookies_are_not_kept(session: Session, server: Server) -> None:
    server.answer(Canned([], headers={"Set-Cookie": "JSESSIONID=abc; Path=/"}), Canned([]))
    session.request("GET", "a")
    session.request("GET", "b")
    assert "Cookie" not in server.requests()[1].headers


def test_proxy_of_the_environment_is_used(connect: Connect, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answer(Canned([1]))
    session = connect(url="http://cluster.invalid")
    with pytest.raises(RestError):
        session.request("GET", "a")
    assert server.seen[0].path == f"http://cluster.invalid{PREFIX}auth/token/full"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("write", [False, True])
def test_redirect_is_not_followed(session: Session, server: Server, status: int, method: str, write: bool) -> None:
    with Server() as elsewhere:
        server.answer(Canned(b"", status, {"Location": f"http://localhost:{elsewhere.port}/login"}))
        with pytest.raises(ApiError, match=f"TD410: {method} a: HTTP {status}: .* redirects to localhost;"):
            session.request(method, "a", write=write)
        assert not elsewhere.seen
    assert len(server.requests()) == 1


@pytest.mark.parametrize("location", [{}, {"Location": "/login"}, {"Location": "http://[x"}])
def test_odd_redirect(session: Session, server: Server, location: dict[str, str]) -> None:
    server.answer(Canned(b"", 302, location))
    with pytest.raises(ApiError, match="TD410") as caught:
        session.request("GET", "a")
    assert "url" in caught.value.findings[0].hint


def test_redirected_sign_in_takes_no_secret_along(session: Session, server: Server) -> None:
    with Server() as elsewhere:
        server.sign_in["token/full"].append(Canned(b"", 307, {"Location": elsewhere.url + "/x"}))
        with pytest.raises(ApiError, match="TD410: POST auth/token/full: HTTP 307"):
            session.request("GET", "a")
        assert not elsewhere.seen


# Answers that make no sense


def test_answer_that_is_not_json_is_quoted_and_escaped(session: Session, server: Server) -> None:
    server.answer(Canned(b"<html>\x1b[2Jlogin" + b"x" * 300))
    with pytest.raises(AnswerError) as caught:
        session.request("GET", "a")
    message = caught.value.findings[0].message
    assert message.startswith(r"GET a: HTTP 200 with something that is not JSON: <html>\x1b[2Jlogin")
    assert len(message) < 260


def test_bottomless_json_is_an_error(session: Session, server: Server) -> None:
    server.answer(Canned(b"[" * 100_000))
    with pytest.raises(AnswerError, match="TD410"):
        session.request("GET", "a")


def test_answer_that_is_too_large_is_not_read(server: Server) -> None:
    server.answer(Canned(b"x" * 1000), Canned(b"x" * 1001))
    transport = Transport(server.url, timeout=(5, 5), max_bytes=1000)
    assert isinstance(transport.send(Call("GET", "a"), None), Reply)
    reply = transport.send(Call("GET", "a"), None)
    transport.close()
    assert reply == NoReply(Fault.TOO_LARGE, "the answer is larger than 1000 bytes", may_have_arrived=True)


def test_truncated_answers_to_the_end(session: Session, server: Server) -> None:
    server.answer(*[Canned([1, 2, 3], cut=True)] * 5)
    with pytest.raises(RestError, match=r"TD401: GET a: no answer: .*IncompleteRead"):
        session.request("GET", "a")


# Servers that are not there


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_nobody_listens(connect: Connect, time: FakeTime) -> None:
    with pytest.raises(RestError, match=r"TD401: POST auth/token/full: no answer: .*refused") as caught:
        connect(url=f"http://127.0.0.1:{closed_port()}").request("GET", "a")
    assert "nothing listens there" in caught.value.findings[0].hint
    assert len(time.slept) == 1


def test_a_host_of_no_name(connect: Connect, time: FakeTime) -> None:
    with pytest.raises(RestError, match="TD401: POST auth/token/full: no answer") as caught:
        connect(url="https://no-such-host.invalid").request("GET", "a")
    assert "no such name is known" in caught.value.findings[0].hint
    assert len(time.slept) == 1


def test_a_proxy_that_is_not_there(connect: Connect, time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(RestError, match="TD401") as caught:
        connect(url="http://cluster.invalid").request("GET", "a")
    assert "proxy variables" in caught.value.findings[0].hint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cluster.example",
        "ftp://cluster.example",
        "https://",
        "https://me:pw@cluster.example",
        "https://cluster.example/path",
        "https://cluster.example?q",
        "https://cluster.example#f",
        "https://cluster.example:99999",
        "https://[x",
    ],
)
def test_url_that_is_not_an_address(url: str) -> None:
    with pytest.raises(RestError, match="TD401: the url is not a plain http or https address") as caught:
        Session(url, BY_PASSWORD)
    assert "me:pw" not in str(caught.value)


def test_url_may_end_with_a_slash(connect: Connect, server: Server) -> None:
    assert connect(url=server.url + "/").user.name == "svc"


# TLS


def test_plain_server_behind_an_https_url(connect: Connect, server: Server) -> None:
    with pytest.raises(RestError, match="TD402: POST auth/token/full"):
        connect(url=server.url.replace("http", "https")).request("GET", "a")


def test_ca_bundle_that_is_not_there(server: Server, tmp_path: Path) -> None:
    url = server.url.replace("http", "https")
    with (
        Session(url, BY_PASSWORD, verify=str(tmp_path / "ca.pem")) as session,
        pytest.raises(RestError, match=r"TD402: .* CA certificate bundle"),
    ):
        session.request("GET", "a")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command")
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-keyout", str(key), "-out", str(pem), "-days", "2", "-subj", "/CN=tsdeploy test"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    pem.write_text(pem.read_text() + key.read_text())
    return pem


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(context) as running:
        yield running


def test_certificate_nobody_vouches_for(connect: Connect, tls_server: Server, time: FakeTime) -> None:
    with pytest.raises(RestError, match=r"TD402: .*CERTIFICATE_VERIFY_FAILED"):
        connect(url=tls_server.url).request("GET", "a")
    assert not tls_server.seen and not time.slept


def test_certificate_in_the_ca_bundle(tls_server: Server, certificate: Path) -> None:
    with Session(tls_server.url, BY_PASSWORD, verify=str(certificate)) as session:
        assert session.user.name == "svc"


def test_certificate_in_the_ca_bundle_of_the_environment(
    connect: Connect, tls_server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert connect(url=tls_server.url).user.name == "svc"


def test_unverifiable_server_never_gets_a_write(tls_server: Server) -> None:
    transport = Transport(tls_server.url, timeout=(5, 5))
    outcome = transport.send(Call("POST", "metadata/delete", {}, write=True), bearer("token"))
    transport.close()
    assert isinstance(outcome, NoReply)
    assert outcome.fault is Fault.TLS and not outcome.may_have_arrived
