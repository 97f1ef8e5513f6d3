"""One session with one Org of one cluster: the only way this package talks to ThoughtSpot."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from tsdeploy.config.auth import Auth, TokenAuth
from tsdeploy.errors import RestError
from tsdeploy.logs.events import hide, note
from tsdeploy.redact import MAX_TEXT, Redactor
from tsdeploy.rest.auth import naming_secret
from tsdeploy.rest.budget import Budget
from tsdeploy.rest.errors import ONLY_V1, UNREACHABLE, WRONG_ORG, ApiError, finding
from tsdeploy.rest.exchange import Exchange
from tsdeploy.rest.noting import LOG
from tsdeploy.rest.results import CurrentUser
from tsdeploy.rest.retry import Pacing
from tsdeploy.rest.signin import SignedIn, sign_in
from tsdeploy.rest.transport import Call, Reply, Transport
from tsdeploy.rest.v1.signin import sign_in_v1

TIMEOUT: Final = (10.0, 600.0)
"""Seconds to wait for a connection, and for more of an answer: validating a big batch takes minutes."""

_NOT_FOUND: Final = 404


class Session:
    """Signs in on first use, renews its token, retries what is safe to retry, and keeps secrets secret.

    ``url`` is the cluster's address without a path; ``org`` an id, a name, or None where Orgs are off.
    ``verify`` is True, False or the path of a CA bundle; ``timeout`` is (connect, read) in seconds. Sessions
    with the same cluster are to share a ``budget``. Safe to use from several threads. Raises RestError TD401 when the
    url is not a plain http(s) address.
    """

    def __init__(
        self,
        url: str,
        auth: Auth,
        *,
        org: int | str | None = None,
        verify: bool | str = True,
        timeout: tuple[float, float] = TIMEOUT,
        pacing: Pacing | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._url = _base(url)
        self._auth = auth
        self._org = org
        self._transport = Transport(self._url, verify=verify, timeout=timeout)
        self._exchange = Exchange(self._transport, pacing or Pacing(), Redactor(hide), budget or Budget())
        self._lock = Lock()
        self._signed_in: SignedIn | None = None
        self._home: CurrentUser | None = None
        self._may_be_v1 = False

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Session({self._url!r}, org={self._org!r})"

    @property
    def budget(self) -> Budget:
        """How many calls go at a time, and what was asked of the cluster so far."""
        return self._exchange.budget

    @property
    def user(self) -> CurrentUser:
        """Who is signed in, and in which Org; signs in if need be. Raises as ``ask`` does."""
        return self._sign_in().user

    @property
    def is_v1(self) -> bool:
        """Whether the server has V1 of the API alone; signs in if need be. Raises as ``ask`` does."""
        return self._sign_in().is_v1

    def allow_v1(self) -> None:
        """Speak V1 to a server that has no V2; a session that was not told so refuses such a server with TD411.

        What V1 does not have is refused then, call by call.
        """
        self._may_be_v1 = True

    def close(self) -> None:
        """Close the connections. The token stays valid on the server until it expires."""
        self._transport.close()

    def hide(self, secret: str) -> None:
        """Show this text to nobody from now on, whatever the server answers."""
        self._exchange.redactor.learn(secret)

    def redact(self, text: str, limit: int = MAX_TEXT) -> str:
        """Server text as one line that is safe to show: no secrets, no control characters, cut to length."""
        return self._exchange.redactor.clean(text, limit)

    def request(
        self, method: str, path: str, json: Mapping[str, object] | None = None, *, write: bool = False
    ) -> object:
        """As ``ask``, with the call in parts. ``path`` is what follows ``/api/rest/2.0/``."""
        return self.ask(Call(method, path, json, write))

    def ask(self, call: Call) -> object:
        """Send a call and return the parsed JSON of the answer, None when it has no body.

        A read is sent again after connection failures, 429, 502, 503, 504 and maintenance pages. A write is
        sent again only if it certainly was not carried out; otherwise it fails with UnknownOutcomeError
        TD409. Raises ApiError for an HTTP error, AnswerError TD410 for an answer that is not JSON,
        RestError when there is no answer (TD401, TD402), for wrong credentials (TD403), for the wrong
        Org (TD405) and for a server without V2 (TD411).
        """
        signed_in = self._sign_in()
        if signed_in.is_v1 and not call.is_v1:
            raise RestError(finding(ONLY_V1, f"{call}: the server has only V1 of the REST API, which lacks this"))
        outcome = self._exchange.send(call, signed_in.token.credential)
        renewable = not isinstance(self._auth, TokenAuth)
        if renewable and isinstance(outcome, Reply) and outcome.status == 401:
            # Turned away at the door, so nothing was carried out: this may be repeated even for a write.
            signed_in = self._sign_in(rejected=signed_in)
            outcome = self._exchange.send(call, signed_in.token.credential)
        with naming_secret(self._auth):
            return self._exchange.result(call, outcome)

    def _sign_in(self, *, rejected: SignedIn | None = None) -> SignedIn:
        """The present token, or a new one when there is none, it is about to expire, or it was rejected."""
        with self._lock:
            present = self._signed_in
            if present is not None and present is not rejected and not self._is_due(present):
                return present
            self._signed_in = None
            with naming_secret(self._auth):
                fresh = self._enter()
            self._stay_home(fresh.user)
            note(LOG, "signed in", user=fresh.user.name, org=fresh.user.org_id)
            self._signed_in = fresh
            return fresh

    def _enter(self) -> SignedIn:
        """Sign in by V2, or, on a server that does not have it, by V1."""
        try:
            return sign_in(self._exchange, self._auth, self._org)
        except ApiError as error:
            if error.answer.status != _NOT_FOUND:
                raise
            no_v2 = f"the server has no V2 of the REST API: {error.findings[0].message}"
        if not self._may_be_v1:
            raise RestError(finding(ONLY_V1, no_v2))
        try:
            return sign_in_v1(self._exchange, self._auth, self._org)
        except ApiError as error:
            if error.answer.status != _NOT_FOUND:
                raise
        raise RestError(finding(ONLY_V1, f"{no_v2}; and no V1 either"))

    def _is_due(self, present: SignedIn) -> bool:
        return self._exchange.pacing.clock() >= present.token.renew_at

    def _stay_home(self, user: CurrentUser) -> None:
        """Hold on to the first Org: without an ``org_id`` the server may put the next token elsewhere."""
        if isinstance(self._org, str) and not isinstance(self._auth, TokenAuth):
            self._org = user.org_id
        home = self._home or user
        if user.org_id != home.org_id:
            message = f"a new token belongs to Org {user.org_id}, but the session began in Org {home.org_id}"
            raise RestError(finding(WRONG_ORG, message))
        self._home = home


def _base(url: str) -> str:
    """The address without a final slash. Raises RestError TD401 for anything but ``http(s)://host[:port]``."""
    try:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain, base = False, ""
    if plain and "@" not in base and parts.geturl().rstrip("/") == base:
        return base
    message = f"the url is not a plain http or https address: {Redactor().clean(url, 200)}"
    raise RestError(finding(UNREACHABLE, message, hint="write it as  url: https://NAME.thoughtspot.cloud"))
