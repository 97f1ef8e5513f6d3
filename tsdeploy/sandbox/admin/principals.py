"""Orgs, users, groups and roles, made, changed and taken away; of this V2 here only makes users, groups and roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.people import Directory, group_json, user_json
from tsdeploy.sandbox.principals import (
    NewGroup,
    NewUser,
    add_group,
    add_role,
    add_user,
    need_groups,
    need_org,
    need_user,
)
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.web.arguments import enum, flag, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, PRIMARY_ORG_NAME

_TEXTS: Final = ("display_name", "email", "password", "home_liveboard")
_FLAGS: Final = ("notify_on_share", "show_onboarding", "onboarded")


def users(call: Call) -> Reply:
    """``GET /users``: every user of the cluster, as users/search writes them."""
    directory = Directory(call.cluster)
    people = (directory.person(user, PRIMARY_ORG_ID) for user in directory.users.values())
    return Reply([user_json(person, call.cluster.settings.release) for person in people])


def save_user(call: Call) -> Reply:
    """``POST /users``: a new user, or changes to the one of that name."""
    given = {name: call.arguments[name] for name in (*_TEXTS, *_FLAGS, *_STATES)}
    user = add_user(
        call.cluster,
        NewUser(
            name=call.text("name"),
            orgs=tuple(call.many("orgs")) or (PRIMARY_ORG_NAME,),
            groups=tuple(call.many("groups")),
            favorites=tuple(call.many("favorites")),
            **given,
        ),
    )
    return Reply({"id": user.id, "name": user.name})


def delete_user(call: Call) -> Reply:
    """``DELETE /users/{identifier}``: memberships in groups stay behind and dangle."""
    user = need_user(call.cluster, call.text("identifier"))
    call.cluster.tokens.revoke_user(user.id)
    call.cluster.users.delete(user.id)
    return Reply()


def groups(call: Call) -> Reply:
    """``GET /groups``: every group of the cluster, as groups/search writes them."""
    directory = Directory(call.cluster)
    return Reply([group_json(directory.team(group)) for group in directory.groups.values()])


def save_group(call: Call) -> Reply:
    """``POST /groups``: a new group, or changes to the one of that name in the Org."""
    privileges = call.arguments["privileges"]
    group = add_group(
        call.cluster,
        NewGroup(
            name=call.text("name"),
            org=call.text("org") or PRIMARY_ORG_NAME,
            display_name=call.arguments["display_name"],
            description=call.arguments["description"],
            visibility=call.arguments["visibility"],
            privileges=None if privileges is None else tuple(privileges),
            users=tuple(call.many("users")),
            sub_groups=tuple(call.many("sub_groups")),
            roles=tuple(call.many("roles")),
            default_liveboards=tuple(call.many("default_liveboards")),
        ),
    )
    return Reply({"id": group.id, "name": group.name})


def delete_group(call: Call) -> Reply:
    """``DELETE /groups/{identifier}``: by GUID, or by name in Primary. Memberships in it dangle."""
    primary = need_org(call.cluster, PRIMARY_ORG_NAME)
    for group in need_groups(call.cluster, call.text("identifier"), [primary]):
        call.cluster.groups.delete(group.id)
    return Reply()


def save_role(call: Call) -> Reply:
    """``POST /roles``: a new role, or changes to the one of that name."""
    role = add_role(call.cluster, call.text("name"), call.many("privileges"), call.text("description"))
    return Reply({"id": role.id, "name": role.name})


def orgs(call: Call) -> Reply:
    """``GET /orgs``: every Org of the cluster."""
    return Reply([_org_json(org) for org in call.cluster.orgs.all()])


def save_orgs(call: Call) -> Reply:
    """``POST /orgs``: Orgs by name, made if they are not there; description and the like go to each."""
    return Reply([_org_json(_saved(call.cluster, call, name)) for name in call.many("names")])


def _saved(cluster: Cluster, call: Call, name: str) -> Org:
    org = cluster.add_org(name)
    org = replace(
        org,
        description=call.text("description") or org.description,
        status=call.text("status") or org.status,
        visibility=call.text("visibility") or org.visibility,
    )
    cluster.orgs.save(org)
    return org


def _org_json(org: Org) -> dict[str, Any]:
    return {
        "id": org.id,
        "name": org.name,
        "description": org.description,
        "status": org.status,
        "visibility": org.visibility,
    }


_VISIBILITY: Final = enum("visibility", "SHARABLE", "NON_SHARABLE")
_STATES: Final = ("visibility", "account_type", "account_status")
_NAME: Final = text("name", required=True)
_IDENTIFIER: Final = text("identifier", required=True)

ENDPOINTS = (
    Endpoint("GET", "/users", users),
    Endpoint(
        "POST",
        "/users",
        save_user,
        (
            _NAME,
            *map(text, _TEXTS),
            *(flag(name, None) for name in _FLAGS),
            _VISIBILITY,
            enum("account_type", "LOCAL_USER", "LDAP_USER", "SAML_USER", "OIDC_USER", "REMOTE_USER"),
            enum("account_status", "ACTIVE", "INACTIVE", "EXPIRED", "LOCKED", "PENDING", "SUSPENDED"),
            text("orgs", many=True),
            text("groups", many=True),
            text("favorites", many=True),
        ),
    ),
    Endpoint("DELETE", "/users/<identifier>", delete_user, (_IDENTIFIER,), bodiless=True),
    Endpoint("GET", "/groups", groups),
    Endpoint(
        "POST",
        "/groups",
        save_group,
        (
            _NAME,
            text("org"),
            text("display_name"),
            text("description"),
            _VISIBILITY,
            text("privileges", many=True),
            text("users", many=True),
            text("sub_groups", many=True),
            text("roles", many=True),
            text("default_liveboards", many=True),
        ),
    ),
    Endpoint("DELETE", "/groups/<identifier>", delete_group, (_IDENTIFIER,), bodiless=True),
    Endpoint("POST", "/roles", save_role, (_NAME, text("description"), text("privileges", many=True))),
    Endpoint("GET", "/orgs", orgs),
    Endpoint(
        "POST",
        "/orgs",
        save_orgs,
        (
            text("names", required=True, many=True),
            text("description"),
            enum("status", "ACTIVE", "IN_ACTIVE"),
            enum("visibility", "SHOW", "HIDDEN"),
        ),
    ),
)
