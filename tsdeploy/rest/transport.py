"""One HTTP exchange with one server: what came back, or why nothing did. No retries, no opinions."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from secrets import token_hex
from typing import Final

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, NewConnectionError

from tsdeploy.rest.limits import MAX_ANSWER_BYTES, MAX_ANSWER_SECONDS, TimedAdapter, TooLargeError, read_body
from tsdeploy.version import __version__

_V2: Final = "/api/rest/2.0/"
_V1: Final = "/callosum/v1/tspublic/v1/"
_CONNECTION: Final = re.compile(r"^\w+\(host='([^']{1,255})', port=(\d+)\): ")
"""How urllib3 begins what it says of a connection."""
_POOL: Final = 32
_HEADERS: Final = {
    "Accept": "application/json",
    "User-Agent": f"tsdeploy/{__version__}",
    "X-Requested-By": "ThoughtSpot",
}


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. ``write`` says that sending it twice might do harm; prints as method and path only.

    With ``fields`` it is a call of V1, whose fields are the query of a GET and the form of anything else; ``plain``
    asks for the type of answer that V1 has for TML (facts §16).
    """

    method: str
    path: str
    body: Mapping[str, object] | None = field(default=None, repr=False)
    write: bool = False
    fields: Mapping[str, str] | None = field(default=None, repr=False)
    plain: bool = False
    id: str = field(default_factory=partial(token_hex, 8), repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.method} {'V1 ' if self.is_v1 else ''}{self.path}"

    @property
    def is_v1(self) -> bool:
        """Whether it is a call of V1 of the API."""
        return self.fields is not None

    @property
    def answer_is_secret(self) -> bool:
        """Whether the answer must never be quoted, because it holds a token."""
        return self.path.startswith(("auth/", "session/"))


@dataclass(frozen=True, slots=True)
class Credential:
    """What opens a session: a header and its value."""

    header: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer, whatever its status. ``headers`` ignores case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Fault(Enum):
    """Why there is no answer."""

    UNREACHABLE = auto()
    REFUSED = auto()
    UNKNOWN_HOST = auto()
    TLS = auto()
    LOST = auto()
    TOO_LARGE = auto()


UNREACHABLE_FAULTS: Final = frozenset({Fault.UNREACHABLE, Fault.REFUSED, Fault.UNKNOWN_HOST})
"""Nothing was sent."""


@dataclass(frozen=True, slots=True)
class NoReply:
    """No complete answer came. ``may_have_arrived``: the server may have carried out the request."""

    fault: Fault
    text: str
    may_have_arrived: bool


class Transport:
    """Sends calls to the server at ``base_url``, an address without a path. Safe to use from several threads.

    ``verify`` is True, False or the path of a CA bundle; ``timeout`` is (connect, read) in seconds. Proxies
    and ``REQUESTS_CA_BUNDLE`` come from the environment, as requests users expect; ``.netrc`` and cookies
    do not.
    """

    def __init__(
        self,
        base_url: str,
        *,
        verify: bool | str = True,
        timeout: tuple[float, float],
        max_bytes: int = MAX_ANSWER_BYTES,
        max_seconds: float = MAX_ANSWER_SECONDS,
    ) -> None:
        self._base_url = base_url
        self._verify = verify
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._http = _new_http()

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def send(self, call: Call, credential: Credential | None) -> Reply | NoReply:
        """Send the call once. Redirects are not followed. Never raises for what network or server do."""
        try:
            if not call.write:
                return self._exchange(self._http, call, credential)
            # On a kept connection that the other side dropped meanwhile nobody can tell whether a request
            # arrived, so a write gets a connection of its own.
            with _new_http() as fresh:
                return self._exchange(fresh, call, credential)
        except (OSError, HTTPError) as error:  # requests' own exceptions are OSErrors
            return diagnose(error)

    def _exchange(self, http: requests.Session, call: Call, credential: Credential | None) -> Reply | NoReply:
        in_query = call.method == "GET"
        with http.request(
            call.method,
            self._base_url + (_V1 if call.is_v1 else _V2) + call.path,
            json=call.body,
            params=call.fields if in_query else None,
            data=None if in_query else call.fields,
            headers={"X-Request-Id": call.id, **({"Accept": "text/plain"} if call.plain else {})},
            auth=_Signed(credential),
            verify=self._verify,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            try:
                body = read_body(response.raw, self._max_bytes, self._max_seconds)
            except TooLargeError as error:
                return NoReply(Fault.TOO_LARGE, str(error), may_have_arrived=True)
            return Reply(response.status_code, response.headers, body)


class _Signed(AuthBase):
    """Sets the credential, or nothing; being there at all keeps requests from looking into ``.netrc``."""

    def __init__(self, credential: Credential | None) -> None:
        self._credential = credential

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credential is not None:
            request.headers[self._credential.header] = self._credential.value
        return request


class _Http(requests.Session):
    """A session that knows no redirects; ``allow_redirects=False`` alone still reads and parses them."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


def _new_http() -> requests.Session:
    http = _Http()
    http.headers.update(_HEADERS)
    # A session cookie might win over the token and carry another Org.
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        http.mount(scheme, TimedAdapter(pool_connections=1, pool_maxsize=_POOL, max_retries=0))
    return http


def diagnose(error: OSError | HTTPError) -> NoReply:
    """Say what an exception of requests or urllib3 means, and whether the request can have arrived."""
    origins = list(_origins(error))
    text = _CONNECTION.sub(r"\1:\2: ", str(origins[-1])) or type(origins[-1]).__name__
    if isinstance(error, requests.exceptions.SSLError):
        refused = any(isinstance(origin, ssl.SSLCertVerificationError) for origin in origins)
        return NoReply(Fault.TLS, text, may_have_arrived=not refused)
    # requests' ValueErrors are about a URL or header it refused to use.
    never_sent = (requests.ConnectTimeout, requests.exceptions.ProxyError, ValueError)
    if isinstance(error, never_sent) or any(isinstance(origin, NewConnectionError) for origin in origins):
        return NoReply(_why_unreachable(error, origins), text, may_have_arrived=False)
    if type(error) is OSError and error.errno is None:
        # requests' way to say that it cannot find the CA bundle.
        return NoReply(Fault.TLS, text, may_have_arrived=False)
    return NoReply(Fault.LOST, text, may_have_arrived=True)


def _why_unreachable(error: BaseException, origins: Sequence[BaseException]) -> Fault:
    """What is known of the host itself; nothing when a proxy stands in between."""
    if isinstance(error, requests.exceptions.ProxyError):
        return Fault.UNREACHABLE
    causes = [cause for origin in origins for cause in (origin, origin.__cause__ or origin.__context__)]
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault.UNKNOWN_HOST
    refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
    return Fault.REFUSED if refused else Fault.UNREACHABLE


def _origins(error: BaseException) -> Iterator[BaseException]:
    """The exception and those it was built from, outermost first; requests hides them in arguments."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _origins(inner)
