"""``POST /users/create``, ``/groups/create`` and ``/roles/create``. Source: the public OpenAPI description."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.groups import role_json
from tsdeploy.sandbox.endpoints.privileges import PRIVILEGES
from tsdeploy.sandbox.people import Directory, group_json, user_json
from tsdeploy.sandbox.principals import NewGroup, NewUser, add_group, add_role, add_user
from tsdeploy.sandbox.web.arguments import enum, flag, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error


def create_user(call: Call) -> Reply:
    """A user of the Orgs that are named, else of the caller's. Without a password nobody signs in with one."""
    _refuse_second(call, call.cluster.users.find(call.text("name")))
    user = add_user(
        call.cluster,
        NewUser(
            name=call.text("name"),
            display_name=call.text("display_name"),
            email=call.text("email"),
            password=call.text("password") or None,
            visibility=call.text("visibility") or None,
            account_type=call.text("account_type") or None,
            account_status=call.text("account_status") or None,
            notify_on_share=call.arguments["notify_on_share"],
            orgs=tuple(call.many("org_identifiers")) or (str(call.org_id),),
            groups=tuple(call.many("group_identifiers")),
        ),
    )
    person = Directory(call.cluster).person(user, call.org_id)
    return Reply(user_json(person, call.cluster.settings.release))


def create_group(call: Call) -> Reply:
    """A group of the caller's Org."""
    _refuse_second(call, next(iter(call.cluster.groups.named(call.text("name"), call.org_id)), None))
    group = add_group(
        call.cluster,
        NewGroup(
            name=call.text("name"),
            org=str(call.org_id),
            display_name=call.text("display_name"),
            description=call.text("description"),
            visibility=call.text("visibility") or None,
            privileges=tuple(call.many("privileges")),
            users=tuple(call.many("user_identifiers")),
            sub_groups=tuple(call.many("sub_group_identifiers")),
            roles=tuple(call.many("role_identifiers")),
        ),
    )
    return Reply(group_json(Directory(call.cluster).team(group)))


def create_role(call: Call) -> Reply:
    """A role of the cluster, which no group has yet."""
    _refuse_second(call, call.cluster.roles.find(call.text("name")))
    role = add_role(call.cluster, call.text("name"), call.many("privileges"), call.text("description"))
    return Reply(role_json(Directory(call.cluster), role, []))


def _refuse_second(call: Call, found: object) -> None:
    if found is not None:
        raise business_error(guesses.duplicate_principal(call.text("name")), Code.INVALID_PARAMETER)


_NAME: Final = text("name", required=True)
_DISPLAY_NAME: Final = text("display_name", required=True)
_VISIBILITY: Final = enum("visibility", "SHARABLE", "NON_SHARABLE")

ENDPOINTS = (
    Endpoint(
        "POST",
        "/users/create",
        create_user,
        (
            _NAME,
            _DISPLAY_NAME,
            text("email", required=True),
            text("password"),
            enum("account_type", "LOCAL_USER", "LDAP_USER", "SAML_USER", "OIDC_USER", "REMOTE_USER"),
            enum("account_status", "ACTIVE", "INACTIVE", "EXPIRED", "LOCKED", "PENDING", "SUSPENDED"),
            text("org_identifiers", many=True),
            text("group_identifiers", many=True),
            _VISIBILITY,
            flag("notify_on_share", None),
            flag("trigger_welcome_email", True),
            flag("trigger_activation_email", True),
        ),
        needs=("USER_ADMINISTRATION",),
    ),
    Endpoint(
        "POST",
        "/groups/create",
        create_group,
        (
            _NAME,
            _DISPLAY_NAME,
            text("description"),
            enum("privileges", *PRIVILEGES, many=True),
            text("sub_group_identifiers", many=True),
            enum("type", "LOCAL_GROUP", "LDAP_GROUP", "TEAM_GROUP", "TENANT_GROUP"),
            text("user_identifiers", many=True),
            _VISIBILITY,
            text("role_identifiers", many=True),
        ),
        needs=("GROUP_ADMINISTRATION",),
    ),
    Endpoint(
        "POST",
        "/roles/create",
        create_role,
        (_NAME, text("description"), enum("privileges", *PRIVILEGES, many=True)),
        needs=("ROLE_ADMINISTRATION",),
        since="9.5",
    ),
)
