"""Listings, details, tags, dependencies and permissions in V1."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty
from tests.sandbox.client import Client
from tests.sandbox.v1.client import V1Client, refused
from tsdeploy.sandbox import Server


def names(v1: V1Client, **query: Any) -> list[str]:
    """The names of what a listing shows."""
    return [header["name"] for header in conforms(v1.get("metadata/listobjectheaders", **query), "v1_headers")]


def test_headers_are_a_bare_array_and_lists_have_an_envelope(v1: V1Client, estate: Client) -> None:
    query = {"type": "LOGICAL_TABLE", "sort": "NAME", "sortascending": "true", "offset": -1, "batchsize": -1}

    listed = conforms(v1.get("metadata/list", **query), "v1_list")

    assert [header["name"] for header in listed["headers"]] == names(v1, **query) == ["ORDERS", "Sales"]
    assert listed["isLastBatch"] is True


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "LOGICAL_TABLE", "subtypes": '["WORKSHEET"]'}, ["Sales"]),
        ({"type": "LOGICAL_TABLE", "subtypes": "['WORKSHEET']"}, ["Sales"]),
        ({"type": "LOGICAL_TABLE", "subtypes": "WORKSHEET"}, ["Sales"]),
        ({"type": "LOGICAL_TABLE", "pattern": "%ord%"}, ["ORDERS"]),
        ({"type": "LOGICAL_TABLE", "pattern": "ord"}, ["ORDERS"]),
        ({"type": "LOGICAL_TABLE", "fetchids": json.dumps([tml.T1])}, ["ORDERS"]),
        ({"type": "LOGICAL_TABLE", "skipids": str([tml.T1])}, ["Sales"]),
        ({"type": "LOGICAL_TABLE", "batchsize": 1, "offset": 1, "sort": "NAME"}, ["Sales"]),
        ({"type": "PINBOARD_ANSWER_BOOK"}, ["Overview"]),
        ({"type": "QUESTION_ANSWER_BOOK"}, ["By region"]),
        ({"type": "DATA_SOURCE", "category": "MY"}, ["Warehouse"]),
        ({"type": "DATA_SOURCE", "authorguid": tml.NOWHERE}, []),
        ({"type": "TAG"}, []),
    ],
)
def test_filters(query: dict[str, Any], found: list[str], v1: V1Client, estate: Client) -> None:
    assert names(v1, **query) == found


def test_a_bad_type_is_500_and_a_bad_list_400(v1: V1Client) -> None:
    refused(v1.get("metadata/list", type="LIVEBOARD_BOOK"), 500, 10000)
    refused(v1.get("metadata/list", type="LOGICAL_TABLE", subtypes="['WORK"), 400, 10002)
    refused(v1.get("metadata/list", type="LOGICAL_TABLE", batchsize="many"), 400, 10002)


def test_an_address_that_is_too_long_is_414(v1: V1Client) -> None:
    ids = json.dumps([tml.T1] * 300)

    assert v1.get("security/metadata/permissions", type="LOGICAL_TABLE", id=ids).status_code == 414


def test_details_have_what_libraries_read(v1: V1Client, estate: Client) -> None:
    def storable(kind: str, guid: str) -> dict[str, Any]:
        answer = conforms(v1.get("metadata/details", type=kind, id=json.dumps([guid]), version="-1"), "v1_storables")
        (found,) = answer["storables"]
        shown: dict[str, Any] = found
        return shown

    connection = storable("DATA_SOURCE", tml.C1)
    assert connection["dataSourceContent"]["configuration"]["accountName"] == "acme"
    assert (connection["header"]["name"], connection["type"]) == ("Warehouse", "RDBMS_SNOWFLAKE")
    assert storable("LOGICAL_TABLE", tml.T1)["logicalTableContent"]["tableMappingInfo"]["schemaName"] == "SALES"
    sheet = storable("PINBOARD_ANSWER_BOOK", tml.L1)["reportContent"]["sheets"][0]
    assert [viz["header"]["id"] for viz in sheet["sheetContent"]["visualizations"]] == [tml.V1]
    refused(v1.get("metadata/details", type="LOGICAL_TABLE", id=json.dumps([tml.NOWHERE])), 400, 13003)
    refused(v1.get("metadata/details", type="LOGICAL_TABLE"), 400, 10002)


def test_tags_are_put_on_objects_by_lists_that_belong_together(v1: V1Client, estate: Client) -> None:
    guid = estate.post("/tags/create", {"name": "release"}).json()["id"]
    form = {
        "id": json.dumps([tml.L1, tml.A1]),
        "type": json.dumps(["PINBOARD_ANSWER_BOOK", "QUESTION_ANSWER_BOOK"]),
        "tagname": '["release"]',
    }

    empty(v1.post("metadata/assigntag", **form))

    assert estate.names(tag_identifiers=["release"]) == ["By region", "Overview"]
    assert names(v1, type="PINBOARD_ANSWER_BOOK", tagname="['release']") == ["Overview"]
    empty(v1.post("metadata/unassigntag", id=f'["{tml.L1}"]', type='["PINBOARD_ANSWER_BOOK"]', tagid=f'["{guid}"]'))
    assert estate.names(tag_identifiers=["release"]) == ["By region"]
    refused(v1.post("metadata/assigntag", **{**form, "type": '["A", "B", "C"]'}), 400, 10002)


def test_deleting_is_not_public_and_takes_connections(v1: V1Client, client: Client) -> None:
    client.load(tml.connection())
    form = {"type": "DATA_SOURCE", "id": json.dumps([tml.C1]), "includeddisabled": "false"}

    empty(v1.call("POST", "metadata/delete", public=False, data=form))

    assert client.names() == []


def test_what_others_need_is_not_deleted(v1: V1Client, estate: Client) -> None:
    form = {"type": "DATA_SOURCE", "id": json.dumps([tml.C1])}

    refused(v1.call("POST", "metadata/delete", public=False, data=form), 400, 10002)


def test_dependents_by_object(v1: V1Client, estate: Client) -> None:
    form = {"type": "LOGICAL_TABLE", "id": json.dumps([tml.M1, tml.T1]), "batchsize": "-1"}

    found = conforms(v1.post("dependency/listdependents", **form), "v1_dependents")

    assert [header["name"] for header in found[tml.T1]["LOGICAL_TABLE"]] == ["Sales"]
    assert {kind: len(headers) for kind, headers in found[tml.M1].items()} == {
        "PINBOARD_ANSWER_BOOK": 1,
        "QUESTION_ANSWER_BOOK": 1,
    }
    assert conforms(v1.get("dependency/logicaltable", id=json.dumps([tml.T1])), "v1_dependents") == {
        tml.T1: found[tml.T1]
    }
    assert conforms(v1.get("dependency/pinboard", ids=json.dumps([tml.L1])), "v1_dependents") == {}
    assert conforms(v1.get("dependency/logicalrelationship", id=json.dumps([tml.L1])), "v1_dependents") == {}


def test_dependents_by_column(v1: V1Client, estate: Client) -> None:
    details = v1.get("metadata/details", type="LOGICAL_TABLE", id=json.dumps([tml.M1])).json()
    ids = {column["header"]["name"]: column["header"]["id"] for column in details["storables"][0]["columns"]}

    found = conforms(v1.get("dependency/logicalcolumn", id=json.dumps(list(ids.values()))), "v1_dependents")

    users = {
        name: sorted(header["name"] for headers in found.get(guid, {}).values() for header in headers)
        for name, guid in ids.items()
    }
    assert users == {"ID": [], "AMOUNT": ["By region", "Overview"], "REGION": ["By region"]}
    form = {"type": "LOGICAL_COLUMN", "id": json.dumps(list(ids.values()))}
    assert v1.post("dependency/listdependents", **form).json() == found


@pytest.mark.parametrize("path", ["logicaltable", "logicalcolumn", "logicalrelationship"])
def test_no_id_is_500_and_a_bad_one_400(path: str, v1: V1Client) -> None:
    refused(v1.get(f"dependency/{path}"), 500, 10000)
    refused(v1.get(f"dependency/{path}", id='["x"]'), 400, 10002)


def test_permissions_of_several_objects_and_of_one(v1: V1Client, estate: Client) -> None:
    query = {"type": "LOGICAL_TABLE", "dependentshare": "false", "permissiontype": "EFFECTIVE"}

    found = conforms(
        v1.get("security/metadata/permissions", id=json.dumps([tml.M1, tml.T1]), **query), "v1_permissions"
    )

    assert set(found) == {tml.M1, tml.T1}
    assert {each["shareMode"] for each in found[tml.M1]["permissions"].values()} == {"MODIFY"}
    one = conforms(v1.get(f"security/metadata/{tml.M1}/permissions", **query), "v1_object_permissions")
    assert one == found[tml.M1]


def test_a_connection_lists_its_tables(v1: V1Client, estate: Client) -> None:
    query = {"sort": "MODIFIED", "sortascending": "true", "showhidden": "false"}

    found = v1.call("GET", f"connection/detail/{tml.C1}", public=False, params=query).json()
    none = v1.call("GET", f"connection/detail/{tml.C1}", public=False, params={**query, "pattern": "%x%"}).json()

    assert [table["header"]["name"] for table in found["logicalTableList"]] == ["ORDERS"]
    assert none["logicalTableList"] == []


def test_a_route_that_is_not_there_is_404(v1: V1Client, server: Server) -> None:
    assert v1.get("metadata/nothing").status_code == 404
