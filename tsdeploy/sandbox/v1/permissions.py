"""Who may do what with objects."""

from __future__ import annotations

from typing import Any

from tsdeploy.sandbox.v1.forms import Fields, invalid
from tsdeploy.sandbox.v1.listing import v2_type
from tsdeploy.sandbox.v1.route import Answer, Route, V1Call


def of_objects(call: V1Call) -> Answer:
    """``GET security/metadata/permissions``: object → user or group → share mode."""
    ids = call.fields.texts("id")
    if not ids:
        raise invalid("id")
    return Answer(_permissions(call, ids))


def of_object(call: V1Call) -> Answer:
    """``GET security/metadata/{id}/permissions``."""
    guid = call.fields.text("guid")
    return Answer(_permissions(call, [guid])[guid])


def _permissions(call: V1Call, ids: list[str]) -> dict[str, Any]:
    fields: Fields = call.fields
    kind = v2_type(fields.text("type"))
    reply = call.v2(
        "/security/metadata/fetch-permissions",
        metadata=[{"identifier": guid, "type": kind} for guid in ids],
        permission_type=fields.text("permissiontype", "EFFECTIVE").upper(),
    )
    assert isinstance(reply.body, dict)
    return {
        detail["metadata_id"]: {
            "permissions": {
                each["principal_id"]: {"topLevelObjectId": detail["metadata_id"], "shareMode": each["permission"]}
                for group in detail["principal_permission_info"]
                for each in group["principal_permissions"]
            }
        }
        for detail in reply.body["metadata_permission_details"]
    }


ROUTES = (
    Route("GET", "/security/metadata/permissions", of_objects, rights="/security/metadata/fetch-permissions"),
    Route("GET", "/security/metadata/<guid>/permissions", of_object, rights="/security/metadata/fetch-permissions"),
)
