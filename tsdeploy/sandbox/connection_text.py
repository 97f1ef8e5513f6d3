"""The TML of connections that are made or changed through the API, and of the tables that they bring along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tsdeploy.sandbox.texts.json_text import to_json
from tsdeploy.tml.syntax import Node

TYPE_PREFIX = "RDBMS_"
_SERVICE_ACCOUNT = "SERVICE_ACCOUNT"


def connection_text(guid: str, name: str, warehouse: str, given: Mapping[str, Any]) -> str:
    """A new connection. ``given`` are the arguments ``description`` and ``data_warehouse_config`` of the API."""
    config = given.get("data_warehouse_config") or {}
    body = {
        "name": name,
        "type": TYPE_PREFIX + warehouse.removeprefix(TYPE_PREFIX),
        "authentication_type": config.get("authenticationType") or _SERVICE_ACCOUNT,
        "properties": _properties(config.get("configuration") or {}),
        "description": given.get("description") or "",
    }
    return json.dumps({"guid": guid, "connection": body})


def changed_text(root: Node, given: Mapping[str, Any]) -> str:
    """A connection that is there with the changes that the API was given; what was not given stays."""
    document: dict[str, Any] = json.loads(to_json(root))
    body: dict[str, Any] = document["connection"]
    config = given.get("data_warehouse_config") or {}
    for key in ("name", "description"):
        if given.get(key):
            body[key] = given[key]
    if config.get("authenticationType"):
        body["authentication_type"] = config["authenticationType"]
    if config.get("configuration"):
        body["properties"] = _properties({**_given(body.get("properties") or []), **config["configuration"]})
    return json.dumps(document)


def _given(properties: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(entry.get("key")): entry.get("value", "") for entry in properties}


def _properties(configuration: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"key": key, "value": "" if value is None else str(value)} for key, value in configuration.items()]


def table_texts(connection: str, config: Mapping[str, Any]) -> Iterator[str]:
    """The tables of ``externalDatabases`` that are selected."""
    for database in _listed(config, "externalDatabases"):
        for schema in _listed(database, "schemas"):
            for table in _listed(schema, "tables"):
                if table.get("selected", True):
                    yield _table(connection, (str(database.get("name")), str(schema.get("name"))), table)


def _table(connection: str, place: tuple[str, str], table: Mapping[str, Any]) -> str:
    columns = [
        {
            "name": column.get("name"),
            "db_column_name": column.get("name"),
            "properties": {"column_type": "ATTRIBUTE"},
            "db_column_properties": {"data_type": column.get("type") or column.get("data_type") or "VARCHAR"},
        }
        for column in _listed(table, "columns")
    ]
    body = {
        "name": table.get("name"),
        "db": place[0],
        "schema": place[1],
        "db_table": table.get("name"),
        "connection": {"name": connection},
        "columns": columns,
    }
    return json.dumps({"table": body})


def _listed(node: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = node.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
