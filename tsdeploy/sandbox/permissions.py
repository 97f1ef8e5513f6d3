"""Who may do what with an object: what was granted, and what follows from it.

Source: facts about the REST API, "Security": effective access is in ``permission``; ``shared_permission`` is
NO_ACCESS unless the object was shared with that principal by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.access import ADMINISTRATION, privileges_in
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.people import Directory
from tsdeploy.sandbox.store.groups import Group, all_group_id
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.shares import Mode
from tsdeploy.sandbox.store.users import User


@dataclass(frozen=True, slots=True)
class Permission:
    """What one principal may do. ``shared`` was granted by name, ``through`` by way of groups."""

    kind: str
    subtype: str
    id: str
    name: str
    mode: Mode
    shared: Mode
    through: tuple[tuple[Group, Mode], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """An entry of ``principal_permissions``."""
        return {
            "principal_id": self.id,
            "principal_name": self.name,
            "permission": self.mode.name,
            "shared_permission": self.shared.name,
            "group_permission": [
                guesses.group_permission(group.id, group.name, mode.name) for group, mode in self.through
            ],
        }


class Grants:
    """The permissions on the objects of one Org."""

    def __init__(self, directory: Directory, org_id: int) -> None:
        self._directory = directory
        self._org_id = org_id
        self._groups = [group for group in directory.groups.values() if group.org_id == org_id]
        people = [(user, directory.person(user, org_id)) for user in directory.users.values()]
        self._users = [
            (user, [*person.groups, *person.inherited], ADMINISTRATION in person.privileges.get(org_id, ()))
            for user, person in people
            if org_id in directory.org_ids.get(user.id, []) or ADMINISTRATION in person.privileges.get(org_id, ())
        ]

    def on(self, item: StoredObject) -> Iterator[Permission]:
        """Every principal of the Org, groups first, those without access included."""
        shares = self._directory.cluster.shares.on([item.guid]).get(item.guid, {})
        for group in self._groups:
            above = [parent for parent in self._directory.above([group]) if parent.org_id == self._org_id]
            through = _through(above, shares)
            admin = ADMINISTRATION in privileges_in(self._directory.cluster, [group, *above], self._org_id)
            shared = shares.get(group.id, Mode.NO_ACCESS)
            mode = Mode.MODIFY if admin else max(shared, *(each for _, each in through), Mode.NO_ACCESS)
            yield Permission("USER_GROUP", group.type, group.id, group.name, mode, shared, through)
        everybody = self._directory.groups.get(all_group_id(self._org_id))
        for user, groups, admin in self._users:
            known = [*groups, everybody] if everybody else groups
            yield _of_user(user, [group for group in known if group.org_id == self._org_id], admin, item, shares)


def _of_user(user: User, groups: list[Group], admin: bool, item: StoredObject, shares: dict[str, Mode]) -> Permission:
    through = _through(groups, shares)
    shared = shares.get(user.id, Mode.NO_ACCESS)
    owns = admin or item.author_id == user.id
    mode = Mode.MODIFY if owns else max(shared, *(each for _, each in through), Mode.NO_ACCESS)
    return Permission("USER", user.account_type, user.id, user.name, mode, shared, through)


def _through(groups: Iterable[Group], shares: dict[str, Mode]) -> tuple[tuple[Group, Mode], ...]:
    return tuple((group, shares[group.id]) for group in groups if group.id in shares)


def details_json(item: StoredObject, author: str, permissions: Iterable[Permission]) -> dict[str, Any]:
    """An entry of ``metadata_permission_details``: principals by kind, groups first."""
    by_kind: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for permission in permissions:
        by_kind.setdefault((permission.kind, permission.subtype), []).append(permission.to_json())
    return {
        "metadata_id": item.guid,
        "metadata_name": item.name,
        "metadata_type": rest_type(item.kind),
        "metadata_owner": {"id": item.guid, "name": item.name},
        "metadata_author": {"id": item.author_id, "name": author},
        "principal_permission_info": [
            {"principal_type": kind, "principal_sub_type": subtype, "principal_permissions": listed}
            for (kind, subtype), listed in by_kind.items()
        ],
    }
