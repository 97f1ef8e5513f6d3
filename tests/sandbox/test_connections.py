"""connection/search."""

from __future__ import annotations

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client


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
