"""What no import can say: marks of objects, and what the warehouses behind connections have."""

from __future__ import annotations

import json

from tsdeploy.errors import UsageError
from tsdeploy.sandbox.store.marks import Mark
from tsdeploy.sandbox.warehouse_file import parse_warehouses
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import argument_error, not_found


def mark(call: Call) -> Reply:
    """``POST /objects/mark``: an object, by GUID, gets these marks and no other."""
    guid = call.text("identifier")
    if call.cluster.objects.get(guid) is None:
        raise not_found(guid)
    call.cluster.marks.put(guid, map(Mark, call.many("marks")))
    return Reply()


def declare_warehouses(call: Call) -> Reply:
    """``POST /warehouses``: as in a warehouse file. A connection that is null is believed again."""
    given = call.arguments["warehouses"]
    if not isinstance(given, dict):
        raise argument_error("warehouses must be an object.")
    try:
        declared = parse_warehouses(json.dumps({key: item for key, item in given.items() if item is not None}), "body")
    except UsageError as error:
        raise argument_error(str(error.findings[0])) from None
    for connection in given:
        call.cluster.warehouses.forget(connection)
    for connection, one in declared.items():
        call.cluster.warehouses.declare(connection, one.columns, reachable=one.reachable)
    return Reply()


ENDPOINTS = (
    Endpoint(
        "POST",
        "/objects/mark",
        mark,
        (text("identifier", required=True), enum("marks", *(each.value for each in Mark), many=True)),
    ),
    Endpoint("POST", "/warehouses", declare_warehouses, (Argument("warehouses", Type.ANY, required=True),)),
)
