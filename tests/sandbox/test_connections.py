"""Connections: searched with what is behind them, made, changed and deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.people import admin
from tsdeploy.sandbox import Cluster, Server, Settings


def test_connections_are_a_bare_array_with_warehouse_types(estate: Client) -> None:
    found = estate.post("/connection/search", {}).json()

    assert [(item["id"], item["name"], item["data_warehouse_type"]) for item in found] == [
        (tml.C1, "Warehouse", "SNOWFLAKE")
    ]


@pytest.mark.parametrize("identifier", [tml.C1, "Warehouse", "wh"])
def test_a_connection_is_found_by_guid_name_or_obj_id(client: Client, identifier: str) -> None:
    client.load(tml.connection())
    client.post("/metadata/update-obj-id", {"metadata": [{"metadata_identifier": tml.C1, "new_obj_id": "wh"}]})

    found = client.post("/connection/search", {"connections": [{"identifier": identifier}]}).json()

    assert [item["name"] for item in found] == ["Warehouse"]


def test_warehouse_types_filter(estate: Client) -> None:
    body = {"data_warehouse_types": ["REDSHIFT"]}

    assert estate.post("/connection/search", body).json() == []


def test_details_have_the_configuration(estate: Client) -> None:
    found = estate.post("/connection/search", {"include_details": True}).json()

    assert found[0]["details"]["configuration"]["accountName"] == "acme"


HIERARCHY = {"data_warehouse_object_type": "COLUMN"}


def behind(client: Client, **body: Any) -> Any:
    """The databases behind the only connection."""
    (found,) = conforms(client.post("/connection/search", body), "connection_search")
    return found["data_warehouse_objects"] and found["data_warehouse_objects"]["databases"]


def test_what_is_behind_is_shown_on_demand_only(estate: Client) -> None:
    assert behind(estate) is None


@pytest.mark.parametrize(
    ("level", "schemas", "tables", "columns"),
    [("DATABASE", 0, 0, 0), ("SCHEMA", 1, 0, 0), ("TABLE", 1, 1, 0), ("COLUMN", 1, 1, 3)],
)
def test_the_hierarchy_goes_as_deep_as_asked(
    estate: Client, level: str, schemas: int, tables: int, columns: int
) -> None:
    (database,) = behind(estate, data_warehouse_object_type=level)

    found = [table for schema in database["schemas"] for table in schema["tables"]]
    assert (database["name"], len(database["schemas"]), len(found)) == ("DEV", schemas, tables)
    assert sum(len(table["columns"]) for table in found) == columns


def test_without_a_declaration_the_tables_that_are_linked_are_behind_a_connection(estate: Client) -> None:
    ((table,),) = ([*schema["tables"]] for schema in behind(estate, **HIERARCHY)[0]["schemas"])

    assert (table["name"], table["selected"], table["linked"]) == ("ORDERS", True, True)
    assert table["columns"][0] == {
        "name": "ID",
        "data_type": "VARCHAR",
        "is_aggregate": "false",
        "can_import": True,
        "selected": True,
        "is_linked_active": True,
    }


DECLARED = {
    "Warehouse": {
        "DEV": {
            "SALES": {"ORDERS": {"ID": "INT64", "MORE": "DATE"}, "FREE": {"type": "VIEW", "columns": ["X"]}},
            "HR": {"STAFF": ["NAME"]},
        }
    }
}


def test_a_declared_warehouse_is_shown_as_it_is(estate: Client) -> None:
    admin(estate, "POST", "/warehouses", {"warehouses": DECLARED})

    (database,) = behind(estate, **HIERARCHY)

    tables = {table["name"]: table for schema in database["schemas"] for table in schema["tables"]}
    assert list(tables) == ["STAFF", "FREE", "ORDERS"]
    assert (tables["FREE"]["type"], tables["FREE"]["linked"]) == ("VIEW", False)
    assert [(one["name"], one["selected"]) for one in tables["ORDERS"]["columns"]] == [("ID", True), ("MORE", False)]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"schema": "HR"}, ["STAFF"]),
        ({"database": "DEV", "table": "FREE"}, ["FREE"]),
        ({"column": "MORE"}, ["ORDERS"]),
        ({"database": "NOWHERE"}, []),
    ],
)
def test_the_hierarchy_is_filtered(estate: Client, wanted: dict[str, str], names: list[str]) -> None:
    admin(estate, "POST", "/warehouses", {"warehouses": DECLARED})
    entry = {"identifier": "Warehouse", "data_warehouse_objects": [wanted]}

    databases = behind(estate, connections=[entry], **HIERARCHY)

    found = [table["name"] for each in databases for schema in each["schemas"] for table in schema["tables"]]
    assert found == names


def test_a_connection_with_oauth_shows_nothing(client: Client) -> None:
    client.load(tml.connection().replace("SERVICE_ACCOUNT", "OAUTH"), tml.table())

    assert behind(client, **HIERARCHY) == []


def test_a_warehouse_that_does_not_answer_fails_the_search_of_its_objects(estate: Client) -> None:
    admin(estate, "POST", "/warehouses", {"warehouses": {"Warehouse": "unreachable"}})

    refused(estate.post("/connection/search", HIERARCHY), 400, 12119)
    assert behind(estate) is None


def test_builds_differ_in_how_they_write_details_and_types() -> None:
    settings = Settings(connection_details_as_text=True, warehouse_type_key="dataType")
    with Cluster(settings=settings) as cluster, Server(cluster) as server, requests.Session() as session:
        client = Client(server.url, session)
        token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
        session.headers["Authorization"] = f"Bearer {token}"
        client.load(tml.connection(), tml.table())
        (found,) = conforms(client.post("/connection/search", {"include_details": True}), "connection_search")

    assert json.loads(found["details"]["configuration"])["accountName"] == "acme"
    (table,) = found["data_warehouse_objects"]["databases"][0]["schemas"][0]["tables"]
    assert table["columns"][0]["dataType"] == "VARCHAR"


CONFIG = {"configuration": {"accountName": "acme", "user": "svc", "password": ""}, "authenticationType": "KEY_PAIR"}
EXTERNAL: dict[str, Any] = {
    "externalDatabases": [
        {
            "name": "DEV",
            "schemas": [
                {
                    "name": "SALES",
                    "tables": [
                        {"name": "ORDERS", "selected": True, "columns": [{"name": "ID", "type": "INT64"}]},
                        {"name": "LINES", "selected": False, "columns": [{"name": "ID", "type": "INT64"}]},
                    ],
                }
            ],
        }
    ]
}


def create(client: Client, name: str = "Lake", **config: Any) -> requests.Response:
    """Make a connection."""
    body = {"name": name, "data_warehouse_type": "DATABRICKS", "data_warehouse_config": {**CONFIG, **config}}
    return client.post("/connection/create", body)


def test_a_connection_is_made_with_the_tables_it_selects(client: Client) -> None:
    made = conforms(create(client, **EXTERNAL), "connection_created")

    assert (made["name"], made["data_warehouse_type"]) == ("Lake", "DATABRICKS")
    assert made["details"]["configuration"]["accountName"] == "acme"
    assert client.names() == ["Lake", "ORDERS"]
    assert client.edoc(made["id"]) == (
        f"guid: {made['id']}\n"
        "connection:\n  name: Lake\n  type: RDBMS_DATABRICKS\n  authentication_type: KEY_PAIR\n  properties:\n"
        "  - key: accountName\n    value: acme\n  - key: user\n    value: svc\n"
        '  - key: password\n    value: ""\n  description: ""\n'
    )


def test_a_connection_that_cannot_be_validated_is_12119(client: Client) -> None:
    admin(client, "POST", "/warehouses", {"warehouses": {"Lake": "unreachable"}})

    refused(create(client), 400, 12119)
    assert client.names() == []

    body = {"name": "Lake", "data_warehouse_type": "SNOWFLAKE", "data_warehouse_config": CONFIG, "validate": False}
    conforms(client.post("/connection/create", body), "connection_created")


def test_a_connection_whose_tables_are_refused_is_not_made(client: Client) -> None:
    admin(client, "POST", "/warehouses", {"warehouses": {"Lake": {"DEV": {"SALES": {"OTHER": ["ID"]}}}}})

    assert "ORDERS" in refused(create(client, **EXTERNAL), 400, 12119)
    assert client.names() == []


@pytest.mark.parametrize("path", ["/connection/update", "/connections/{}/update"])
def test_a_connection_is_changed_where_something_is_given(estate: Client, path: str) -> None:
    body: dict[str, Any] = {"description": "All of it", "data_warehouse_config": {"configuration": {"role": "R"}}}
    if path == "/connection/update":
        body["connection_identifier"] = "Warehouse"

    empty(estate.post(path.format(tml.C1), body))

    assert estate.edoc(tml.C1) == tml.connection() + "  - key: role\n    value: R\n  description: All of it\n"


def test_a_renamed_connection_is_renamed_in_its_tables(estate: Client) -> None:
    empty(estate.post(f"/connections/{tml.C1}/update", {"name": "Lake"}))

    assert "    name: Lake\n" in estate.edoc(tml.T1)


def test_a_connection_with_tables_is_not_deleted(estate: Client) -> None:
    assert tml.T1 in refused(estate.post(f"/connections/{tml.C1}/delete"), 400, 10002)
    assert "Warehouse" in estate.names()


def test_a_connection_without_tables_is_deleted(client: Client) -> None:
    client.load(tml.connection())

    empty(client.post("/connections/Warehouse/delete"))

    assert client.names() == []


def test_a_connection_that_is_not_there_is_13003(client: Client) -> None:
    refused(client.post("/connections/Nowhere/delete"), 400, 13003)
    refused(client.post(f"/connections/{tml.NOWHERE}/update", {"name": "x"}), 400, 13003)
