"""Sign in by V1: a session cookie for a password or a trusted token, and the right Org."""

from __future__ import annotations

import re
from typing import Final

from tsdeploy.config.auth import Auth, PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.rest.auth import Token, ready_token
from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.exchange import Exchange
from tsdeploy.rest.results import CurrentUser, Org
from tsdeploy.rest.shape import item, items, sequence, text, whole
from tsdeploy.rest.signin import SignedIn, check_org
from tsdeploy.rest.transport import Call, Credential, Reply

_COOKIE: Final = re.compile(r"\b(JSESSIONID|clientId)=([^;,\s]+)")


def sign_in_v1(exchange: Exchange, auth: Auth, org: int | str | None) -> SignedIn:
    """Open a session in an Org (id, name, or None for wherever the server puts the user).

    Raises RestError TD405 when it is in another Org, AnswerError TD410 when the server gives no session, ApiError for
    wrong credentials, ConfigError TD305 when a secret's variable is not set.
    """
    token = _enter(exchange, auth)
    user = _user(exchange, token)
    orgs = _orgs(exchange, token) if org is not None else []
    wanted = next((one for one in orgs if org in (one.id, one.name)), None)
    if wanted is not None and wanted.id != user.org_id:
        exchange.ask(Call("PUT", "session/orgs", fields={"orgid": str(wanted.id)}), token.credential)
        user = _user(exchange, token)
    names = {one.id: one.name for one in orgs}
    user = CurrentUser(
        user.id,
        user.name,
        user.display_name,
        user.org_id,
        "" if user.org_id is None else names.get(user.org_id, ""),
        user.privileges,
    )
    check_org(exchange, user, org)
    return SignedIn(token, user, is_v1=True)


def _enter(exchange: Exchange, auth: Auth) -> Token:
    if isinstance(auth, TokenAuth):
        return ready_token(auth, exchange.redactor)
    if isinstance(auth, PasswordAuth):
        return _log_in(exchange, "session/login", {"username": auth.username, "password": _secret(exchange, auth)})
    fields = {"username": auth.username, "secret_key": _secret(exchange, auth), "access_level": "FULL"}
    minted = exchange.reply(Call("POST", "session/auth/token", fields=fields, plain=True))
    token = minted.body.decode("utf-8", "replace").strip().strip('"')
    exchange.redactor.learn(token)
    more = {"username": auth.username, "auth_token": token, "no_url_redirection": "true"}
    return _log_in(exchange, "session/login/token", more)


def _secret(exchange: Exchange, auth: PasswordAuth | TrustedAuth) -> str:
    value = auth.secret.reveal()
    exchange.redactor.learn(value)
    return value


def _log_in(exchange: Exchange, path: str, fields: dict[str, str]) -> Token:
    call = Call("POST", path, fields=fields)
    cookies = _cookies(exchange.reply(call))
    if "JSESSIONID" not in cookies:
        raise not_understood(call, "there is no session cookie in the answer")
    for value in cookies.values():
        exchange.redactor.learn(value)
    return Token(Credential("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))


def _cookies(reply: Reply) -> dict[str, str]:
    """The cookies that make up a session; several headers of one name come as one, with commas."""
    return {found[1]: found[2] for found in _COOKIE.finditer(reply.headers.get("Set-Cookie", ""))}


def _user(exchange: Exchange, token: Token) -> CurrentUser:
    call = Call("GET", "session/info", fields={})
    user = item(call, exchange.ask(call, token.credential))
    if not text(user, "userGUID") or not text(user, "userName"):
        raise not_understood(call, "the user has no id or no name")
    privileges = frozenset(name for name in sequence(user, "privileges") if isinstance(name, str))
    return CurrentUser(
        text(user, "userGUID"),
        text(user, "userName"),
        text(user, "userDisplayName"),
        whole(user, "currentOrgId"),
        "",
        privileges,
    )


def _orgs(exchange: Exchange, token: Token) -> list[Org]:
    call = Call("GET", "session/orgs", fields={})
    found = items(call, exchange.ask(call, token.credential), envelope="orgs")
    return [Org(org_id, text(org, "orgName"), "") for org in found if (org_id := whole(org, "orgId")) is not None]
