"""Bearer tokens. Source: facts about the REST API, "Authentication"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.credentials import check_status, first_org, is_secret_key, may_enter, with_password
from tsdeploy.sandbox.lookup import need_readable
from tsdeploy.sandbox.principals import NewUser, add_user, need_user
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, number, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, system_error
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID

_VALIDITY = 300
_KEPT = ("filter_rules", "parameter_values", "variable_values")


def token_full(call: Call) -> Reply:
    """``POST /auth/token/full``: a token scoped to the int ``org_id``; there is no ``org_identifier`` here."""
    user = _sign_in(call, call.many("group_identifiers"), auto_create=call.flag("auto_create"))
    minted = _mint(call, user, _org_by_id(call, user))
    return Reply({**token_json(minted, user), "scope": _scope(minted)})


def token_object(call: Call) -> Reply:
    """``POST /auth/token/object``: a token that reads one object and does nothing else."""
    user = _sign_in(call, call.many("group_identifiers"), auto_create=call.flag("auto_create"))
    org = _org_by_id(call, user)
    as_user = replace(call, caller=Token("", user.id, org.id, 0, 0), known_access=None)
    item = need_readable(as_user, call.text("object_id"), None)
    minted = _mint(call, user, org, item.guid)
    return Reply({**token_json(minted, user), "scope": _scope(minted)})


def token_custom(call: Call) -> Reply:
    """``POST /auth/token/custom``: other keys than the others, and an Org by id or name."""
    _check_persistence(call)
    groups = [entry["identifier"] for entry in call.many("groups")]
    auto_create = call.flag("auto_create") and has(call.cluster.settings.release, "10.5")
    user = _sign_in(call, groups, auto_create=auto_create)
    org = _org_by_identifier(call, user)
    _persist(call, user)
    minted = _mint(call, user, org)
    return Reply(
        {
            "id": call.cluster.mint.guid(),
            "token": minted.token,
            "org": {"id": org.id, "name": org.name},
            "user": {"id": user.id, "name": user.name},
            "creation_time_in_millis": minted.created,
            "expiration_time_in_millis": minted.expires,
        }
    )


def revoke(call: Call) -> Reply:
    """``POST /auth/token/revoke``: the token named, all of a user's, or the caller's own."""
    tokens = call.cluster.tokens
    if not call.text("token") and not call.text("user_identifier"):
        tokens.revoke(call.session.token)
        return Reply()
    if call.text("token"):
        found = tokens.find(call.text("token"), call.cluster.now())
        owner = found.user_id if found else call.session.user_id
    else:
        owner = need_user(call.cluster, call.text("user_identifier")).id
    if owner != call.session.user_id and not call.access.is_admin:
        raise system_error(guesses.missing_privilege(()), Code.FORBIDDEN, 403)
    if call.text("token"):
        tokens.revoke(call.text("token"))
    else:
        tokens.revoke_user(owner)
    return Reply()


def validate(call: Call) -> Reply:
    """``POST /auth/token/validate``: what a token is good for. Raises ApiError 400/10002 for one that is not."""
    found = call.cluster.tokens.find(call.text("token"), call.cluster.now())
    if found is None:
        raise system_error(guesses.BAD_TOKEN_TEXT, Code.INVALID_PARAMETER, 400)
    return Reply(
        {
            "creation_time_in_millis": found.created,
            "expiration_time_in_millis": found.expires,
            "scope": _scope(found),
            "valid_for_user_id": found.user_id,
            "token_type": "BEARER",
        }
    )


def token_json(token: Token, user: User) -> dict[str, Any]:
    """A token as most endpoints write it, but for its scope."""
    return {
        "token": token.token,
        "creation_time_in_millis": token.created,
        "expiration_time_in_millis": token.expires,
        "valid_for_user_id": user.id,
        "valid_for_username": user.name,
    }


def _scope(token: Token) -> dict[str, Any]:
    kind = "REPORT_BOOK_VIEW" if token.metadata_id else "FULL"
    return {"access_type": kind, "org_id": token.org_id, "metadata_id": token.metadata_id or None}


def _sign_in(call: Call, groups: list[str], *, auto_create: bool) -> User:
    """The user that credentials open. With a secret key, one who is not there may be made.

    Both given: the secret key wins, as the specification says.
    """
    key, password, name = call.text("secret_key"), call.text("password"), call.text("username")
    if not key and not password:
        raise system_error("Either secret_key or password must be provided.", Code.INVALID_PARAMETER, 400)
    if key and not call.cluster.settings.trusted_authentication:
        text = "Trusted authentication is not enabled for this cluster or org."
        raise system_error(text, Code.FORBIDDEN, 403)
    user = None
    if not key:
        user = with_password(call.cluster, name, password)
    elif is_secret_key(call.cluster, key):
        user = call.cluster.users.find(name) or (_provision(call, groups) if auto_create else None)
    if user is None:
        text = "Invalid credentials. The provided secret key or password is incorrect."
        raise system_error(text, Code.NOT_AUTHENTICATED, 401)
    check_status(user)
    return user


def _provision(call: Call, groups: list[str]) -> User:
    """A user made just in time, in the Org of the token."""
    wanted = call.arguments.get("org_id", call.arguments.get("org_identifier"))
    org = call.cluster.orgs.find(str(wanted if wanted is not None else PRIMARY_ORG_ID))
    if org is None:
        raise business_error(guesses.no_such_org(str(wanted)), Code.NO_ORG_ACCESS)
    return add_user(
        call.cluster,
        NewUser(
            name=call.text("username"),
            display_name=call.text("display_name") or None,
            email=call.text("email") or None,
            orgs=(org.name,),
            groups=tuple(groups),
        ),
    )


def _org_by_id(call: Call, user: User) -> Org:
    wanted = call.number("org_id")
    return _org_unnamed(call, user) if wanted is None else _entered(call, user, wanted, call.cluster.orgs.get(wanted))


def _org_by_identifier(call: Call, user: User) -> Org:
    wanted = call.text("org_identifier")
    return _entered(call, user, wanted, call.cluster.orgs.find(wanted)) if wanted else _org_unnamed(call, user)


def _entered(call: Call, user: User, wanted: int | str, org: Org | None) -> Org:
    if org is None or not may_enter(call.cluster, user, org):
        text = f"User {guesses.user_in_org_error(user.id)} do not have access to org {wanted}"
        raise business_error(text, Code.NO_ORG_ACCESS)
    return org


def _org_unnamed(call: Call, user: User) -> Org:
    """The secret key is Primary's; a password leads to the Org of the last session."""
    return first_org(call.cluster, user, PRIMARY_ORG_ID if call.text("secret_key") else user.last_org)


def _check_persistence(call: Call) -> None:
    option = call.text("persist_option")
    if call.many("variable_values") and option in ("RESET", "NONE"):
        raise system_error(guesses.persist_option(option), Code.INVALID_PARAMETER, 400)


def _persist(call: Call, user: User) -> None:
    """Keep what the token says about the user, where the token says that it is to be kept."""
    option = call.text("persist_option")
    if option == "NONE":
        return
    given = {key: call.many(key) for key in _KEPT if call.many(key)}
    before: Mapping[str, list[Any]] = json.loads(user.entitlements)
    kept: Mapping[str, list[Any]] = {"RESET": {}, "REPLACE": {**before, **given}}.get(option, _appended(before, given))
    call.cluster.users.save(replace(user, entitlements=json.dumps(kept)))


def _appended(before: Mapping[str, list[Any]], given: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {key: [*before.get(key, []), *given.get(key, [])] for key in (*before, *given)}


def _mint(call: Call, user: User, org: Org, metadata_id: str = "") -> Token:
    seconds = call.number("validity_time_in_sec")
    return call.cluster.tokens.mint(
        user_id=user.id,
        org_id=org.id,
        now=call.cluster.now(),
        seconds=_VALIDITY if seconds is None else seconds,
        metadata_id=metadata_id,
    )


_CREDENTIALS = (
    text("username", required=True),
    text("password"),
    text("secret_key"),
    number("validity_time_in_sec", _VALIDITY),
)
_IN_ORG_BY_ID = (
    *_CREDENTIALS,
    number("org_id"),
    text("email"),
    text("display_name"),
    flag("auto_create"),
    text("group_identifiers", many=True),
    Argument("user_parameters", Type.ANY),
)

ENDPOINTS = (
    Endpoint("POST", "/auth/token/full", token_full, _IN_ORG_BY_ID, open=True),
    Endpoint("POST", "/auth/token/object", token_object, (*_IN_ORG_BY_ID, text("object_id", required=True)), open=True),
    Endpoint(
        "POST",
        "/auth/token/custom",
        token_custom,
        (
            *_CREDENTIALS,
            enum("persist_option", "REPLACE", "APPEND", "NONE", "RESET", required=True),
            text("org_identifier"),
            group(
                "filter_rules",
                text("column_name", required=True),
                text("operator", required=True),
                Argument("values", Type.ANY, required=True, many=True),
                many=True,
            ),
            group(
                "parameter_values",
                text("name", required=True),
                Argument("values", Type.ANY, required=True, many=True),
                many=True,
            ),
            since(
                "10.14",
                group(
                    "variable_values",
                    text("name", required=True),
                    Argument("values", Type.ANY, required=True, many=True),
                    many=True,
                ),
            ),
            group("objects", enum("type", "LOGICAL_TABLE"), text("identifier", required=True), many=True),
            text("email"),
            text("display_name"),
            group("groups", text("identifier", required=True), many=True),
            since("10.5", flag("auto_create", True)),
        ),
        open=True,
        since="10.4",
    ),
    Endpoint("POST", "/auth/token/revoke", revoke, (text("user_identifier"), text("token")), bodiless=True),
    Endpoint("POST", "/auth/token/validate", validate, (text("token", required=True),), since="9.12"),
)
