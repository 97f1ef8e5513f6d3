"""Groups and users that somebody names: which are there, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.rest.errors import ApiError
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import items, text
from tsdeploy.rest.transport import Call
from tsdeploy.rest.v1.listing import names_v1

_NOT_FOUND = 13003


def existing_groups(session: Session, names: Iterable[str]) -> frozenset[str]:
    """Those of the names that groups of the cluster have. Names that are not there are no error."""
    found: set[str] = set()
    for name in dict.fromkeys(names):
        call = Call("POST", "groups/search", {"group_identifier": name, "record_size": 1, "include_users": False})
        try:
            found.update(text(group, "name") for group in items(call, session.ask(call)))
        except ApiError as error:
            # A name that nobody has is an empty list on some releases and 13003 on others (facts §2).
            if error.answer.code != _NOT_FOUND:
                raise
    return frozenset(found)


def user_names(session: Session, guids: Iterable[str]) -> dict[str, str]:
    """GUID → name, of the users that are there and that the caller may see."""
    if session.is_v1:
        known = names_v1(session, "USER")
        return {guid: known[guid] for guid in guids if guid in known}
    found: dict[str, str] = {}
    for guid in dict.fromkeys(guids):
        call = Call("POST", "users/search", {"user_identifier": guid, "record_size": 1})
        try:
            found.update((text(user, "id"), text(user, "name")) for user in items(call, session.ask(call)))
        except ApiError as error:
            # Who changed an object is nothing to fail for: the user may be gone, or the caller no administrator.
            if error.answer.status not in (400, 403, 404):
                raise
    return found
