"""Mint the bearer token that every other call carries, and know when it has to be replaced."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from tsdeploy.config.auth import Auth, PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.errors import Finding, RestError
from tsdeploy.redact import Redactor
from tsdeploy.rest.errors import SIGNED_OUT, ApiError, finding, not_understood
from tsdeploy.rest.shape import item, text, whole
from tsdeploy.rest.transport import Call, Credential

VALIDITY: Final = 3600
"""Seconds a minted token is asked to live; the server's own default is 300."""

_MARGIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Token:
    """What signing in gave. ``renew_at`` is a reading of the session's monotonic clock, in seconds."""

    credential: Credential
    renew_at: float = math.inf


def bearer(token: str) -> Credential:
    """How a token is sent."""
    return Credential("Authorization", f"Bearer {token}")


def mint_call(auth: PasswordAuth | TrustedAuth, org_id: int | None, redactor: Redactor) -> Call:
    """The call that mints a token; the redactor learns the secret in it.

    Only the integer ``org_id`` scopes a token: ``org_identifier`` is silently ignored here (facts §3,
    recorded). Raises ConfigError TD305 when the secret's variable is not set.
    """
    key = "password" if isinstance(auth, PasswordAuth) else "secret_key"
    value = auth.secret.reveal()
    redactor.learn(value)
    body: dict[str, object] = {"username": auth.username, key: value, "validity_time_in_sec": VALIDITY}
    if org_id is not None:
        body["org_id"] = org_id
    return Call("POST", "auth/token/full", body)


def minted_token(call: Call, answer: object, *, asked_at: float, redactor: Redactor) -> Token:
    """Read the answer to ``mint_call``; the redactor learns the token.

    The lifetime is the difference of the server's two times, so that a clock that is off does not matter.
    It counts from ``asked_at``, a reading of the monotonic clock. Raises AnswerError TD410 when there is no
    usable token.
    """
    token = item(call, answer)
    value = text(token, "token")
    redactor.learn(value)
    if not _is_header_safe(value):
        raise not_understood(call, "there is no usable token in the answer")
    created, expires = whole(token, "creation_time_in_millis"), whole(token, "expiration_time_in_millis")
    lifetime = float(VALIDITY) if created is None or expires is None else (expires - created) / 1000.0
    return Token(bearer(value), asked_at + lifetime - min(_MARGIN, lifetime / 5))


def ready_token(auth: TokenAuth, redactor: Redactor) -> Token:
    """The token that the environment holds. Raises ConfigError TD305 if unset, RestError TD403 if broken."""
    value = auth.token.reveal()
    redactor.learn(value)
    if not _is_header_safe(value):
        message = f"the token in {auth.token} has a space, a line break or another character that no token has"
        raise RestError(_naming(finding(SIGNED_OUT, message), auth))
    return Token(bearer(value))


@contextmanager
def naming_secret(auth: Auth) -> Iterator[None]:
    """Let the error TD403 say whose credentials the server refuses, and where the environment's file names them."""
    try:
        yield
    except ApiError as error:
        if error.code != SIGNED_OUT:
            raise
        raise ApiError(_naming(error.findings[0], auth), error.answer) from None


def _naming(refused: Finding, auth: Auth) -> Finding:
    variable = auth.secret.variable
    if isinstance(auth, TokenAuth):
        hint = f"a token cannot be renewed: mint a new one on this cluster, and put it into {variable}"
    elif isinstance(auth, PasswordAuth):
        hint = f"check username and the password in {variable}; with MFA only  type: trusted  works"
    else:
        hint = f"check username and the secret key in {variable}: it is this cluster's, or this Org's"
    return replace(refused, location=auth.secret.location, hint=hint)


def _is_header_safe(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable() and " " not in value
