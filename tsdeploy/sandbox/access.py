"""What a caller may do: privileges in the Org of the token, and access to each object.

Source: facts about the REST API, "System and orgs" to "Security". Administrators may do everything; of the others,
the author and those with whom an object was shared, by name or through a group.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.kept import kept
from tsdeploy.sandbox.store.groups import Group, all_group_id
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.shares import Mode
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID

ADMINISTRATION: Final = "ADMINISTRATION"


class Access:
    """A user in an Org. ``only`` is the GUID of the one object that an object token opens, "" for all.

    Made for one request: what it has looked up, it keeps.
    """

    def __init__(self, cluster: Cluster, user_id: str, org_id: int, only: str = "") -> None:
        self._cluster = cluster
        self.user_id = user_id
        self.org_id = org_id
        self.only = only

    @kept
    def groups(self) -> tuple[list[Group], list[Group]]:
        """The user's groups in all Orgs: direct ones, and those inherited."""
        return self._cluster.groups.of_user(self.user_id)

    @kept
    def privileges(self) -> frozenset[str]:
        """The privileges in this Org. Who administers Primary administers every Org."""
        return privileges_in(self._cluster, [*self.groups[0], *self.groups[1]], self.org_id)

    @property
    def is_admin(self) -> bool:
        """Whether the user administers the Org."""
        return ADMINISTRATION in self.privileges

    def may(self, privileges: Iterable[str]) -> bool:
        """Whether the user has one of some privileges; an administrator has them all."""
        return self.is_admin or not self.privileges.isdisjoint(privileges)

    @kept
    def principals(self) -> list[str]:
        """The user and the user's groups in this Org, that of everybody included."""
        groups = [group.id for found in self.groups for group in found if group.org_id == self.org_id]
        return [self.user_id, *groups, all_group_id(self.org_id)]

    def mode(self, item: StoredObject) -> Mode:
        """What the user may do with an object of this Org, or published to it."""
        if self.only:
            return Mode.READ_ONLY if item.guid == self.only else Mode.NO_ACCESS
        if self.is_admin or item.author_id == self.user_id:
            found = Mode.MODIFY
        else:
            found = max(self._shared.get(item.guid, Mode.NO_ACCESS), self._through(item))
        return found if item.org_id == self.org_id else min(found, guesses.MODE_OF_PUBLISHED)

    def may_read(self, item: StoredObject) -> bool:
        """Whether the user sees an object."""
        return self.mode(item) >= Mode.READ_ONLY

    def may_modify(self, item: StoredObject) -> bool:
        """Whether the user may change, share and delete an object."""
        return self.mode(item) is Mode.MODIFY

    @kept
    def _shared(self) -> dict[str, Mode]:
        return self._cluster.shares.with_principals(self.principals)

    def _through(self, item: StoredObject) -> Mode:
        """What hangs on an object, or is one of its columns, is shared along with it."""
        if not guesses.shared_with_owner(item.kind):
            return Mode.NO_ACCESS
        owners = map(self._cluster.objects.get, self._cluster.objects.links(item.guid).values())
        return max((self.mode(owner) for owner in owners if owner is not None), default=Mode.NO_ACCESS)


def access_of(cluster: Cluster, token: Token) -> Access:
    """What the holder of a token may do."""
    return Access(cluster, token.user_id, token.org_id, token.metadata_id)


def privileges_in(cluster: Cluster, groups: list[Group], org_id: int) -> frozenset[str]:
    """What membership in groups lets somebody do in an Org, through the groups and their roles."""
    through_roles = cluster.roles.privileges(group.id for group in groups)
    found: dict[int, set[str]] = {}
    for group in groups:
        granted = found.setdefault(group.org_id, set())
        granted.update(group.privileges.split(), through_roles.get(group.id, ()))
    everywhere = found.get(PRIMARY_ORG_ID, set())
    return frozenset(found.get(org_id, set()) | (everywhere if ADMINISTRATION in everywhere else set()))
