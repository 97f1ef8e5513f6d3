"""A scripted server, and sessions to it in a time that only passes when it is slept through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.rest.server import Server
from tsdeploy.config.auth import Auth, PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.config.secrets import Secret
from tsdeploy.rest import Pacing, RetryPolicy, Session

PASSWORD = 'pass/w"örd <1>'
SECRET_KEY = "secret-key-of-the-cluster"
READY_TOKEN = "ready-token-from-elsewhere"

BY_PASSWORD = PasswordAuth("svc", Secret("TD_TEST_PASSWORD"))
BY_KEY = TrustedAuth("svc", Secret("TD_TEST_KEY"))
BY_TOKEN = TokenAuth(Secret("TD_TEST_TOKEN"))


@dataclass
class FakeTime:
    """A monotonic clock in seconds, and the list of sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    jitter: float = 1.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pacing(self) -> Pacing:
        return Pacing(RetryPolicy(), self.clock, self.sleep, lambda: self.jitter)


Connect = Callable[..., Session]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secrets, and no proxy between the tests and their server."""
    monkeypatch.setenv("TD_TEST_PASSWORD", PASSWORD)
    monkeypatch.setenv("TD_TEST_KEY", SECRET_KEY)
    monkeypatch.setenv("TD_TEST_TOKEN", READY_TOKEN)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def connect(server: Server, time: FakeTime) -> Iterator[Connect]:
    """Makes sessions to the scripted server, and closes them."""
    sessions: list[Session] = []

    def make(
        auth: Auth = BY_PASSWORD,
        *,
        org: int | str | None = None,
        timeout: tuple[float, float] = (5.0, 5.0),
        url: str = "",
    ) -> Session:
        sessions.append(Session(url or server.url, auth, org=org, timeout=timeout, pacing=time.pacing()))
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def session(connect: Connect) -> Session:
    return connect()
