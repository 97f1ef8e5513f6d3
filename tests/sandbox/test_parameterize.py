"""Fields of Tables and connections that become variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.test_variables import make, set_values, table_in
from tsdeploy.sandbox import org_id_of


@pytest.fixture
def stage(estate: Client) -> Client:
    """The estate with a variable for schemas."""
    make(estate, "stage")
    return estate


def parameterize(client: Client, **more: Any) -> requests.Response:
    """Make a variable of the schema of ORDERS, unless told otherwise."""
    body = {
        "metadata_type": "LOGICAL_TABLE",
        "metadata_identifier": tml.T1,
        "field_type": "ATTRIBUTE",
        "field_name": "schemaName",
        "variable_identifier": "stage",
        **more,
    }
    return client.post("/metadata/parameterize", body)


def test_a_table_field_becomes_a_variable_and_a_value_again(stage: Client) -> None:
    empty(parameterize(stage))
    assert stage.edoc(tml.T1) == table_in("${stage}")

    body = {"metadata_identifier": tml.T1, "field_type": "ATTRIBUTE", "field_name": "schemaName", "value": "SALES"}
    empty(stage.post("/metadata/unparameterize", body))
    assert "schema: SALES\n" in stage.edoc(tml.T1)


def test_several_fields_at_once_or_none(stage: Client) -> None:
    body = {
        "metadata_identifier": "ORDERS",
        "metadata_type": "LOGICAL_TABLE",
        "field_type": "ATTRIBUTE",
        "variable_identifier": "stage",
    }

    refused(stage.post("/metadata/parameterize-fields", {**body, "field_names": ["databaseName", "x"]}), 400, 10002)
    assert "${stage}" not in stage.edoc(tml.T1)
    empty(stage.post("/metadata/parameterize-fields", {**body, "field_names": ["databaseName", "schemaName"]}))
    assert stage.edoc(tml.T1).count("${stage}") == 2


def test_a_connection_property_takes_a_variable_for_connections(stage: Client) -> None:
    make(stage, "account", "CONNECTION_PROPERTY")
    connection = {
        "metadata_type": "CONNECTION",
        "metadata_identifier": "Warehouse",
        "field_type": "CONNECTION_PROPERTY",
        "field_name": "accountName",
    }

    refused(
        parameterize(stage, **connection),
        400,
        10002,
        "Parameterization of given Object cannot be done with Variable of type: TABLE_MAPPING",
    )
    empty(parameterize(stage, **connection, variable_identifier="account"))

    assert 'value: "${account}"' in stage.edoc(tml.C1)


def test_a_configuration_of_a_connection_is_named_by_its_own_id(client: Client) -> None:
    configuration = """  connection_configurations:
  - id: 6a000000-0000-4000-8000-000000000001
    name: nightly
    properties:
    - key: role
      value: LOADER
"""
    client.load(tml.connection() + configuration)
    make(client, "role", "CONNECTION_PROPERTY")

    body = {"metadata_type": "CONNECTION_CONFIG", "field_type": "CONNECTION_PROPERTY", "variable_identifier": "role"}
    empty(parameterize(client, **body, metadata_identifier="nightly", field_name="role"))

    assert client.edoc(tml.C1) == tml.connection() + configuration.replace("LOADER", '"${role}"')


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"variable_identifier": "unknown"}, 13003),
        ({"metadata_identifier": tml.NOWHERE}, 13003),
        ({"field_name": "colour"}, 10002),
        ({"metadata_identifier": tml.M1}, 10002),
    ],
)
def test_what_does_not_fit_is_400(more: dict[str, str], code: int, stage: Client) -> None:
    refused(parameterize(stage, **more), 400, code)


def test_two_tables_cannot_come_to_stand_for_the_same(stage: Client) -> None:
    stage.load(tml.table("ORDERS", tml.T2, db_table="ORDERS_2"))
    empty(parameterize(stage, field_name="tableName"))

    refused(parameterize(stage, field_name="tableName", metadata_identifier=tml.T2), 400, 10002)


def test_a_parameterized_table_is_still_the_same_to_an_import(stage: Client) -> None:
    parameterize(stage)

    (item,) = stage.items(table_in("${stage}"))

    assert item["response"]["header"]["id_guid"] == tml.T1
    assert item["response"]["status"] == {"status_code": "OK"}


def test_details_show_the_values_of_the_callers_org_when_asked(stage: Client, log_in: Callable[[int], Client]) -> None:
    parameterize(stage)
    set_values(stage, "stage", "REPLACE", "PROD")
    set_values(stage, "stage", "REPLACE", "TEST", org_identifier=ORG)
    body = {"metadata": [{"identifier": tml.T1}], "include_details": True}

    def schema(client: Client, **more: Any) -> str:
        (found,) = client.search(**body, **more)
        return str(found["metadata_detail"]["logicalTableContent"]["tableMappingInfo"]["schemaName"])

    assert schema(stage) == "${stage}"
    assert schema(stage, show_resolved_parameters=True) == "PROD"
    publish = {"metadata": {"identifier": tml.T1}, "org_identifiers": ORG}
    empty(stage.post("/security/metadata/publish", publish))
    assert schema(log_in(org_id_of(ORG)), show_resolved_parameters=True) == "TEST"
