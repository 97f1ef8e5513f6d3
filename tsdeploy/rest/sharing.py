"""Who may see and change objects, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.metadata import reference
from tsdeploy.rest.results import ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, item, sequence, text
from tsdeploy.rest.transport import Call


@dataclass(frozen=True, slots=True)
class Permission:
    """Who has which access. ``type`` is ``USER`` or ``USER_GROUP``; ``access`` ``READ_ONLY`` or ``MODIFY``."""

    principal: str
    type: str
    access: str


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


def shared_with(session: Session, objects: Sequence[ObjectRef]) -> dict[str, frozenset[Permission]]:
    """GUID → the access that was given by name, each under the principal's name and GUID.

    Asks for EFFECTIVE and reads ``shared_permission``: DEFINED came back empty on live clusters (facts §11).
    """
    if not objects:
        return {}
    body = {"metadata": [reference(named) for named in objects], "permission_type": "EFFECTIVE"}
    call = Call("POST", "security/metadata/fetch-permissions", body)
    found = {}
    for detail in sequence(item(call, session.ask(call)), "metadata_permission_details"):
        if not isinstance(detail, dict) or not text(detail, "metadata_id"):
            raise not_understood(call, "permissions of an object without an id")
        found[text(detail, "metadata_id")] = frozenset(_permissions(detail))
    return found


def _permissions(detail: Item) -> Iterator[Permission]:
    for group in sequence(detail, "principal_permission_info"):
        if not isinstance(group, dict):
            continue
        for one in sequence(group, "principal_permissions"):
            access = text(one, "shared_permission") if isinstance(one, dict) else ""
            if isinstance(one, dict) and access not in ("", "NO_ACCESS"):
                for principal in (text(one, "principal_name"), text(one, "principal_id")):
                    yield Permission(principal, text(group, "principal_type"), access)


def assign_owner(session: Session, objects: Sequence[ObjectRef], user: str) -> None:
    """Make objects another user's, all or none. Raises ApiError 13003 when there is no such user."""
    if objects:
        body = {"metadata": [reference(named) for named in objects], "user_identifier": user}
        session.ask(Call("POST", "security/metadata/assign", body, write=True))
