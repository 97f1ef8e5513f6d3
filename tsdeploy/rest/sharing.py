"""Who may see and change objects, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.metadata import reference
from tsdeploy.rest.results import ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, item, items, listed, text
from tsdeploy.rest.transport import Call

_ACCESS = frozenset({"READ_ONLY", "MODIFY"})


@dataclass(frozen=True, slots=True)
class Permission:
    """Who has which access. ``type`` is ``USER`` or ``USER_GROUP``; ``access`` ``READ_ONLY`` or ``MODIFY``."""

    principal: str
    type: str
    access: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is granted on one object by name. ``author`` is a user's name."""

    guid: str
    author: str
    permissions: tuple[Permission, ...] = ()


def share(session: Session, objects: Sequence[ObjectRef], permissions: Sequence[Permission]) -> None:
    """Give all access to all objects, or none; nobody is told by mail. Success does not say that all of it was given.

    Raises ApiError 13003 for a user or group that is not there.
    """
    if not objects or not permissions:
        return
    grants = [
        {"principal": {"identifier": one.principal, "type": one.type}, "share_mode": one.access} for one in permissions
    ]
    body = {
        "metadata": [reference(named) for named in objects],
        "permissions": grants,
        "message": "",
        "notify_on_share": False,
    }
    session.ask(Call("POST", "security/metadata/share", body, write=True))


def fetch_sharing(session: Session, objects: Sequence[ObjectRef]) -> list[Sharing]:
    """What was granted on objects by name; access that follows from groups and privileges is not among it.

    Raises ApiError when one of the objects does not exist.
    """
    return [
        Sharing(
            text(detail, "metadata_id"),
            text(inner(detail, "metadata_author"), "name"),
            tuple(sorted((one for one, _ in _granted(detail)), key=lambda one: (one.type, one.principal, one.access))),
        )
        for detail in _details(session, objects)
    ]


def shared_with(session: Session, objects: Sequence[ObjectRef]) -> dict[str, frozenset[Permission]]:
    """As ``fetch_sharing``: GUID → the access that was given, each under the principal's name and under its GUID."""
    return {
        text(detail, "metadata_id"): frozenset(
            one for permission, guid in _granted(detail) for one in (permission, replace(permission, principal=guid))
        )
        for detail in _details(session, objects)
    }


def _details(session: Session, objects: Sequence[ObjectRef]) -> Iterator[Item]:
    """Asks for EFFECTIVE and reads what was given: DEFINED came back empty on live clusters (facts §11)."""
    if not objects:
        return
    body = {"metadata": [reference(one) for one in objects], "record_size": -1, "permission_type": "EFFECTIVE"}
    call = Call("POST", "security/metadata/fetch-permissions", body)
    for detail in items(call, item(call, session.ask(call)), envelope="metadata_permission_details"):
        if not text(detail, "metadata_id"):
            raise not_understood(call, "permissions of an object without an id")
        yield detail


def _granted(detail: Item) -> Iterator[tuple[Permission, str]]:
    """What was granted on one object, by the principal's name, and the principal's GUID."""
    for group in listed(detail, "principal_permission_info"):
        for one in listed(group, "principal_permissions"):
            access = text(one, "shared_permission")
            if access in _ACCESS:
                named = Permission(text(one, "principal_name"), text(group, "principal_type"), access)
                yield named, text(one, "principal_id")


def assign_owner(session: Session, objects: Sequence[ObjectRef], user: str) -> None:
    """Make objects another user's, all or none. Raises ApiError 13003 when there is no such user."""
    if objects:
        body = {"metadata": [reference(named) for named in objects], "user_identifier": user}
        session.ask(Call("POST", "security/metadata/assign", body, write=True))
