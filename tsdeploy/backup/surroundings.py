"""What belongs to an Org beside its TML: tags, sharing, variables, users, groups and roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tsdeploy.backup.manifest import GROUPS, ROLES, SHARING, TAGS, USERS, VARIABLES, lines_text
from tsdeploy.backup.people import list_groups, list_users, people_text, sees_all
from tsdeploy.errors import Finding, Location, RestError, Severity, TsdeployError
from tsdeploy.export.parallel import in_order, patiently, threads
from tsdeploy.rest import ApiError, ObjectHeader, ObjectRef, Session, Sharing, fetch_sharing, search_tags
from tsdeploy.rest.people import search_roles
from tsdeploy.rest.sharing import Permission
from tsdeploy.rest.variables import search_values
from tsdeploy.visible import json_text

_CHUNK: Final = 100
_REFUSALS: Final = (400, 403, 404)

Found = TypeVar("Found")


@dataclass(slots=True)
class Surroundings:
    """Reads what TML does not hold.

    ``unread`` is what this user may not see, or this release does not have, each with the reason.
    """

    session: Session
    unread: dict[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        """Tags, variables and people as files by path, all read at a time; without those that cannot be read."""
        with threads(3) as pool:
            reads = [pool.submit(read) for read in (self._tags, self._variables, self._people)]
            return {path: text for each in reads for path, text in each.result().items()}

    def findings(self) -> list[Finding]:
        """A warning for each thing that could not be read."""
        hint = "the backup keeps what it had of this; give the user the privilege, if the release has it"
        messages = (f"could not read {what}: {why}" for what, why in self.unread.items())
        return [Finding("TD532", message, hint=hint, severity=Severity.WARNING) for message in messages]

    def sharing(self, headers: Sequence[ObjectHeader]) -> dict[str, tuple[Permission, ...]]:
        """GUID → what was granted on each of the objects that are still there."""
        references = [ObjectRef(header.id, header.type or None) for header in headers]
        chunks = [references[at : at + _CHUNK] for at in range(0, len(references), _CHUNK)]
        found = in_order(self._sharing, chunks, self.session.budget.widest)
        return {one.guid: one.permissions for chunk in found for one in chunk}

    def _sharing(self, chunk: list[ObjectRef]) -> list[Sharing]:
        """One object that is gone meanwhile, or may not be looked at, fails the call for all (facts §2)."""
        try:
            return patiently(lambda: fetch_sharing(self.session, chunk))
        except ApiError as error:
            if error.answer.status not in _REFUSALS and error.answer.status < 500:
                raise
            if len(chunk) > 1:
                middle = len(chunk) // 2
                return [*self._sharing(chunk[:middle]), *self._sharing(chunk[middle:])]
            self._note(f"with whom {chunk[0].identifier} is shared", error)
            return []

    def _tags(self) -> dict[str, str]:
        tags = self._asked("the tags", lambda: patiently(lambda: search_tags(self.session)))
        if tags is None:
            return {}
        return {TAGS: lines_text({}, "tags", (json_text({"name": tag.name, "color": tag.color}) for tag in tags))}

    def _variables(self) -> dict[str, str]:
        """Variables, without the values of sensitive ones."""
        found = self._asked("the variables", lambda: patiently(lambda: search_values(self.session)))
        return {} if found is None else {VARIABLES: lines_text({}, "variables", map(json_text, found))}

    def _people(self) -> dict[str, str]:
        files = {}
        groups = self._seen("the groups", "GROUP_ADMINISTRATION", lambda: list_groups(self.session))
        if groups is not None:
            files[GROUPS] = people_text(GROUPS, groups.values())
        users = self._seen("the users", "USER_ADMINISTRATION", lambda: list_users(self.session, groups))
        if users is not None:
            files[USERS] = people_text(USERS, users)
        try:
            files[ROLES] = people_text(ROLES, patiently(lambda: search_roles(self.session)))
        except ApiError as error:
            # Where roles are not in use, they cannot be searched either; then no group has one.
            if groups is None or any(group.roles for group in groups.values()):
                self._note("the roles", error)
        return files

    def _seen(self, what: str, privilege: str, ask: Callable[[], Found]) -> Found | None:
        """As ``_asked``; who is not shown everybody has not read what there is."""
        if not sees_all(self.session.user, privilege):
            self.unread[what] = f"{self.session.user.name} lacks the privilege {privilege}, and is not shown all"
            return None
        return self._asked(what, ask)

    def _asked(self, what: str, ask: Callable[[], Found]) -> Found | None:
        try:
            return ask()
        except ApiError as error:
            self._note(what, error)
            return None

    def _note(self, what: str, error: RestError) -> None:
        self.unread[what] = error.findings[0].message


def sharing_text(sharing: dict[str, tuple[Permission, ...]]) -> str:
    """The file of what is shared; objects that are shared with nobody are not in it."""
    return lines_text({}, "objects", _shared_lines(sharing))


def _shared_lines(sharing: dict[str, tuple[Permission, ...]]) -> Iterator[str]:
    for guid in sorted(sharing):
        if sharing[guid]:
            shares = [{"principal": one.principal, "type": one.type, "access": one.access} for one in sharing[guid]]
            yield json_text({"guid": guid, "shares": shares})


def read_sharing(lines: Sequence[dict[str, Any]]) -> dict[str, tuple[Permission, ...]]:
    """What was shared, from the entries of its file. Raises TsdeployError TD531 when they are none."""
    try:
        return {
            str(line["guid"]): tuple(
                Permission(str(one["principal"]), str(one["type"]), str(one["access"])) for one in line["shares"]
            )
            for line in lines
        }
    except (KeyError, TypeError) as error:
        raise TsdeployError(Finding("TD531", f"cannot be read: {error}", Location(SHARING))) from None
