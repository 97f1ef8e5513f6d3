"""``metadata_detail`` of a search: the parts of the big V1 details object that clients read."""

from __future__ import annotations

import uuid
from typing import Any

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.columns import column_names
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread

_COLUMN_NAMESPACE = uuid.UUID("5b8f3c0e-9a52-4c1c-8a55-3d9a3f6f0c11")
_DEPTH = 32


def connection_of(cluster: Cluster, item: StoredObject, depth: int = _DEPTH) -> StoredObject | None:
    """The connection that an object's data comes from, through Models and Views; None where it has none."""
    if item.kind == "connection":
        return item
    for target in cluster.objects.links(item.guid).values():
        found = cluster.objects.get(target) if depth else None
        connection = connection_of(cluster, found, depth - 1) if found else None
        if connection is not None:
            return connection
    return None


def details(cluster: Cluster, item: StoredObject) -> dict[str, Any]:
    """Where a Table's data is, its columns, a connection's tables and properties."""
    if item.kind == "connection":
        return _connection(cluster, item)
    if rest_type(item.kind) != "LOGICAL_TABLE":
        return {}
    connection = connection_of(cluster, item)
    return {
        "dataSourceId": connection.guid if connection else None,
        "dataSourceTypeEnum": value(reread(connection.text).body, "type") if connection else None,
        "logicalTableContent": {"tableMappingInfo": _mapping(item)},
        "columns": [
            {"header": {"id": column_id(item.guid, name), "name": name, "owner": item.guid}}
            for name in column_names(reread(item.text))
        ],
    }


def column_id(owner: str, name: str) -> str:
    """The GUID of a column; the same for as long as the column keeps its name."""
    return str(uuid.uuid5(_COLUMN_NAMESPACE, f"{owner}/{name}"))


def _mapping(item: StoredObject) -> dict[str, str] | None:
    if item.kind != "table":
        return None
    body = reread(item.text).body
    return {
        "databaseName": value(body, "db"),
        "schemaName": value(body, "schema"),
        "tableName": value(body, "db_table"),
    }


def _connection(cluster: Cluster, item: StoredObject) -> dict[str, Any]:
    body = reread(item.text).body
    tables = cluster.objects.dependents([item.guid]).get(item.guid, [])
    return {
        "type": value(body, "type"),
        "logicalTableList": [{"header": {"id": guid}} for guid in tables],
        "dataSourceContent": {"configuration": configuration(item)},
    }


def configuration(item: StoredObject) -> dict[str, str]:
    """The properties of a connection."""
    body = reread(item.text).body
    return {value(entry, "key"): value(entry, "value") for entry in mappings(body, "properties")}
