"""Template variables: made, found, renamed, deleted, and given values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import org_id_of
from tsdeploy.sandbox.parameters import names_in

SALES = org_id_of(ORG)


def make(client: Client, name: str = "schema_var", kind: str = "TABLE_MAPPING", **more: Any) -> str:
    """Make a variable; its GUID."""
    body = {"name": name, "type": kind, **more}
    return str(conforms(client.post("/template/variables/create", body), "variable")["id"])


def set_values(client: Client, variable: str, operation: str, *values: str, **scope: Any) -> Any:
    """Change the values of a variable in one scope."""
    body = {"operation": operation, "variable_assignment": [{"assigned_values": list(values), **scope}]}
    return client.post(f"/template/variables/{variable}/update-values", body)


def values(client: Client, variable: str) -> list[dict[str, Any]]:
    """The values of a variable that a client sees."""
    body = {"variable_details": {"identifier": variable}, "response_content": "METADATA_AND_VALUES"}
    (found,) = conforms(client.post("/template/variables/search", body), "variables")
    listed: list[dict[str, Any]] = found["values"]
    return listed


def table_in(schema: str) -> str:
    """A table in a schema that may be a variable."""
    return tml.table().replace("schema: SALES", f'schema: "{schema}"')


def test_a_new_variable_has_no_values(client: Client) -> None:
    body = {"name": "schema_var", "type": "TABLE_MAPPING"}

    made = conforms(client.post("/template/variables/create", body), "variable")

    assert (made["variable_type"], made["sensitive"], made["values"]) == ("TABLE_MAPPING", False, [])


def test_names_are_unique_in_the_cluster(client: Client) -> None:
    make(client)

    body = {"name": "schema_var", "type": "FORMULA_VARIABLE"}
    refused(client.post("/template/variables/create", body), 400, 10002, "Duplicate template variable name")


def test_variables_are_found_by_id_name_type_and_pattern(client: Client) -> None:
    guid = make(client)
    make(client, "account", "CONNECTION_PROPERTY")

    def found(**detail: str) -> list[str]:
        answer = client.post("/template/variables/search", {"variable_details": [detail]})
        return [item["name"] for item in conforms(answer, "variables")]

    assert found() == ["account", "schema_var"]
    assert found(identifier=guid) == found(identifier="schema_var") == found(name_pattern="SCHEMA%") == ["schema_var"]
    assert found(type="CONNECTION_PROPERTY") == ["account"]


def test_variables_are_paged_and_values_come_when_asked_for(client: Client) -> None:
    for number in range(12):
        make(client, f"v{number:02}")

    page = conforms(client.post("/template/variables/search", {"record_offset": 10}), "variables")

    assert [item["name"] for item in page] == ["v10", "v11"]
    assert page[0]["values"] is None


def test_a_table_mapping_takes_a_single_value(client: Client) -> None:
    make(client)

    empty(set_values(client, "schema_var", "REPLACE", "PROD"))
    refused(
        set_values(client, "schema_var", "REPLACE", "A", "B"),
        400,
        10002,
        "This variable type can only take a single value",
    )

    assert [item["value"] for item in values(client, "schema_var")] == ["PROD"]


def test_a_formula_variable_takes_many_and_operations_may_be_repeated(client: Client) -> None:
    make(client, "regions", "FORMULA_VARIABLE", data_type="VARCHAR")

    seen = []
    for operation, given in (("ADD", "east"), ("ADD", "west"), ("ADD", "west"), ("REMOVE", "east"), ("RESET", "x")):
        empty(set_values(client, "regions", operation, given))
        seen.append([item["value_list"] for item in values(client, "regions")])

    assert seen == [[["east"]], [["east", "west"]], [["east", "west"]], [["west"]], []]


def test_scopes_do_not_mix(client: Client) -> None:
    make(client, "account", "CONNECTION_PROPERTY_PER_PRINCIPAL")
    empty(set_values(client, "account", "REPLACE", "one"))
    empty(
        set_values(
            client,
            "account",
            "REPLACE",
            "two",
            org_identifier=ORG,
            principal_type="USER",
            principal_identifier="tsadmin",
            priority=3,
        )
    )

    shown = [(one["org_identifier"], one["principal_identifier"], one["value"]) for one in values(client, "account")]

    assert sorted(shown, key=str) == [("Primary", None, "one"), (ORG, "tsadmin", "two")]


def test_search_can_ask_for_a_scope(client: Client) -> None:
    make(client)
    set_values(client, "schema_var", "REPLACE", "P")
    set_values(client, "schema_var", "REPLACE", "S", org_identifier=ORG)

    body = {"value_scope": {"org_identifier": ORG}, "response_content": "METADATA_AND_VALUES"}
    (found,) = conforms(client.post("/template/variables/search", body), "variables")

    assert [item["value"] for item in found["values"]] == ["S"]


def test_an_org_sees_and_changes_only_its_own_values(client: Client, log_in: Callable[[int], Client]) -> None:
    elsewhere = log_in(SALES)
    make(client)
    set_values(client, "schema_var", "REPLACE", "P")

    assert values(elsewhere, "schema_var") == []
    empty(set_values(elsewhere, "schema_var", "REPLACE", "S"))
    assert [item["value"] for item in values(elsewhere, "schema_var")] == ["S"]
    refused(set_values(elsewhere, "schema_var", "REPLACE", "X", org_identifier="Primary"), 403, 10023)
    refused(elsewhere.post("/template/variables/create", {"name": "x", "type": "TABLE_MAPPING"}), 403, 10023)
    assert [item["value"] for item in values(client, "schema_var")] == ["P", "S"]


def test_the_older_way_sets_several_variables_in_several_scopes(client: Client) -> None:
    make(client)
    make(client, "db_var")
    assignment = [
        {"variable_identifier": name, "variable_values": [name.upper()], "operation": "REPLACE"}
        for name in ("schema_var", "db_var")
    ]
    scopes = [{"org_identifier": "0"}, {"org_identifier": ORG}]

    body = {"variable_assignment": assignment, "variable_value_scope": scopes}
    empty(client.post("/template/variables/update-values", body))

    assert [item["value"] for item in values(client, "db_var")] == ["DB_VAR", "DB_VAR"]
    body["variable_value_scope"] = []
    refused(client.post("/template/variables/update-values", body), 400, 10002, "Empty Scope is not allowed")


def test_a_sensitive_value_is_not_shown(client: Client) -> None:
    make(client, "password", "CONNECTION_PROPERTY", is_sensitive=True)

    set_values(client, "password", "REPLACE", "secret")

    assert [item["value"] for item in values(client, "password")] == [None]


def test_renaming_renames_it_in_the_objects_that_use_it(client: Client) -> None:
    make(client)
    client.load(tml.connection(), table_in("${schema_var}"))

    empty(client.post("/template/variables/schema_var/update", {"name": "stage"}))

    assert client.edoc(tml.T1) == table_in("${stage}")
    refused(client.post("/template/variables/schema_var/update", {"name": "x"}), 400, 13003)


@pytest.mark.parametrize("path", ["delete", "schema_var/delete"])
def test_a_variable_that_is_used_stays(path: str, client: Client) -> None:
    make(client)
    client.load(tml.connection(), table_in("${schema_var}"))
    body = {"identifiers": ["schema_var"]}

    refused(client.post(f"/template/variables/{path}", body), 400, 10002, tml.T1)

    client.load(table_in("SALES"))
    empty(client.post(f"/template/variables/{path}", body))
    assert client.post("/template/variables/search", {}).json() == []


def test_deleting_several_is_all_or_nothing(client: Client) -> None:
    make(client)

    refused(client.post("/template/variables/delete", {"identifiers": ["schema_var", "other"]}), 400, 13003)

    assert len(client.post("/template/variables/search", {}).json()) == 1


def test_variables_in_formulas_are_found_and_renamed(client: Client) -> None:
    make(client, "regions", "FORMULA_VARIABLE")
    formula = """  formulas:
  - id: formula_f
    name: f
    expr: '[ORDERS::REGION] = ts_var ( regions )'
"""
    client.load(tml.connection(), tml.table(), tml.model(tail=formula))

    refused(client.post("/template/variables/regions/delete", {}), 400, 10002, tml.M1)
    empty(client.post("/template/variables/regions/update", {"name": "areas"}))

    assert "expr: '[ORDERS::REGION] = ts_var ( areas )'" in client.edoc(tml.M1)


def test_names_are_found_in_whatever_text() -> None:
    text = "ts_var(a) ts_var( b ) ${c} ${} ts_var(" + " " * 100_000 + "${d} ts_var(ts_var(e)"

    assert names_in(text) == {*"abcde", ""}
