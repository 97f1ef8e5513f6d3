"""Users, groups and roles of an Org: read, written to files of a backup, and read from them. No passwords."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from tsdeploy.backup.manifest import BESIDE, GROUPS, ROLES, USERS, Entry, entry_text, lines_text, read_entries
from tsdeploy.export.parallel import all_pages, patiently
from tsdeploy.rest import CurrentUser, Session
from tsdeploy.rest.people import Group, Role, User, groups_page, users_page

_PAGE: Final = 1000
_ADMINISTRATION: Final = "ADMINISTRATION"

Person = TypeVar("Person", User, Group, Role)


@dataclass(frozen=True, slots=True)
class People:
    """Who there is, by name."""

    users: Mapping[str, User]
    groups: Mapping[str, Group]
    roles: Mapping[str, Role]


def sees_all(user: CurrentUser, privilege: str) -> bool:
    """Whether somebody is shown all users or groups, and not only those that may be shared with.

    ``privilege`` is what administrators of users or groups have; a server that names no privileges is believed.
    """
    return not user.privileges or not user.privileges.isdisjoint((_ADMINISTRATION, privilege))


def list_groups(session: Session) -> dict[str, Group]:
    """The groups of the session's Org in order of their names, by GUID. Raises RestError."""

    def page(offset: int) -> list[tuple[str, Group | None]]:
        return patiently(partial(groups_page, session, offset, _PAGE))

    found = [(guid, group) for guid, group in all_pages(page, _PAGE) if group is not None]
    return dict(sorted(found, key=lambda pair: pair[1].name))


def list_users(session: Session, groups: Collection[str] | None) -> list[User]:
    """The users of the session's Org, by name, each with those groups whose GUIDs are given. Raises RestError."""

    def page(offset: int) -> list[User | None]:
        return patiently(partial(users_page, session, offset, _PAGE, groups))

    found = (user for user in all_pages(page, _PAGE) if user is not None)
    return sorted(found, key=lambda user: user.name)


def people_text(path: str, people: Iterable[Entry]) -> str:
    """The file of users, groups or roles, one a line."""
    return lines_text({}, BESIDE[path], map(entry_text, people))


def read_people(files: Mapping[str, bytes]) -> People:
    """Who there was, from the files of a backup; nobody where it lacks one. Raises TsdeployError TD531."""
    return People(_read(files, USERS, User), _read(files, GROUPS, Group), _read(files, ROLES, Role))


def _read(files: Mapping[str, bytes], path: str, kind: type[Person]) -> dict[str, Person]:
    return {one.name: one for one in read_entries(files.get(path), path, kind)}
