"""``POST /users/search``. Source: facts about the REST API, "Users, groups, collections"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.paging import PAGE, ordered, page, sort_options
from tsdeploy.sandbox.endpoints.privileges import PRIVILEGES
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.people import Directory, Person, user_json
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.arguments import enum, flag, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error

_SORTED_BY: Final[Mapping[str, Callable[[User], Any]]] = {
    "NAME": lambda user: (user.name.casefold(), user.id),
    "DISPLAY_NAME": lambda user: (user.display_name.casefold(), user.id),
    "AUTHOR": lambda user: (user.author_id, user.id),
    "CREATED": lambda user: (user.created, user.id),
    "MODIFIED": lambda user: (user.modified, user.id),
}
_EXACT: Final = ("visibility", "email", "account_type", "account_status", "display_name")
_FLAGS: Final = {
    "notify_on_share": "notify_on_share",
    "show_onboarding_experience": "show_onboarding",
    "onboarding_experience_completed": "onboarded",
}


def search(call: Call) -> Reply:
    """The users of the whole cluster that fit, whatever the Org of the token; ``org_identifiers`` narrows them."""
    directory = Directory(call.cluster)
    favorites = call.cluster.users.favorites(directory.users)
    org_ids = org_ids_asked(call, directory)
    found = [
        user
        for user in directory.users.values()
        if _may_see(call, directory, user)
        and (org_ids is None or not org_ids.isdisjoint(directory.org_ids.get(user.id, [])))
        and _fits_itself(call, user)
        and _fits_favorites(call, favorites.get(user.id, []))
        and all(_fits_groups(call, directory, user))
    ]
    shown = page(call, ordered(call, found, _SORTED_BY, "NAME"))
    if org_ids is not None:
        refuse_dangling(call.cluster.groups.dangling(user.id for user in shown))
    people = [directory.person(user, call.org_id, favorites=favorites.get(user.id)) for user in shown]
    return Reply([_shown(call, person) for person in people])


def org_ids_asked(call: Call, directory: Directory) -> set[int] | None:
    """The Orgs that ``org_identifiers`` names, None when it names none. An Org that is not there has nobody in it."""
    wanted = set(call.many("org_identifiers"))
    if not wanted:
        return None
    return {org.id for org in directory.orgs.values() if wanted & {str(org.id), org.name}}


def refuse_dangling(identifiers: list[str]) -> None:
    """One membership in what is gone fails the whole page, with 404/13003."""
    if identifiers:
        raise business_error(guesses.dangling(identifiers[0]), Code.NOT_FOUND, 404)


def _may_see(call: Call, directory: Directory, user: User) -> bool:
    if call.access.is_admin or user.id == call.session.user_id:
        return True
    return guesses.users_seen_by_others(user.visibility) and call.org_id in directory.org_ids.get(user.id, [])


def _fits_itself(call: Call, user: User) -> bool:
    if call.text("user_identifier") not in ("", user.id, user.name):
        return False
    if call.text("name_pattern") and not like(call.text("name_pattern"), user.name):
        return False
    if call.text("home_liveboard_identifier") not in ("", user.home_liveboard):
        return False
    flags = {name: call.arguments[name] for name in _FLAGS if call.arguments[name] is not None}
    return all(call.text(name) in ("", getattr(user, name)) for name in _EXACT) and all(
        getattr(user, _FLAGS[name]) is wanted for name, wanted in flags.items()
    )


def _fits_favorites(call: Call, favorites: list[str]) -> bool:
    wanted = {entry["identifier"] for entry in call.many("favorite_metadata")}
    return not wanted or not wanted.isdisjoint(favorites)


def _fits_groups(call: Call, directory: Directory, user: User) -> Iterator[bool]:
    """Filters of which one member is enough."""
    groups = [directory.groups[each] for each in directory.groups_of(user.id) if each in directory.groups]
    wanted = set(call.many("group_identifiers"))
    yield not wanted or any(wanted & {group.id, group.name} for group in groups)
    roles = [directory.roles[each] for group in groups for each in directory.role_ids.get(group.id, [])]
    wanted = set(call.many("role_identifiers"))
    yield not wanted or any(wanted & {role.id, role.name} for role in roles)
    wanted = set(call.many("privileges"))
    granted = directory.person(user, call.org_id).privileges if wanted else {}
    yield not wanted or any(not wanted.isdisjoint(names) for names in granted.values())


def _shown(call: Call, person: Person) -> dict[str, Any]:
    return user_json(
        person,
        call.cluster.settings.release,
        favorites=call.flag("include_favorite_metadata"),
        variables=call.flag("include_variable_values"),
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/users/search",
        search,
        (
            text("user_identifier"),
            text("display_name"),
            text("name_pattern"),
            enum("visibility", "SHARABLE", "NON_SHARABLE"),
            text("email"),
            text("group_identifiers", many=True),
            enum("privileges", *PRIVILEGES, many=True),
            enum("account_type", "LOCAL_USER", "LDAP_USER", "SAML_USER", "OIDC_USER", "REMOTE_USER"),
            enum("account_status", "ACTIVE", "INACTIVE", "EXPIRED", "LOCKED", "PENDING", "SUSPENDED"),
            text("org_identifiers", many=True),
            text("role_identifiers", many=True),
            text("home_liveboard_identifier"),
            group(
                "favorite_metadata", text("identifier", required=True), enum("type", "LIVEBOARD", "ANSWER"), many=True
            ),
            *(flag(name, None) for name in _FLAGS),
            sort_options(*_SORTED_BY),
            flag("include_favorite_metadata"),
            flag("include_variable_values"),
            *PAGE,
        ),
    ),
)
