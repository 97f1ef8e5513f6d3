"""Making users, groups and roles: for tests, for the admin API, and for tokens that create their user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.credentials import digest, no_principal
from tsdeploy.sandbox.store.groups import Group
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.roles import Role
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.failures import ApiError, Code, business_error
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_NAME, TSADMIN_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """What a user is to be. None leaves what a user of that name has, or takes what is usual.

    ``orgs``, ``groups`` and ``favorites`` are ids or names, and are added to what the user has.
    """

    name: str
    display_name: str | None = None
    email: str | None = None
    password: str | None = None
    visibility: str | None = None
    account_type: str | None = None
    account_status: str | None = None
    notify_on_share: bool | None = None
    show_onboarding: bool | None = None
    onboarded: bool | None = None
    home_liveboard: str | None = None
    orgs: tuple[str, ...] = (PRIMARY_ORG_NAME,)
    groups: tuple[str, ...] = ()
    favorites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """What a group is to be. None leaves what a group of that name has, or takes what is usual.

    Members and roles are ids or names, and are added to what the group has.
    """

    name: str
    org: str = PRIMARY_ORG_NAME
    display_name: str | None = None
    description: str | None = None
    visibility: str | None = None
    privileges: tuple[str, ...] | None = None
    users: tuple[str, ...] = ()
    sub_groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    default_liveboards: tuple[str, ...] = ()


def add_user(cluster: Cluster, new: NewUser) -> User:
    """Make a user, or change the one of that name. Raises ApiError 400/13003 for what is not there."""
    now = cluster.now()
    orgs = [need_org(cluster, identifier) for identifier in new.orgs]
    groups = [group for identifier in new.groups for group in need_groups(cluster, identifier, orgs)]
    fresh = User(cluster.mint.guid(), new.name, new.name, author_id=TSADMIN_ID, created=now, last_org=orgs[0].id)
    user = replace(cluster.users.find(new.name) or fresh, modified=now, modified_by=TSADMIN_ID)
    given = {key: value for key in _USER_FIELDS if (value := getattr(new, key)) is not None}
    if new.password is not None:
        given["password"] = digest(new.password, user.id)
    user = replace(user, **given)
    cluster.users.save(user)
    cluster.users.join(user.id, [*(org.id for org in orgs), *(group.org_id for group in groups)])
    for group in groups:
        cluster.groups.add_users(group.id, [user.id])
    cluster.users.favor(user.id, new.favorites)
    return user


def add_group(cluster: Cluster, new: NewGroup) -> Group:
    """Make a group in an Org, or change the one of that name. Raises ApiError 400/13003 for what is not there."""
    now, org = cluster.now(), need_org(cluster, new.org)
    fresh = Group(cluster.mint.guid(), org.id, new.name, new.name, author_id=TSADMIN_ID, created=now)
    group = replace(next(iter(cluster.groups.named(new.name, org.id)), fresh), modified=now)
    given = {key: value for key in _GROUP_FIELDS if (value := getattr(new, key)) is not None}
    if new.privileges is not None:
        given["privileges"] = " ".join(new.privileges)
    group = replace(group, **given)
    users = [need_user(cluster, identifier) for identifier in new.users]
    parts = [part for identifier in new.sub_groups for part in need_groups(cluster, identifier, [org])]
    roles = [need_role(cluster, identifier) for identifier in new.roles]
    cluster.groups.save(group)
    for user in users:
        cluster.users.join(user.id, [org.id])
    cluster.groups.add_users(group.id, [user.id for user in users])
    cluster.groups.add_sub_groups(group.id, [part.id for part in parts])
    cluster.groups.add_roles(group.id, [role.id for role in roles])
    cluster.groups.add_default_liveboards(group.id, new.default_liveboards)
    return group


def add_role(cluster: Cluster, name: str, privileges: Iterable[str], description: str = "") -> Role:
    """Make a role, or change the one of that name."""
    now, known = cluster.now(), cluster.roles.find(name)
    fresh = Role(cluster.mint.guid(), name, description, "", TSADMIN_ID, now, now)
    role = replace(known or fresh, description=description, privileges=" ".join(privileges), modified=now)
    cluster.roles.save(role)
    return role


def need_user(cluster: Cluster, identifier: str) -> User:
    """The user with a GUID or a name. Raises ApiError 400/13003 in shape (b)."""
    found = cluster.users.find(identifier)
    if found is None:
        raise no_principal(identifier)
    return found


def need_groups(cluster: Cluster, identifier: str, orgs: Iterable[Org]) -> list[Group]:
    """The groups with a GUID, or with a name in some Orgs; at least one. Raises ApiError 400/13003 in shape (b)."""
    by_id = cluster.groups.get(identifier)
    found = [by_id] if by_id else [group for org in orgs for group in cluster.groups.named(identifier, org.id)]
    if not found:
        raise no_principal(identifier)
    return found


def need_role(cluster: Cluster, identifier: str) -> Role:
    """The role with a GUID or a name. Raises ApiError 400/13003 in shape (b)."""
    found = cluster.roles.find(identifier)
    if found is None:
        raise no_principal(identifier)
    return found


def need_org(cluster: Cluster, identifier: str) -> Org:
    """The Org with an id or a name. Raises ApiError 400/13003."""
    found = cluster.orgs.find(identifier)
    if found is None:
        raise no_org(identifier)
    return found


def no_org(identifier: str) -> ApiError:
    """400/13003: an Org that is not there."""
    return business_error(f"Org not found corresponding to the identifier {identifier}", Code.NOT_FOUND)


_USER_FIELDS = {field.name for field in fields(NewUser)} - {"name", "password", "orgs", "groups", "favorites"}
_GROUP_FIELDS = ("display_name", "description", "visibility")
