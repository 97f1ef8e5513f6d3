"""Whom the owners and shares of a backup name, what they are called in the target, and who of them is not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

from tsdeploy.backup.people import list_groups, list_users, sees_all
from tsdeploy.backup.staging import Restored
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.rest import ApiError, Session
from tsdeploy.rest.sharing import Permission

USER = "USER"


@dataclass(frozen=True, slots=True)
class Naming:
    """What users and groups of the backup are called in the target.

    As in TML, a user whom no rule speaks of keeps the name, and a group is not passed on.
    """

    users: NameRules
    groups: NameRules

    def user(self, name: str) -> str:
        """A user's name in the target."""
        return _renamed(self.users, name) or name

    def share(self, permission: Permission) -> Permission | None:
        """A share in the target; None for a group that no rule speaks of."""
        is_user = permission.type == USER
        name = self.user(permission.principal) if is_user else _renamed(self.groups, permission.principal)
        return Permission(name, permission.type, permission.access) if name else None


AS_THEY_ARE: Final = Naming(NameRules(), NameRules((NameRule("*", "*", Location("")),)))
"""For a target in which everybody is called as in the backup."""


def _renamed(rules: NameRules, name: str) -> str:
    found = rules.covering(name)
    return (found[0].apply(name) or "") if found else ""


@dataclass(frozen=True, slots=True)
class Needed:
    """Users and groups by their names in the target, and the groups of the backup that no rule speaks of."""

    users: frozenset[str]
    groups: frozenset[str]
    unmapped: frozenset[str]


def needed_people(contents: Restored, keys: Iterable[str], naming: Naming) -> Needed:
    """Whom owners and shares of some objects name."""
    objects = [contents.manifest.objects[key] for key in keys if key in contents.manifest.objects]
    owners = {naming.user(one.author) for one in objects if one.author}
    shares = {share for one in objects for share in contents.sharing.get(one.guid, ())}
    found = {share: naming.share(share) for share in shares}
    there = [share for share in found.values() if share is not None]
    return Needed(
        frozenset(owners | {share.principal for share in there if share.type == USER}),
        frozenset(share.principal for share in there if share.type != USER),
        frozenset(share.principal for share, renamed in found.items() if renamed is None),
    )


def missing_people(session: Session, needed: Needed) -> list[Finding]:
    """A warning TD541 each for users and for groups that are not there, TD542 for groups without a rule."""

    def users() -> set[str]:
        return {user.name for user in list_users(session, ())}

    def groups() -> set[str]:
        return {group.name for group in list_groups(session).values()}

    findings = [
        *_missing("users", _lacking(session, needed.users, "USER_ADMINISTRATION", users)),
        *_missing("groups", _lacking(session, needed.groups, "GROUP_ADMINISTRATION", groups)),
    ]
    if needed.unmapped:
        names = _names(needed.unmapped)
        message = f"no rule says what groups that objects are shared with are in the target: {names}"
        hint = "add them to groups: in the mapping; without a rule, nothing is shared with them"
        findings.append(Finding("TD542", message, hint=hint, severity=Severity.WARNING))
    return findings


def _lacking(
    session: Session, wanted: frozenset[str], privilege: str, ask: Callable[[], set[str]]
) -> frozenset[str] | None:
    """Who of those that are wanted is not there; None where that cannot be told."""
    if not wanted:
        return wanted
    if not sees_all(session.user, privilege):
        return None
    try:
        return wanted - ask()
    except ApiError:
        return None


def _missing(what: str, lacking: Collection[str] | None) -> list[Finding]:
    if lacking is None:
        message = f"whether all {what} that owners and shares name are there cannot be told without the privilege"
        return [Finding("TD541", message, hint="what is missing is said when it is set", severity=Severity.INFO)]
    if not lacking:
        return []
    message = f"owners and shares name {what} that are not there: {_names(lacking)}"
    hint = "make them, or restore with --principals, and restore again: only what differs is set"
    return [Finding("TD541", message, hint=hint, severity=Severity.WARNING)]


def _names(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
