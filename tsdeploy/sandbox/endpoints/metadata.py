"""Deleting objects and changing obj_ids. Source: facts about the REST API, section 9."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.lookup import need_object
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.arguments import enum, flag, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, argument_error, business_error, not_found

OBJ_ID_TYPES = {
    "ANSWER": "ANSWER",
    "LOGICAL_TABLE": "LOGICAL_TABLE",
    "LOGICAL_COLUMN": "LOGICAL_COLUMN",
    "LIVEBOARD": "LIVEBOARD",
    "ACTION_OBJECT": "CUSTOM_ACTION",
    "DATA_SOURCE": "CONNECTION",
    "USER": "USER",
    "USER_GROUP": "USER_GROUP",
    "COLLECTION": "COLLECTION",
}


def delete(call: Call) -> Reply:
    """``POST /metadata/delete``: all or nothing; what others need stays, and so does everything else.

    What the caller may not change stays as well, and nothing says so. Source: facts about the REST API, section 9.
    """
    items = [need_object(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]
    going = _with_attached(call, {item.guid for item in items if call.access.may_modify(item)})
    refuse_dependents(call, going)
    call.cluster.objects.delete(going)
    return Reply()


def refuse_dependents(call: Call, going: set[str]) -> None:
    """Raises ApiError 400/10002 when something that stays needs what goes."""
    blocking = {
        target: left
        for target, sources in call.cluster.objects.dependents(sorted(going)).items()
        if (left := [source for source in sources if source not in going])
    }
    if blocking:
        raise business_error(dependents_text(blocking), guesses.DEPENDENTS_CODE)


def _with_attached(call: Call, guids: set[str]) -> set[str]:
    """What goes along: feedback, aliases and the like, which are nothing without their object."""
    objects = call.cluster.objects
    sources = {source for found in objects.dependents(sorted(guids)).values() for source in found}
    attached = {guid for guid in sources if (item := objects.get(guid)) and not guesses.has_obj_id(item.kind)}
    return guids | attached


def dependents_text(blocking: Mapping[str, list[str]]) -> str:
    """What stands in the way, in the recorded words; they key objects by a number, and which one is not known."""
    listed = {str(zlib.crc32(target.encode())): sources for target, sources in blocking.items()}
    shown = json.dumps(listed, separators=(",", ":"))
    return f"Operation Unsuccessful. Following objects have dependents present: {shown}"


def update_obj_id(call: Call) -> Reply:
    """``POST /metadata/update-obj-id``: one duplicate, and the whole batch fails without saying which."""
    for entry in call.many("metadata"):
        item = _addressed(call, entry)
        if not call.access.may_modify(item):
            raise business_error(guesses.authorization_failure(item.guid), Code.FORBIDDEN)
        set_obj_id(call, item, entry["new_obj_id"])
    return Reply()


def set_obj_id(call: Call, item: StoredObject, wanted: str) -> None:
    """Give an object an obj_id, which is unique in its Org. Raises ApiError 500/14009."""
    other = call.cluster.objects.by_obj_id(item.org_id, wanted)
    if other is not None and other.guid != item.guid:
        raise business_error(_duplicate_text(item, wanted), Code.CONFLICT, 500)
    call.cluster.objects.save(replace(item, obj_id=wanted, modified=call.cluster.now()))


def _addressed(call: Call, entry: Mapping[str, Any]) -> StoredObject:
    current, identifier = entry["current_obj_id"], entry["metadata_identifier"]
    if bool(current) == bool(identifier):
        raise argument_error(guesses.OBJ_ID_ADDRESS_TEXT)
    if identifier:
        return need_object(call, identifier, OBJ_ID_TYPES[entry["type"]] if entry["type"] else None)
    found = call.cluster.objects.by_obj_id(call.org_id, current)
    if found is None:
        raise not_found(current)
    return found


def _duplicate_text(item: StoredObject, wanted: str) -> str:
    return (
        f"Error Code: FAILED_TO_COMMIT Incident Id: {item.guid[:8]}\n"
        "Error Message: com.thoughtspot.atlas.AtlasException:  code\\u003dDUPLICATE_CUSTOM_OBJECT_ID, "
        f"id\\u003d{item.guid} customObjectId\\u003d{wanted}"
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/delete",
        delete,
        (
            group(
                "metadata",
                text("identifier", required=True),
                enum("type", "LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "LOGICAL_RELATIONSHIP"),
                required=True,
                many=True,
            ),
            flag("delete_disabled_objects"),
        ),
    ),
    Endpoint(
        "POST",
        "/metadata/update-obj-id",
        update_obj_id,
        (
            group(
                "metadata",
                text("metadata_identifier"),
                enum("type", *OBJ_ID_TYPES),
                text("current_obj_id"),
                text("new_obj_id", required=True),
                required=True,
                many=True,
            ),
        ),
        needs=("DATAMANAGEMENT",),
        since="10.8",
    ),
)
