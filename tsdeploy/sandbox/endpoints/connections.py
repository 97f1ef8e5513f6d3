"""Connections. Source: facts about the REST API, section 12."""

from __future__ import annotations

from typing import Any

from tsdeploy.sandbox.details import configuration
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.items import value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply

_TYPE_PREFIX = "RDBMS_"


def search(call: Call) -> Reply:
    """``POST /connection/search``: a bare array."""
    connections = [item for item in call.cluster.objects.in_org(call.org_id) if item.kind == "connection"]
    tags = call.cluster.tags.of(call.org_id, [item.guid for item in connections])
    wanted_tags, types = set(call.many("tag_identifiers")), call.many("data_warehouse_types")
    kept = [
        item
        for item in connections
        if _is_named(call, item)
        and (not types or warehouse(item) in types)
        and (not wanted_tags or wanted_tags & {key for tag in tags.get(item.guid, []) for key in (tag.id, tag.name)})
    ]
    offset, size = call.number("record_offset") or 0, call.number("record_size")
    page = kept[offset:] if size is None or size < 0 else kept[offset : offset + size]
    return Reply([_shown(item, with_details=call.flag("include_details")) for item in page])


def warehouse(item: StoredObject) -> str:
    """The warehouse type without TML's prefix: ``SNOWFLAKE``."""
    return value(reread(item.text).body, "type").removeprefix(_TYPE_PREFIX)


def _is_named(call: Call, item: StoredObject) -> bool:
    wanted = call.many("connections")
    return not wanted or any(
        (not entry["identifier"] or entry["identifier"] in (item.guid, item.name, item.obj_id))
        and (not entry["name_pattern"] or like(entry["name_pattern"], item.name))
        for entry in wanted
    )


def _shown(item: StoredObject, *, with_details: bool) -> dict[str, Any]:
    return {
        "id": item.guid,
        "name": item.name,
        "description": item.description,
        "data_warehouse_type": warehouse(item),
        "data_warehouse_objects": None,
        "details": {"configuration": configuration(item)} if with_details else None,
    }


ENDPOINTS = (
    Endpoint(
        "POST",
        "/connection/search",
        search,
        (
            group(
                "connections",
                text("identifier"),
                text("name_pattern"),
                Argument("data_warehouse_objects", Type.ANY),
                many=True,
            ),
            text("data_warehouse_types", many=True),
            number("record_offset", 0),
            number("record_size", 10),
            text("tag_identifiers", many=True),
            enum("data_warehouse_object_type", "DATABASE", "SCHEMA", "TABLE", "COLUMN"),
            Argument("sort_options", Type.ANY),
            flag("include_details"),
            Argument("configuration", Type.ANY),
            text("authentication_type", default="SERVICE_ACCOUNT"),
            flag("show_resolved_parameters"),
        ),
    ),
)
