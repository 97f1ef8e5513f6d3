"""Connections: search with what is behind them, make, change, delete. Source: facts about the REST API, section 12."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tsdeploy.sandbox import guesses, warehouse
from tsdeploy.sandbox.connection_text import TYPE_PREFIX, changed_text, connection_text, table_texts
from tsdeploy.sandbox.details import configuration
from tsdeploy.sandbox.endpoints.metadata import refuse_dependents
from tsdeploy.sandbox.endpoints.paging import PAGE, ordered, page, sort_options
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import run_import
from tsdeploy.sandbox.lookup import like, need_modifiable
from tsdeploy.sandbox.parameters import resolved
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.items import value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import business_error

_NEEDS = ("DATAMANAGEMENT",)
_CONNECTION = "CONNECTION"
_INVALID_CONNECTION = 12119


def search(call: Call) -> Reply:
    """``POST /connection/search``: a bare array."""
    there = call.cluster.objects.of_kind(call.org_id, "connection")
    connections = [item for item in there if call.access.may_read(item)]
    tags = call.cluster.tags.of(call.org_id, [item.guid for item in connections])
    wanted_tags, types = set(call.many("tag_identifiers")), call.many("data_warehouse_types")
    kept = [
        item
        for item in connections
        if _is_named(call, item)
        and (not types or warehouse_type(item) in types)
        and (not wanted_tags or wanted_tags & {key for tag in tags.get(item.guid, []) for key in (tag.id, tag.name)})
    ]
    keys = {
        "NAME": lambda item: (item.name.casefold(), item.guid),
        "DISPLAY_NAME": lambda item: (item.name.casefold(), item.guid),
        "AUTHOR": lambda item: (item.author_id, item.guid),
        "CREATED": lambda item: (item.created, item.guid),
        "MODIFIED": lambda item: (item.modified, item.guid),
    }
    return Reply([_shown(call, item) for item in page(call, ordered(call, kept, keys, guesses.SORT_FIELD))])


def warehouse_type(item: StoredObject) -> str:
    """The warehouse type without TML's prefix: ``SNOWFLAKE``."""
    return value(reread(item.text).body, "type").removeprefix(TYPE_PREFIX)


def _is_named(call: Call, item: StoredObject) -> bool:
    wanted = call.many("connections")
    return not wanted or any(
        (not entry["identifier"] or entry["identifier"] in (item.guid, item.name, item.obj_id))
        and (not entry["name_pattern"] or like(entry["name_pattern"], item.name))
        for entry in wanted
    )


def _shown(call: Call, item: StoredObject) -> dict[str, Any]:
    return {
        "id": item.guid,
        "name": item.name,
        "description": item.description,
        "data_warehouse_type": warehouse_type(item),
        "data_warehouse_objects": _objects(call, item),
        "details": _details(call, item) if call.flag("include_details") else None,
    }


def _details(call: Call, item: StoredObject) -> dict[str, Any]:
    found: Any = configuration(item)
    if call.flag("show_resolved_parameters"):
        found = resolved(call.cluster, found, call.org_id)
    return {"configuration": json.dumps(found) if call.cluster.settings.connection_details_as_text else found}


def _objects(call: Call, item: StoredObject) -> dict[str, Any] | None:
    """The hierarchy, where it is asked for; nothing in it for a connection that signs in as the person who asks."""
    level = call.text("data_warehouse_object_type")
    if not level and not call.flag("include_details"):
        return None
    if warehouse.is_oauth(item) or call.text("authentication_type") != "SERVICE_ACCOUNT":
        return {"databases": []}
    declared = warehouse.declared_name(call.cluster, item)
    if level and not call.cluster.warehouses.is_reachable(declared):
        raise business_error(guesses.warehouse_unreachable().text, _INVALID_CONNECTION)
    linked = list(warehouse.linked_columns(call.cluster, item))
    columns = warehouse.warehouse_columns(call.cluster, item) if level else linked
    shown = warehouse.Shown(
        level=level or guesses.LEVEL_OF_DETAILS,
        type_key=call.cluster.settings.warehouse_type_key,
        filters=tuple(each for entry in call.many("connections") for each in entry["data_warehouse_objects"] or ()),
    )
    return warehouse.hierarchy(columns, linked, shown)


def create(call: Call) -> Reply:
    """``POST /connection/create``, with the tables that its configuration selects."""
    name, config = call.text("name"), call.group("data_warehouse_config")
    _validate(call, name, config)
    guid = call.cluster.mint.guid()
    made = connection_text(guid, name, call.text("data_warehouse_type"), call.arguments)
    _write(call, made, *table_texts(name, config))
    item = need_modifiable(call, guid, _CONNECTION)
    return Reply(
        {
            "id": item.guid,
            "name": item.name,
            "data_warehouse_type": warehouse_type(item),
            "details": {"configuration": configuration(item)},
        }
    )


def update(call: Call) -> Reply:
    """``POST /connection/update`` and ``/connections/{id}/update``: what is not given stays."""
    item = need_modifiable(call, call.text("connection_identifier"), _CONNECTION)
    config = call.group("data_warehouse_config")
    if config.get("configuration"):
        _validate(call, call.text("name") or item.name, config)
    guid_in_front = f"guid: {item.guid}\n" if not reread(item.text).guid else ""
    document = reread(guid_in_front + item.text)
    _write(call, changed_text(document.root, call.arguments), *table_texts(item.name, config))
    return Reply()


def _validate(call: Call, name: str, config: Mapping[str, Any]) -> None:
    """Raises ApiError 400/12119 for a warehouse that does not answer, unless the caller does not want to know."""
    if not call.flag("validate"):
        return
    declared = call.cluster.warehouses.declared(name)
    if not config.get("configuration") or not call.cluster.warehouses.is_reachable(declared):
        raise business_error(guesses.connection_invalid(name), _INVALID_CONNECTION)


def _write(call: Call, *texts: str) -> None:
    """Import what was made; all of it, or none. Raises ApiError 400/12119 with what the import says."""
    org = next(org for org in call.cluster.orgs.all() if org.id == call.org_id)
    request = ImportRequest(texts, org.id, org.name, call.session.user_id, Policy.ALL_OR_NONE, skip_diff_check=True)
    failed = [outcome for outcome in run_import(call.cluster, request) if outcome.failed]
    if failed:
        raise business_error(failed[0].message, _INVALID_CONNECTION)


def delete(call: Call) -> Reply:
    """``POST /connections/{id}/delete``: not while something stands on it."""
    item = need_modifiable(call, call.text("connection_identifier"), _CONNECTION)
    refuse_dependents(call, {item.guid})
    call.cluster.objects.delete([item.guid])
    return Reply()


_CONFIG = Argument("data_warehouse_config", Type.ANY)
_CHANGES = (text("name"), text("description"), _CONFIG, flag("validate", True))

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
                group(
                    "data_warehouse_objects", text("database"), text("schema"), text("table"), text("column"), many=True
                ),
                many=True,
            ),
            text("data_warehouse_types", many=True),
            *PAGE,
            text("tag_identifiers", many=True),
            enum("data_warehouse_object_type", *warehouse.LEVELS),
            sort_options("NAME", "DISPLAY_NAME", "AUTHOR", "CREATED", "MODIFIED"),
            flag("include_details"),
            Argument("configuration", Type.ANY),
            text("authentication_type", default="SERVICE_ACCOUNT"),
            since("10.9", flag("show_resolved_parameters")),
        ),
        needs=_NEEDS,
        since="9.2",
    ),
    Endpoint(
        "POST",
        "/connection/create",
        create,
        (
            text("name", required=True),
            text("data_warehouse_type", required=True),
            Argument("data_warehouse_config", Type.ANY, required=True),
            text("description"),
            flag("validate", True),
        ),
        needs=_NEEDS,
        since="9.2",
    ),
    Endpoint(
        "POST",
        "/connection/update",
        update,
        (text("connection_identifier", required=True), *_CHANGES),
        needs=_NEEDS,
        since="9.2",
    ),
    Endpoint(
        "POST",
        "/connections/<connection_identifier>/update",
        update,
        (text("connection_identifier", required=True), *_CHANGES),
        needs=_NEEDS,
        since="10.4",
    ),
    Endpoint(
        "POST",
        "/connections/<connection_identifier>/delete",
        delete,
        (text("connection_identifier", required=True),),
        bodiless=True,
        needs=_NEEDS,
        since="10.4",
    ),
)
