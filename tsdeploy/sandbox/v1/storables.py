"""The details of objects, as V1 has always given them."""

from __future__ import annotations

from typing import Any

from tsdeploy.sandbox.lookup import need_readable
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.v1.forms import invalid
from tsdeploy.sandbox.v1.listing import v2_type
from tsdeploy.sandbox.v1.route import PRIVATE, Answer, Route, V1Call


def details(call: V1Call) -> Answer:
    """``GET metadata/details``: the objects in the order in which they are named."""
    ids = call.fields.texts("id")
    if not ids:
        raise invalid("id")
    kind = v2_type(call.fields.text("type"))
    return Answer({"storables": [_storable(call, guid, kind) for guid in ids]})


def connection_detail(call: V1Call) -> Answer:
    """``GET connection/detail/{id}``, not public: a connection with the headers of its tables."""
    shown = _storable(call, call.fields.text("guid"), "CONNECTION")
    tables = [table["header"]["id"] for table in shown["logicalTableList"]]
    found = _search(call, tables, "LOGICAL_TABLE") if tables else []
    pattern = call.fields.text("pattern").strip("%").casefold()
    headers = [item["metadata_header"] for item in found if pattern in str(item["metadata_name"]).casefold()]
    return Answer({**shown, "logicalTableList": [{"header": header} for header in headers]})


def _storable(call: V1Call, guid: str, kind: str) -> dict[str, Any]:
    item = need_readable(call.call, guid, kind)
    (found,) = _search(call, [item.guid], kind, include_details=True)
    shown = {
        "header": found["metadata_header"],
        "type": found["metadata_header"].get("type"),
        "complete": True,
        "incompleteDetail": [],
        "isResolved": True,
    }
    if kind == "LIVEBOARD":
        shown["reportContent"] = {"sheets": [_sheet(found["metadata_header"], item.text)]}
    return {**shown, **(found["metadata_detail"] or {})}


def _sheet(header: dict[str, Any], text: str) -> dict[str, Any]:
    """A Liveboard has one sheet, with its visualizations."""
    vizzes = [
        {"header": {"id": value(viz, "viz_guid"), "name": value(viz, "answer", "name")}, "vizContent": {}}
        for viz in mappings(reread(text).body, "visualizations")
    ]
    return {"header": header, "sheetType": "PINBOARD", "sheetContent": {"visualizations": vizzes}}


def _search(call: V1Call, guids: list[str], kind: str, **more: Any) -> list[Any]:
    entries = [{"identifier": guid, "type": kind} for guid in guids]
    reply = call.v2("/metadata/search", metadata=entries, record_size=-1, **more)
    assert isinstance(reply.body, list)
    return reply.body


ROUTES = (
    Route("GET", "/metadata/details", details, rights="/metadata/search"),
    Route("GET", "/connection/detail/<guid>", connection_detail, rights="/metadata/search", base=PRIVATE),
)
