"""Groups and users that somebody names: which are there, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from tsdeploy.rest.errors import FORBIDDEN, REJECTED, ApiError
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, items, text
from tsdeploy.rest.transport import Call
from tsdeploy.rest.v1.listing import names_v1


def existing_groups(session: Session, names: Iterable[str]) -> frozenset[str]:
    """Those of the names that groups of the cluster have. Names that are not there are no error."""
    return frozenset(text(group, "name") for name in dict.fromkeys(names) for group in _groups(session, name))


def principal_exists(session: Session, identifier: str, type: str) -> bool:
    """Whether the caller is shown a ``USER`` or ``USER_GROUP`` of this name or GUID."""
    if type == "USER":
        return bool(_found(session, "users/search", {"user_identifier": identifier}))
    return bool(_groups(session, identifier))


def _groups(session: Session, identifier: str) -> list[Item]:
    return _found(session, "groups/search", {"group_identifier": identifier, "include_users": False})


def _found(session: Session, path: str, wanted: Mapping[str, object]) -> list[Item]:
    call = Call("POST", path, {**wanted, "record_size": 1})
    try:
        return items(call, session.ask(call))
    except ApiError as error:
        # A name that nobody has is an empty list on some releases and 13003 on others (facts §2).
        if not error.is_not_found:
            raise
        return []


def user_names(session: Session, guids: Iterable[str]) -> dict[str, str]:
    """GUID → name, of the users that are there and that the caller may see."""
    wanted = dict.fromkeys(guids)
    found: dict[str, str] = {}
    if wanted and session.is_v1:
        with _excused():
            found = names_v1(session, "USER")
        return {guid: found[guid] for guid in wanted if guid in found}
    for guid in wanted:
        call = Call("POST", "users/search", {"user_identifier": guid, "record_size": 1})
        with _excused():
            found.update((text(user, "id"), text(user, "name")) for user in items(call, session.ask(call)))
    return found


@contextmanager
def _excused() -> Iterator[None]:
    """Who changed an object is nothing to fail for: the user may be gone, or the caller no administrator."""
    try:
        yield
    except ApiError as error:
        if error.code not in (FORBIDDEN, REJECTED):
            raise
