"""Users, groups and roles as records of them are kept, and made anew. Nobody gives passwords, so none are in them.

Source: facts about the REST API, "Users, groups, collections"; for roles and for what makes principals, the public
OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tsdeploy.rest.listing import refuse_endless
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, items, listed, sequence, text, whole
from tsdeploy.rest.transport import Call

_BY_NAME = {"field_name": "NAME", "order": "ASC"}


@dataclass(frozen=True, slots=True)
class User:
    """A user. ``groups`` are names of groups of one Org, ``orgs`` names of Orgs."""

    name: str
    display_name: str = ""
    email: str = ""
    account_type: str = ""
    account_status: str = ""
    visibility: str = ""
    orgs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of one Org. ``roles`` and ``sub_groups`` are names; ``system`` ones come with the Org."""

    name: str
    display_name: str = ""
    description: str = ""
    type: str = ""
    visibility: str = ""
    privileges: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sub_groups: tuple[str, ...] = ()
    system: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the cluster."""

    name: str
    description: str = ""
    privileges: tuple[str, ...] = ()


def groups_page(session: Session, offset: int, size: int) -> list[tuple[str, Group | None]]:
    """GUID and group for one page of the cluster's groups; None for those of another Org than the session's.

    Fewer than ``size`` are the last. An Org is not asked for: one dangling membership would fail the page (facts §15).
    """
    body = {"record_offset": offset, "record_size": size, "sort_options": _BY_NAME, "include_users": False}
    call = Call("POST", "groups/search", body)
    refuse_endless(call, offset)
    org = session.user.org_id
    return [(text(one, "id"), _group(one) if _is_in(one, org) else None) for one in items(call, session.ask(call))]


def users_page(session: Session, offset: int, size: int, groups: Collection[str] | None) -> list[User | None]:
    """One page of the cluster's users, None for those of other Orgs. Fewer than ``size`` are the last.

    Of their groups, which may be those of several Orgs, only the ones with these GUIDs; all where None are given.
    """
    body = {"record_offset": offset, "record_size": size, "sort_options": _BY_NAME}
    call = Call("POST", "users/search", body)
    refuse_endless(call, offset)
    org = session.user.org_id
    return [_user(one, groups) if _is_in(one, org) else None for one in items(call, session.ask(call))]


def search_roles(session: Session) -> list[Role]:
    """The cluster's roles, by name. Raises ApiError without the privilege, and where roles are not in use."""
    call = Call("POST", "roles/search", {})
    found = items(call, session.ask(call))
    roles = (Role(text(one, "name"), text(one, "description"), _texts(one, "privileges")) for one in found)
    return sorted(roles, key=lambda role: role.name)


def create_role(session: Session, role: Role) -> None:
    """Make a role. Raises ApiError when it is refused, UnknownOutcomeError TD409 when nobody can tell."""
    body = {"name": role.name, "description": role.description, "privileges": list(role.privileges)}
    session.ask(Call("POST", "roles/create", body, write=True))


def create_group(session: Session, group: Group, users: Collection[str]) -> None:
    """Make a group in the session's Org, with users who are there already. Raises as ``create_role``."""
    body = {
        "name": group.name,
        "display_name": group.display_name or group.name,
        "description": group.description,
        "type": group.type,
        "visibility": group.visibility,
        "privileges": list(group.privileges),
        "role_identifiers": list(group.roles),
        "sub_group_identifiers": list(group.sub_groups),
        "user_identifiers": sorted(users),
    }
    session.ask(Call("POST", "groups/create", _given(body), write=True))


def create_user(session: Session, user: User, orgs: Collection[str]) -> None:
    """Make a user without a password, and send no mail. Raises as ``create_role``."""
    body = {
        "account_type": user.account_type,
        "account_status": user.account_status,
        "visibility": user.visibility,
        "org_identifiers": list(orgs),
        "group_identifiers": list(user.groups),
    }
    who = {"name": user.name, "display_name": user.display_name or user.name, "email": user.email}
    quiet = {"trigger_welcome_email": False, "trigger_activation_email": False}
    session.ask(Call("POST", "users/create", who | _given(body) | quiet, write=True))


def _given(body: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if value not in ("", [])}


def _group(found: Item) -> Group:
    return Group(
        name=text(found, "name"),
        display_name=text(found, "display_name"),
        description=text(found, "description"),
        type=text(found, "type"),
        visibility=text(found, "visibility"),
        privileges=_texts(found, "privileges"),
        roles=_names(found, "roles"),
        sub_groups=_names(found, "sub_groups"),
        system=flag(found, "system_group"),
    )


def _user(found: Item, groups: Collection[str] | None) -> User:
    return User(
        name=text(found, "name"),
        display_name=text(found, "display_name"),
        email=text(found, "email"),
        account_type=text(found, "account_type"),
        account_status=text(found, "account_status"),
        visibility=text(found, "visibility"),
        orgs=_names(found, "orgs"),
        groups=_names(found, "user_groups", groups),
    )


def _is_in(found: Item, org: int | None) -> bool:
    """Whether a principal belongs to an Org; one that names none may."""
    orgs = [whole(one, "id") for one in listed(found, "orgs")]
    return org is None or not orgs or org in orgs


def _texts(found: Item, key: str) -> tuple[str, ...]:
    return tuple(sorted(value for value in sequence(found, key) if isinstance(value, str)))


def _names(found: Item, key: str, ids: Collection[str] | None = None) -> tuple[str, ...]:
    """The names of a list of objects with ``id`` and ``name``, sorted; only of those with one of the ids."""
    return tuple(sorted(text(one, "name") for one in listed(found, key) if ids is None or text(one, "id") in ids))
