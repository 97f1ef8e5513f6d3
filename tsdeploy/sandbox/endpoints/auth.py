"""Sessions, and who is logged in. Source: facts about the REST API, "Authentication"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.credentials import check_status, first_org, may_enter, with_password
from tsdeploy.sandbox.endpoints.tokens import token_json
from tsdeploy.sandbox.people import user_json, who
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.arguments import flag, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, system_error
from tsdeploy.sandbox.web.sessions import COOKIE

_DAY = 24 * 3600
_WEEK = 7 * _DAY
_IDLE = 3 * 3600


def login(call: Call) -> Reply:
    """``POST /auth/session/login``: a cookie, for a password or for a bearer token."""
    bearer = None if call.text("username") else call.caller
    user = call.user if bearer else _authenticated(call)
    org = _org(call, user, bearer.org_id if bearer else user.last_org)
    call.cluster.users.save(replace(user, last_org=org.id))
    seconds = _WEEK if call.flag("remember_me") else _IDLE
    minted = _mint(call, user, org.id, seconds, bearer)
    return Reply(cookies={COOKIE: minted.token, "clientId": call.cluster.mint.guid()})


def logout(call: Call) -> Reply:
    """``POST /auth/session/logout``."""
    call.cluster.tokens.revoke(call.session.token)
    return Reply(cookies={COOKIE: "", "clientId": ""})


def session_token(call: Call) -> Reply:
    """``GET /auth/session/token``: a token for a day, without ``scope`` in the answer."""
    user = call.user
    return Reply(token_json(_mint(call, user, call.org_id, _DAY, call.session), user))


def session_user(call: Call) -> Reply:
    """``GET /auth/session/user``. ``orgs`` are the user's own; ``current_org`` is the truth."""
    settings = call.cluster.settings
    shown = user_json(who(call.cluster, call.user, call.org_id), settings.release)
    return Reply(shown if settings.orgs_enabled else without_orgs(shown))


def without_orgs(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a cluster without Orgs says of a user."""
    return {key: value for key, value in shown.items() if key not in guesses.KEYS_OF_ORGS}


def _authenticated(call: Call) -> User:
    user = with_password(call.cluster, call.text("username"), call.text("password"))
    if user is None:
        raise system_error(
            "Authentication failed. Verify that the username and password are correct.",
            Code.NOT_AUTHENTICATED,
            401,
        )
    check_status(user)
    return user


def _org(call: Call, user: User, otherwise: int) -> Org:
    """The Org named, else that of the bearer token or of the user's last session."""
    identifier = call.text("org_identifier")
    if not identifier:
        return first_org(call.cluster, user, otherwise)
    org = call.cluster.orgs.find(identifier)
    if org is None or not may_enter(call.cluster, user, org):
        raise system_error(
            "The specified org_identifier does not refer to a valid or accessible org.", Code.INVALID_PARAMETER, 400
        )
    return org


def _mint(call: Call, user: User, org_id: int, seconds: int, parent: Token | None) -> Token:
    """A token made of another, or of credentials, opens no more than that one did."""
    return call.cluster.tokens.mint(
        user_id=user.id,
        org_id=org_id,
        now=call.cluster.now(),
        seconds=seconds,
        metadata_id=parent.metadata_id if parent else "",
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/auth/session/login",
        login,
        (text("username"), text("password"), text("org_identifier"), flag("remember_me")),
        open=True,
        bodiless=True,
    ),
    Endpoint("POST", "/auth/session/logout", logout, bodiless=True),
    Endpoint("GET", "/auth/session/token", session_token, since="9.4"),
    Endpoint("GET", "/auth/session/user", session_user),
)
