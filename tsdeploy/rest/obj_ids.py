"""Give objects another obj_id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tsdeploy.rest.session import Session
from tsdeploy.rest.transport import Call


@dataclass(frozen=True, slots=True)
class ObjIdUpdate:
    """The object with a GUID is to have an obj_id."""

    guid: str
    obj_id: str


def update_obj_ids(session: Session, updates: Sequence[ObjIdUpdate]) -> None:
    """Set obj_ids, all or none.

    Raises ApiError when one is refused, without saying which: 14009 ``DUPLICATE_CUSTOM_OBJECT_ID`` when another
    object of the Org has it, 400 without access (facts §9, recorded on live clusters).
    """
    wanted = [{"metadata_identifier": update.guid, "new_obj_id": update.obj_id} for update in updates]
    if wanted:
        session.ask(Call("POST", "metadata/update-obj-id", {"metadata": wanted}, write=True))
