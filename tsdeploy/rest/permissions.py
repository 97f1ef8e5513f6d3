"""What was granted on many objects, for a record of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.rest.metadata import reference
from tsdeploy.rest.results import ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, item, items, sequence, text
from tsdeploy.rest.sharing import Permission
from tsdeploy.rest.transport import Call

_ACCESS = frozenset({"READ_ONLY", "MODIFY"})


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is granted on one object by name. ``author`` is a user's name."""

    guid: str
    author: str
    permissions: tuple[Permission, ...] = ()


def fetch_sharing(session: Session, objects: Sequence[ObjectRef]) -> list[Sharing]:
    """What was granted on objects by name; access that follows from groups and privileges is not among it.

    Asks as ``shared_with`` does, and for its reasons. Raises ApiError when one of the objects does not exist.
    """
    if not objects:
        return []
    body = {"metadata": [reference(one) for one in objects], "record_size": -1, "permission_type": "EFFECTIVE"}
    call = Call("POST", "security/metadata/fetch-permissions", body)
    details = items(call, item(call, session.ask(call)), envelope="metadata_permission_details")
    return [_sharing(detail) for detail in details]


def _sharing(detail: Item) -> Sharing:
    permissions = sorted(_permissions(detail), key=lambda one: (one.type, one.principal, one.access))
    return Sharing(text(detail, "metadata_id"), text(inner(detail, "metadata_author"), "name"), tuple(permissions))


def _permissions(detail: Item) -> Iterator[Permission]:
    for group in _objects(detail, "principal_permission_info"):
        for one in _objects(group, "principal_permissions"):
            access = text(one, "shared_permission")
            if access in _ACCESS:
                yield Permission(text(one, "principal_name"), text(group, "principal_type"), access)


def _objects(source: Item, key: str) -> Iterator[Item]:
    yield from (found for found in sequence(source, key) if isinstance(found, dict))
