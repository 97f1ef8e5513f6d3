"""``POST /groups/search`` and ``POST /roles/search``.

Source: facts about the REST API, "Users, groups, collections"; for roles, the public OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.paging import PAGE, ordered, page, sort_options
from tsdeploy.sandbox.endpoints.privileges import PRIVILEGES
from tsdeploy.sandbox.endpoints.users import org_ids_asked, refuse_dangling
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.people import Directory, Named, group_json
from tsdeploy.sandbox.store.groups import Group
from tsdeploy.sandbox.store.roles import Role
from tsdeploy.sandbox.web.arguments import enum, flag, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply

_SORTED_BY: Final[Mapping[str, Callable[[Group], Any]]] = {
    "NAME": lambda group: (group.name.casefold(), group.id),
    "DISPLAY_NAME": lambda group: (group.display_name.casefold(), group.id),
    "AUTHOR": lambda group: (group.author_id, group.id),
    "CREATED": lambda group: (group.created, group.id),
    "MODIFIED": lambda group: (group.modified, group.id),
}
_EXACT: Final = ("display_name", "description", "visibility", "type")


def search(call: Call) -> Reply:
    """The groups of the whole cluster that fit, whatever the Org of the token; ``org_identifiers`` narrows them."""
    directory = Directory(call.cluster)
    org_ids = org_ids_asked(call, directory)
    found = [
        group
        for group in directory.groups.values()
        if _may_see(call, group)
        and (org_ids is None or group.org_id in org_ids)
        and _fits_itself(call, group)
        and all(_fits_members(call, directory, group))
    ]
    shown = page(call, ordered(call, found, _SORTED_BY, "NAME"))
    if org_ids is not None:
        refuse_dangling(list(_dangling(directory, shown)))
    teams = (
        directory.team(group, users=call.flag("include_users"), parts=call.flag("include_sub_groups"))
        for group in shown
    )
    return Reply([group_json(team) for team in teams])


def _dangling(directory: Directory, groups: list[Group]) -> Iterator[str]:
    for group in groups:
        yield from (each for each in directory.user_ids(group) if each not in directory.users)
        yield from (each for each in directory.parts.get(group.id, []) if each not in directory.groups)


def _may_see(call: Call, group: Group) -> bool:
    return call.access.is_admin or (guesses.users_seen_by_others(group.visibility) and group.org_id == call.org_id)


def _fits_itself(call: Call, group: Group) -> bool:
    if call.text("group_identifier") not in ("", group.id, group.name):
        return False
    if call.text("name_pattern") and not like(call.text("name_pattern"), group.name):
        return False
    return all(call.text(name) in ("", getattr(group, name)) for name in _EXACT)


def _fits_members(call: Call, directory: Directory, group: Group) -> Iterator[bool]:
    """Filters of which one member is enough."""
    parts = (directory.groups[each] for each in directory.parts.get(group.id, []) if each in directory.groups)
    users = (directory.users[each] for each in directory.user_ids(group) if each in directory.users)
    roles = (directory.roles[each] for each in directory.role_ids.get(group.id, []))
    labels: Mapping[str, Iterator[tuple[str, ...]]] = {
        "privileges": ((name,) for name in group.privileges.split()),
        "sub_group_identifiers": ((part.id, part.name) for part in parts),
        "user_identifiers": ((user.id, user.name) for user in users),
        "role_identifiers": ((role.id, role.name) for role in roles),
        "default_liveboard_identifiers": ((guid,) for guid in directory.liveboards.get(group.id, [])),
    }
    for name, having in labels.items():
        wanted = set(call.many(name))
        yield not wanted or any(not wanted.isdisjoint(each) for each in having)


def roles_search(call: Call) -> Reply:
    """The roles that fit, never paged."""
    directory = Directory(call.cluster)
    having: dict[str, list[Group]] = {}
    for group_id, role_ids in directory.role_ids.items():
        for role_id in role_ids:
            having.setdefault(role_id, []).append(directory.groups[group_id])
    roles = [(role, having.get(role.id, [])) for role in directory.roles.values()]
    return Reply([role_json(directory, role, groups) for role, groups in roles if _fits_role(call, role, groups)])


def _fits_role(call: Call, role: Role, groups: list[Group]) -> bool:
    """Roles are the cluster's, so that they are in every Org; nobody but who manages them sees them at all."""
    labels = {
        "role_identifiers": {role.id, role.name},
        "privileges": set(role.privileges.split()),
        "group_identifiers": {label for group in groups for label in (group.id, group.name)},
        "permissions": {"MODIFY"},
    }
    if any(call.flag(name) for name in ("deprecated", "external", "shared_via_connection")):
        return False
    return all(not call.many(name) or not having.isdisjoint(call.many(name)) for name, having in labels.items())


def role_json(directory: Directory, role: Role, groups: list[Group]) -> dict[str, Any]:
    """A role as ``roles/search`` writes it, with the groups that have it."""
    return {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "groups_assigned_count": len(groups),
        "orgs": [Named(str(org.id), org.name).to_json() for org in directory.orgs.values()],
        "groups": [Named(group.id, group.name).to_json() for group in groups],
        "privileges": role.privileges.split(),
        "permission": "MODIFY",
        "author_id": role.author_id,
        "modifier_id": role.author_id,
        "creation_time_in_millis": role.created,
        "modification_time_in_millis": role.modified,
        "deleted": False,
        "deprecated": False,
        "external": False,
        "hidden": False,
        "shared_via_connection": False,
    }


ENDPOINTS = (
    Endpoint(
        "POST",
        "/groups/search",
        search,
        (
            text("group_identifier"),
            text("name_pattern"),
            text("display_name"),
            text("description"),
            text("org_identifiers", many=True),
            enum("privileges", *PRIVILEGES, many=True),
            text("sub_group_identifiers", many=True),
            enum("type", "LOCAL_GROUP", "LDAP_GROUP", "TEAM_GROUP", "TENANT_GROUP"),
            text("user_identifiers", many=True),
            enum("visibility", "SHARABLE", "NON_SHARABLE"),
            text("role_identifiers", many=True),
            text("default_liveboard_identifiers", many=True),
            since("10.10", flag("include_users", True)),
            since("10.10", flag("include_sub_groups", True)),
            sort_options(*_SORTED_BY),
            *PAGE,
        ),
    ),
    Endpoint(
        "POST",
        "/roles/search",
        roles_search,
        (
            text("role_identifiers", many=True),
            text("org_identifiers", many=True),
            text("group_identifiers", many=True),
            enum("privileges", *PRIVILEGES, many=True),
            flag("deprecated", None),
            flag("external", None),
            flag("shared_via_connection", None),
            enum("permissions", "READ_ONLY", "MODIFY", "NO_ACCESS", many=True),
        ),
        needs=("ROLE_ADMINISTRATION", "GROUP_ADMINISTRATION"),
        since="9.5",
    ),
)
