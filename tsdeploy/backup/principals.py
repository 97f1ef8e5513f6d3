"""``restore --principals``: users, groups and roles that a backup has and the target lacks, made anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from tsdeploy.backup.needed import Needed
from tsdeploy.backup.people import People, list_groups, list_users
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.export.parallel import patiently
from tsdeploy.rest import Session
from tsdeploy.rest.people import Group, Role, User, create_group, create_role, create_user, search_roles

_WITH_PASSWORD: Final = ("", "LOCAL_USER")
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Missing:
    """What there is to make, in this order: roles, groups with those in them first, users.

    ``members`` are users who are there and were in a group that is not; ``parents`` are groups that are there and
    that a missing one was in.
    """

    roles: tuple[Role, ...]
    groups: tuple[Group, ...]
    users: tuple[User, ...]
    members: Mapping[str, frozenset[str]]
    parents: Mapping[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.roles or self.groups or self.users)

    def __str__(self) -> str:
        parts = ((self.roles, "role"), (self.groups, "group"), (self.users, "user"))
        return "; ".join(f"{len(some)} {what}{'s' * (len(some) > 1)} ({_names(some)})" for some, what in parts if some)


def _names(some: Sequence[Role | Group | User]) -> str:
    names = [one.name for one in some[:_SHOWN]]
    return ", ".join([*names, f"and {len(some) - _SHOWN} more"] if len(some) > _SHOWN else names)


def missing_principals(session: Session, people: People, needed: Needed | None) -> Missing:
    """Whom a backup has and the target lacks: of those that are needed with their groups and roles, or of all.

    What comes with an Org is never missing. Raises RestError when the target's cannot be listed.
    """
    chosen = people if needed is None else _closure(people, needed)
    groups = {group.name for group in list_groups(session).values()}
    users = {user.name for user in list_users(session, ())}
    lacking = {name: group for name, group in chosen.groups.items() if name not in groups and not group.system}
    known = groups | lacking.keys()
    return Missing(
        roles=_missing_roles(session, chosen),
        groups=tuple(replace(one, sub_groups=_within(one.sub_groups, known)) for one in _parts_first(lacking)),
        users=tuple(
            replace(user, groups=_within(user.groups, known))
            for name, user in chosen.users.items()
            if name not in users
        ),
        members={
            name: frozenset(user.name for user in people.users.values() if name in user.groups and user.name in users)
            for name in lacking
        },
        parents={
            name: tuple(
                other.name for other in people.groups.values() if name in other.sub_groups and other.name in groups
            )
            for name in lacking
        },
    )


def _within(names: Iterable[str], known: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in known)


def _closure(people: People, needed: Needed) -> People:
    """The users and groups that are needed, the groups they are in, those in these, and the roles of all."""
    users = {name: people.users[name] for name in sorted(needed.users) if name in people.users}
    todo = [*sorted(needed.groups), *(group for user in users.values() for group in user.groups)]
    groups: dict[str, Group] = {}
    for name in todo:
        if name in people.groups and name not in groups:
            groups[name] = people.groups[name]
            todo += groups[name].sub_groups
    roles = {name: role for name, role in people.roles.items() if any(name in one.roles for one in groups.values())}
    return People(users, groups, roles)


def _missing_roles(session: Session, people: People) -> tuple[Role, ...]:
    if not people.roles:
        return ()
    there = {role.name for role in patiently(lambda: search_roles(session))}
    return tuple(role for name, role in people.roles.items() if name not in there)


def _parts_first(groups: Mapping[str, Group]) -> Iterator[Group]:
    """Groups after those that are in them."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[Group]:
        if name in groups and name not in done:
            done.add(name)
            for part in groups[name].sub_groups:
                yield from visit(part)
            yield groups[name]

    for name in groups:
        yield from visit(name)


def restore_principals(session: Session, missing: Missing) -> list[Finding]:
    """Make what is missing. What is refused is a finding TD536, and the rest is made all the same.

    TD543 for what has to be done by hand: passwords, and putting groups into those that were there.
    """
    org = session.user.org_id
    orgs = () if org is None else (str(org),)
    refused: list[Finding] = []
    made: set[tuple[str, str]] = set()

    def make(what: str, name: str, act: Callable[[], None]) -> None:
        try:
            act()
            made.add((what, name))
        except RestError as error:
            message = f"{what} {name} was refused: {error.findings[0].message}"
            refused.append(Finding("TD536", message, hint="make it by hand, and restore again"))

    for role in missing.roles:
        make("role", role.name, partial(create_role, session, role))
    for group in missing.groups:
        make("group", group.name, partial(create_group, session, group, missing.members[group.name]))
    for user in missing.users:
        make("user", user.name, partial(create_user, session, user, orgs))
    return [*refused, *_by_hand(missing, made)]


def _by_hand(missing: Missing, made: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What is left to a person."""
    local = [one.name for one in missing.users if ("user", one.name) in made and one.account_type in _WITH_PASSWORD]
    if local:
        message = f"users that are there again without a password: {', '.join(local)}"
        hint = "set passwords, or let them sign in by single sign-on: backups hold no secrets"
        yield Finding("TD543", message, hint=hint, severity=Severity.WARNING)
    for group in missing.groups:
        if missing.parents[group.name] and ("group", group.name) in made:
            message = f"group {group.name} was in {', '.join(missing.parents[group.name])}"
            hint = "put it there again: these groups were not made anew, and are left as they are"
            yield Finding("TD543", message, hint=hint, severity=Severity.WARNING)
