"""Users and groups with what belongs to them, and how the API writes them.

Source: facts about the REST API, "Authentication" and "Users, groups, collections"; every declared field is written,
nulls included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox.access import privileges_in
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.store.groups import Group, all_group_id
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.roles import Role
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.wellknown import ADMIN_PRIVILEGES, SUPER_USER_ID, SYSTEM_USER_ID, TENANT_ID

_GROUP_MASK = 4


@dataclass(frozen=True, slots=True)
class Named:
    """Anything with an id and a name."""

    id: str
    name: str

    def to_json(self) -> dict[str, str]:
        """As lists of members, Liveboards and the like write it."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Person:
    """A user with what belongs to it. ``here`` is the Org it is looked at in, None for none that it belongs to."""

    user: User
    groups: list[Group]
    inherited: list[Group]
    orgs: list[Org]
    here: Org | None
    privileges: dict[int, list[str]]
    favorites: list[dict[str, str]]
    home_liveboard: Named | None


@dataclass(frozen=True, slots=True)
class Team:
    """A group with what belongs to it. ``users`` and ``parts`` are None where they were not asked for."""

    group: Group
    org: Org | None
    users: list[Named] | None
    parts: list[Named] | None
    roles: list[Role]
    liveboards: list[Named]


def who(cluster: Cluster, user: User, org_id: int) -> Person:
    """One user, as seen by itself in an Org: with the groups and the privileges there."""
    direct, inherited = cluster.groups.of_user(user.id)
    own = cluster.users.org_ids([user.id]).get(user.id, [])
    here = cluster.orgs.get(org_id)
    known = [*direct, *inherited]
    return Person(
        user=user,
        groups=[group for group in direct if group.org_id == org_id],
        inherited=[group for group in inherited if group.org_id == org_id],
        orgs=[org for org_id in own if (org := cluster.orgs.get(org_id)) is not None],
        here=here,
        privileges={each: _ordered(privileges_in(cluster, known, each)) for each in {*own, org_id}},
        favorites=_favorites(cluster, cluster.users.favorites([user.id]).get(user.id, [])),
        home_liveboard=named_object(cluster, user.home_liveboard),
    )


def named_object(cluster: Cluster, guid: str) -> Named | None:
    """An object by GUID, None where it is not there."""
    found = cluster.objects.get(guid) if guid else None
    return Named(found.guid, found.name) if found else None


def _favorites(cluster: Cluster, guids: Iterable[str]) -> list[dict[str, str]]:
    found = [cluster.objects.get(guid) for guid in guids]
    return [{"id": item.guid, "name": item.name, "type": rest_type(item.kind)} for item in found if item is not None]


def _ordered(privileges: Iterable[str]) -> list[str]:
    """Privileges in the order of the reference: what administrators have first, the rest by name."""
    found = set(privileges)
    return [name for name in ADMIN_PRIVILEGES if name in found] + sorted(found - set(ADMIN_PRIVILEGES))


class Directory:
    """All users and groups of a cluster with who belongs to what, read at once: for searches over many."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.orgs = {org.id: org for org in cluster.orgs.all()}
        self.groups = {group.id: group for group in cluster.groups.all()}
        self.users = {user.id: user for user in cluster.users.all()}
        self.org_ids = cluster.users.org_ids(self.users)
        self.members = cluster.groups.members()
        self.parts = cluster.groups.parts()
        self.role_ids = cluster.groups.roles()
        self.roles = {role.id: role for role in cluster.roles.all()}
        self.liveboards = cluster.groups.default_liveboards()
        self._groups_of = _inverted(self.members)
        self._parents_of = _inverted(self.parts)

    def groups_of(self, user_id: str) -> list[str]:
        """GUIDs of the groups that a user was put into, those that are gone included."""
        return self._groups_of.get(user_id, [])

    def person(self, user: User, org_id: int, *, favorites: list[str] | None = None) -> Person:
        """One user, with the groups of all Orgs."""
        direct = [self.groups[each] for each in self.groups_of(user.id) if each in self.groups]
        inherited = self.above(direct)
        own = self.org_ids.get(user.id, [])
        return Person(
            user=user,
            groups=direct,
            inherited=inherited,
            orgs=[self.orgs[each] for each in own if each in self.orgs],
            here=self.orgs.get(org_id) if org_id in own else None,
            privileges={each: _ordered(self._privileges([*direct, *inherited], each)) for each in {*own, org_id}},
            favorites=_favorites(self.cluster, favorites or ()),
            home_liveboard=named_object(self.cluster, user.home_liveboard),
        )

    def team(self, group: Group, *, users: bool = True, parts: bool = True) -> Team:
        """One group."""
        member_ids = self.user_ids(group)
        part_ids = [each for each in self.parts.get(group.id, []) if each in self.groups]
        found = (named_object(self.cluster, guid) for guid in self.liveboards.get(group.id, []))
        return Team(
            group=group,
            org=self.orgs.get(group.org_id),
            users=_by_name(self.users[each] for each in member_ids if each in self.users) if users else None,
            parts=_by_name(self.groups[each] for each in part_ids) if parts else None,
            roles=[self.roles[each] for each in self.role_ids.get(group.id, [])],
            liveboards=[liveboard for liveboard in found if liveboard is not None],
        )

    def user_ids(self, group: Group) -> list[str]:
        """GUIDs of a group's members, those that are gone included. Everybody of an Org is in its group All."""
        if group.id == all_group_id(group.org_id):
            return [user_id for user_id, org_ids in self.org_ids.items() if group.org_id in org_ids]
        return self.members.get(group.id, [])

    def above(self, groups: Iterable[Group]) -> list[Group]:
        """The groups that contain some groups, at any height."""
        known = {group.id for group in groups}
        queue = sorted(known)
        for each in queue:
            for parent in self._parents_of.get(each, []):
                if parent not in known:
                    known.add(parent)
                    queue.append(parent)
        direct = {group.id for group in groups}
        return [self.groups[each] for each in queue if each in self.groups and each not in direct]

    def _privileges(self, groups: list[Group], org_id: int) -> frozenset[str]:
        return privileges_in(self.cluster, groups, org_id)


def _by_name(found: Iterable[User] | Iterable[Group]) -> list[Named]:
    return sorted((Named(each.id, each.name) for each in found), key=lambda named: named.name)


def _inverted(pairs: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, many in pairs.items():
        for each in many:
            found.setdefault(each, []).append(one)
    return found


def user_json(person: Person, release: str, *, favorites: bool = True, variables: bool = True) -> dict[str, Any]:
    """A user as ``session/user`` and ``users/search`` write it."""
    user, here = person.user, person.here
    kept = json.loads(user.entitlements)
    controls = {key: kept[key] for key in ("filter_rules", "parameter_values") if key in kept}
    shown: dict[str, Any] = {
        "id": user.id,
        "name": user.name,
        "display_name": user.display_name,
        "visibility": user.visibility,
        "author_id": user.author_id,
        "can_change_password": True,
        "complete_detail": True,
        "creation_time_in_millis": user.created,
        "current_org": {"id": here.id, "name": here.name} if here else {},
        "deleted": False,
        "deprecated": False,
        "account_type": user.account_type,
        "account_status": user.account_status,
        "email": user.email,
        "expiration_time_in_millis": None,
        "external": False,
        "favorite_metadata": person.favorites if favorites else [],
        "first_login_time_in_millis": 0,
        "group_mask": _GROUP_MASK,
        "hidden": False,
        "home_liveboard": person.home_liveboard.to_json() if person.home_liveboard else None,
        "incomplete_details": [],
        "is_first_login": False,
        "modification_time_in_millis": user.modified,
        "modifier_id": user.modified_by,
        "notify_on_share": user.notify_on_share,
        "onboarding_experience_completed": user.onboarded,
        "orgs": [{"id": org.id, "name": org.name} for org in person.orgs],
        "owner_id": user.id,
        "parent_type": "USER",
        "privileges": person.privileges.get(here.id, []) if here else [],
        "show_onboarding_experience": user.show_onboarding,
        "super_user": user.id == SUPER_USER_ID,
        "system_user": user.id == SYSTEM_USER_ID,
        "tags": [],
        "tenant_id": TENANT_ID,
        "user_groups": [Named(group.id, group.name).to_json() for group in person.groups],
        "user_inherited_groups": [Named(group.id, group.name).to_json() for group in person.inherited],
        "welcome_email_sent": False,
        "org_privileges": {str(org_id): names for org_id, names in sorted(person.privileges.items())},
        "preferred_locale": "en-US",
        "extended_properties": None,
        "extended_preferences": None,
    }
    later = {
        "access_control_properties": ("10.4", controls or None),
        "user_parameters": ("10.4", None),
        "variable_values": ("10.14", kept.get("variable_values") if variables else None),
        "use_browser_language": ("26.3", False),
    }
    return shown | {key: value for key, (since, value) in later.items() if has(release, since)}


def group_json(team: Team) -> dict[str, Any]:
    """A group as ``groups/search`` writes it."""
    group = team.group
    return {
        "author_id": group.author_id,
        "complete_detail": True,
        "content": {},
        "creation_time_in_millis": group.created,
        "default_liveboards": [liveboard.to_json() for liveboard in team.liveboards],
        "deleted": False,
        "deprecated": False,
        "description": group.description,
        "display_name": group.display_name,
        "external": False,
        "generation_number": 1,
        "hidden": False,
        "id": group.id,
        "index": 0,
        "index_version": 1,
        "metadata_version": 1,
        "modification_time_in_millis": group.modified,
        "modifier_id": group.author_id,
        "name": group.name,
        "orgs": [Named(str(team.org.id), team.org.name).to_json()] if team.org else [],
        "owner_id": group.id,
        "parent_type": "GROUP",
        "privileges": _ordered(group.privileges.split()),
        "sub_groups": None if team.parts is None else [part.to_json() for part in team.parts],
        "system_group": group.system,
        "tags": [],
        "type": group.type,
        "users": None if team.users is None else [user.to_json() for user in team.users],
        "visibility": group.visibility,
        "roles": [Named(role.id, role.name).to_json() for role in team.roles],
    }
