"""One HTTP exchange with one server: what came back, or why nothing did. No retries, no opinions."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, NewConnectionError

from tsdeploy.version import __version__

MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Bytes of an answer, after decompression, that are read before giving up."""

_CHUNK: Final = 256 * 1024
_POOL: Final = 32
_HEADERS: Final = {
    "Accept": "application/json",
    "User-Agent": f"tsdeploy/{__version__}",
    "X-Requested-By": "ThoughtSpot",
}


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. ``write`` says that sending it twice might do harm; prints as method and path only."""

    method: str
    path: str
    body: Mapping[str, object] | None = field(default=None, repr=False)
    write: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def answer_is_secret(self) -> bool:
        """Whether the answer must never be quoted, because it holds a token."""
        return self.path.startswith("auth/")


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer, whatever its status. ``headers`` ignores case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Fault(Enum):
    """Why there is no answer."""

    UNREACHABLE = auto()
    TLS = auto()
    LOST = auto()
    TOO_LARGE = auto()


@dataclass(frozen=True, slots=True)
class NoReply:
    """No complete answer came. ``may_have_arrived``: the server may have carried out the request."""

    fault: Fault
    text: str
    may_have_arrived: bool


class Transport:
    """Sends calls below ``base_url``. Safe to use from several threads.

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
    ) -> None:
        self._base_url = base_url
        self._verify = verify
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._http = _new_http()

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def send(self, call: Call, bearer: str | None) -> Reply | NoReply:
        """Send the call once. Redirects are not followed. Never raises for what network or server do."""
        try:
            if not call.write:
                return self._exchange(self._http, call, bearer)
            # On a kept connection that the other side dropped meanwhile nobody can tell whether a request
            # arrived, so a write gets a connection of its own.
            with _new_http() as fresh:
                return self._exchange(fresh, call, bearer)
        except (OSError, HTTPError) as error:  # requests' own exceptions are OSErrors
            return diagnose(error)

    def _exchange(self, http: requests.Session, call: Call, bearer: str | None) -> Reply | NoReply:
        with http.request(
            call.method,
            self._base_url + call.path,
            json=call.body,
            auth=_Bearer(bearer),
            verify=self._verify,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            response.raw.enforce_content_length = True  # urllib3 1.x takes a short answer for a whole one
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > self._max_bytes:
                    text = f"the answer is larger than {self._max_bytes} bytes"
                    return NoReply(Fault.TOO_LARGE, text, may_have_arrived=True)
            return Reply(response.status_code, response.headers, bytes(body))


class _Bearer(AuthBase):
    """Sets the token, or nothing; being there at all keeps requests from looking into ``.netrc``."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
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
        http.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=_POOL, max_retries=0))
    return http


def diagnose(error: OSError | HTTPError) -> NoReply:
    """Say what an exception of requests or urllib3 means, and whether the request can have arrived."""
    origins = list(_origins(error))
    text = str(origins[-1]) or type(origins[-1]).__name__
    if isinstance(error, requests.exceptions.SSLError):
        refused = any(isinstance(origin, ssl.SSLCertVerificationError) for origin in origins)
        return NoReply(Fault.TLS, text, may_have_arrived=not refused)
    # requests' ValueErrors are about a URL or header it refused to use.
    never_sent = (requests.ConnectTimeout, requests.exceptions.ProxyError, ValueError)
    if isinstance(error, never_sent) or any(isinstance(origin, NewConnectionError) for origin in origins):
        return NoReply(Fault.UNREACHABLE, text, may_have_arrived=False)
    if type(error) is OSError and error.errno is None:
        # requests' way to say that it cannot find the CA bundle.
        return NoReply(Fault.TLS, text, may_have_arrived=False)
    return NoReply(Fault.LOST, text, may_have_arrived=True)


def _origins(error: BaseException) -> Iterator[BaseException]:
    """The exception and those it was built from, outermost first; requests hides them in arguments."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _origins(inner)
