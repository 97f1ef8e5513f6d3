"""``POST /metadata/headers/update``: obj_ids set through the header. Source: facts about the REST API, section 9."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.metadata import OBJ_ID_TYPES, set_obj_id
from tsdeploy.sandbox.endpoints.other_orgs import need_administrator, org_named
from tsdeploy.sandbox.lookup import need_modifiable
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.arguments import enum, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, argument_error, business_error, not_found
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID

_ALL_ORGS = "-1"
_OBJ_ID = "obj_id"


def update_headers(call: Call) -> Reply:
    """All updates, or none."""
    org_id = _org(call)
    for entry in call.many("headers_update"):
        item = _addressed(call, entry, org_id)
        for attribute in entry["attributes"]:
            if attribute["name"] != _OBJ_ID:
                raise business_error(guesses.unknown_attribute(attribute["name"]), Code.INVALID_PARAMETER)
            set_obj_id(call, item, attribute["value"])
    return Reply()


def _org(call: Call) -> int | None:
    """The Org to look in, None for all of them."""
    if call.text("org_identifier") != _ALL_ORGS:
        return org_named(call, call.text("org_identifier"))
    need_administrator(call, PRIMARY_ORG_ID)
    return None


def _addressed(call: Call, entry: Mapping[str, Any], org_id: int | None) -> StoredObject:
    identifier, obj_id = entry["identifier"], entry["obj_identifier"]
    if bool(identifier) == bool(obj_id) or (obj_id and org_id is None):
        raise argument_error(guesses.HEADER_ADDRESS_TEXT)
    objects = call.cluster.objects
    if obj_id:
        found = objects.by_obj_id(call.org_id if org_id is None else org_id, obj_id)
        identifier = found.guid if found else obj_id
    if org_id == call.org_id:
        return need_modifiable(call, identifier, OBJ_ID_TYPES[entry["type"]] if entry["type"] else None)
    found = objects.get(identifier.lower())
    if found is None or org_id not in (None, found.org_id):
        raise not_found(identifier)
    return found


ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/headers/update",
        update_headers,
        (
            group(
                "headers_update",
                text("identifier"),
                text("obj_identifier"),
                enum("type", *OBJ_ID_TYPES),
                group(
                    "attributes", text("name", required=True), text("value", required=True), required=True, many=True
                ),
                required=True,
                many=True,
            ),
            text("org_identifier"),
        ),
        needs=("DATAMANAGEMENT",),
        since="10.6",
    ),
)
