"""Tokens, sessions, and who is logged in. Source: facts about the REST API, "Authentication"."""

from __future__ import annotations

import uuid
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.web.arguments import Argument, Type, flag, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import ApiError, Code, business_error, system_error
from tsdeploy.sandbox.web.sessions import COOKIE
from tsdeploy.sandbox.wellknown import (
    ADMIN_GROUP_ID,
    PRIMARY_ORG_ID,
    PRIMARY_ORG_NAME,
    SYSTEM_USER_ID,
    TENANT_ID,
    TSADMIN_DISPLAY_NAME,
    TSADMIN_ID,
    TSADMIN_NAME,
)

_DAY = 24 * 3600
_WEEK = 7 * _DAY
_IDLE = 3 * 3600
_CREATED = 1354006445722


def token_full(call: Call) -> Reply:
    """``POST /auth/token/full``: a token scoped to the int ``org_id``; there is no ``org_identifier`` here."""
    _check_credentials(call)
    org = _org_of_token(call)
    minted = _mint(call, org.id, call.number("validity_time_in_sec") or 300)
    scope = {"access_type": "FULL", "org_id": org.id, "metadata_id": None}
    return Reply({**_token_json(minted), "scope": scope})


def token_revoke(call: Call) -> Reply:
    """``POST /auth/token/revoke``: the token named, all of a user's, or the caller's own."""
    if call.text("token"):
        call.cluster.tokens.revoke(call.text("token"))
    elif call.text("user_identifier"):
        _need_user(call.text("user_identifier"))
        call.cluster.tokens.revoke_user(TSADMIN_ID)
    else:
        call.cluster.tokens.revoke(call.session.token)
    return Reply()


def login(call: Call) -> Reply:
    """``POST /auth/session/login``: a cookie, for a password or for a bearer token."""
    if call.text("username") or call.caller is None:
        _check_login(call)
        org = _org_of_login(call)
    else:
        org = _org_of_login(call) if call.text("org_identifier") else _org(call.cluster, call.caller.org_id)
    minted = _mint(call, org.id, _WEEK if call.flag("remember_me") else _IDLE)
    return Reply(cookies={COOKIE: minted.token, "clientId": str(uuid.uuid4())})


def logout(call: Call) -> Reply:
    """``POST /auth/session/logout``."""
    call.cluster.tokens.revoke(call.session.token)
    return Reply(cookies={COOKIE: "", "clientId": ""})


def session_token(call: Call) -> Reply:
    """``GET /auth/session/token``: a token for a day, without ``scope`` in the answer."""
    return Reply(_token_json(_mint(call, call.org_id, _DAY)))


def session_user(call: Call) -> Reply:
    """``GET /auth/session/user``. ``orgs`` shows Primary only to administrators; ``current_org`` is the truth."""
    org = _org(call.cluster, call.org_id)
    return Reply({**_USER, "current_org": {"id": org.id, "name": org.name}})


def _check_credentials(call: Call) -> None:
    """Both given: the secret key wins, as the specification says."""
    key, password = call.text("secret_key"), call.text("password")
    if not key and not password:
        raise system_error("Either secret_key or password must be provided.", Code.INVALID_PARAMETER, 400)
    settings = call.cluster.settings
    good = key == settings.secret_key if key else password == settings.password
    if not good or call.text("username") != TSADMIN_NAME:
        raise system_error(
            "Invalid credentials. The provided secret key or password is incorrect.", Code.NOT_AUTHENTICATED, 401
        )


def _check_login(call: Call) -> None:
    good = call.text("username") == TSADMIN_NAME and call.text("password") == call.cluster.settings.password
    if not good:
        raise system_error(
            "Authentication failed. Verify that the username and password are correct.",
            Code.NOT_AUTHENTICATED,
            401,
        )


def _need_user(identifier: str) -> None:
    if identifier not in (TSADMIN_ID, TSADMIN_NAME):
        raise no_principal(identifier)


def no_principal(identifier: str) -> ApiError:
    """400/13003 in shape (b): a user or group that is not there."""
    return system_error(
        f"Principal object does not exist corresponding to the identifier {identifier}", Code.NOT_FOUND, 400
    )


def _org_of_token(call: Call) -> Org:
    wanted = call.number("org_id")
    if wanted is None:
        return Org(PRIMARY_ORG_ID, PRIMARY_ORG_NAME)
    org = next((org for org in call.cluster.orgs.all() if org.id == wanted), None)
    if org is None:
        user = guesses.user_in_org_error(TSADMIN_ID)
        raise business_error(f"User {user} do not have access to org {wanted}", Code.NO_ORG_ACCESS)
    return org


def _org_of_login(call: Call) -> Org:
    identifier = call.text("org_identifier")
    org = call.cluster.orgs.find(identifier or PRIMARY_ORG_NAME)
    if org is None:
        raise system_error(
            "The specified org_identifier does not refer to a valid or accessible org.", Code.INVALID_PARAMETER, 400
        )
    return org


def _org(cluster: Cluster, org_id: int) -> Org:
    found = cluster.orgs.find(str(org_id))
    assert found is not None, "tokens are minted for orgs that exist"
    return found


def _mint(call: Call, org_id: int, seconds: int) -> Token:
    return call.cluster.tokens.mint(user_id=TSADMIN_ID, org_id=org_id, now=call.cluster.now(), seconds=seconds)


def _token_json(token: Token) -> dict[str, Any]:
    return {
        "token": token.token,
        "creation_time_in_millis": token.created,
        "expiration_time_in_millis": token.expires,
        "valid_for_user_id": token.user_id,
        "valid_for_username": TSADMIN_NAME,
    }


_USER: dict[str, Any] = {
    "id": TSADMIN_ID,
    "name": TSADMIN_NAME,
    "display_name": TSADMIN_DISPLAY_NAME,
    "visibility": "SHARABLE",
    "author_id": SYSTEM_USER_ID,
    "can_change_password": True,
    "complete_detail": True,
    "creation_time_in_millis": _CREATED,
    "current_org": None,
    "deleted": False,
    "deprecated": False,
    "account_type": "LOCAL_USER",
    "account_status": "ACTIVE",
    "email": "",
    "expiration_time_in_millis": None,
    "external": False,
    "favorite_metadata": [],
    "first_login_time_in_millis": 0,
    "group_mask": 4,
    "hidden": False,
    "home_liveboard": None,
    "incomplete_details": [],
    "is_first_login": False,
    "modification_time_in_millis": _CREATED,
    "modifier_id": TSADMIN_ID,
    "notify_on_share": True,
    "onboarding_experience_completed": False,
    "orgs": [{"id": PRIMARY_ORG_ID, "name": PRIMARY_ORG_NAME}],
    "owner_id": TSADMIN_ID,
    "parent_type": "USER",
    "privileges": ["ADMINISTRATION", "DATAMANAGEMENT", "DATADOWNLOADING", "AUTHORING", "USERDATAUPLOADING"],
    "show_onboarding_experience": True,
    "super_user": False,
    "system_user": False,
    "tags": [],
    "tenant_id": TENANT_ID,
    "user_groups": [{"id": ADMIN_GROUP_ID, "name": "Administrator"}],
    "user_inherited_groups": [],
    "welcome_email_sent": False,
    "org_privileges": {"0": ["ADMINISTRATION"]},
    "preferred_locale": "en-US",
    "extended_properties": None,
    "extended_preferences": None,
}

ENDPOINTS = (
    Endpoint(
        "POST",
        "/auth/token/full",
        token_full,
        (
            text("username", required=True),
            text("password"),
            text("secret_key"),
            number("validity_time_in_sec", 300),
            number("org_id"),
            text("email"),
            text("display_name"),
            flag("auto_create"),
            text("group_identifiers", many=True),
            Argument("user_parameters", Type.ANY),
        ),
        open=True,
    ),
    Endpoint("POST", "/auth/token/revoke", token_revoke, (text("user_identifier"), text("token")), bodiless=True),
    Endpoint(
        "POST",
        "/auth/session/login",
        login,
        (text("username"), text("password"), text("org_identifier"), flag("remember_me")),
        open=True,
        bodiless=True,
    ),
    Endpoint("POST", "/auth/session/logout", logout, bodiless=True),
    Endpoint("GET", "/auth/session/token", session_token),
    Endpoint("GET", "/auth/session/user", session_user),
)
