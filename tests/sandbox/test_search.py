"""metadata/search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms
from tests.sandbox.client import Client

ALL = ["By region", "ORDERS", "Overview", "Sales", "Warehouse"]


def _named(**entry: Any) -> dict[str, Any]:
    return {"metadata": [entry]}


def test_without_a_filter_it_finds_everything(estate: Client) -> None:
    assert estate.names() == ALL


def test_every_item_has_every_declared_key(estate: Client) -> None:
    estate.load(tml.cohort())

    conforms(estate.post("/metadata/search", {"record_size": -1}), "metadata_search")


def test_every_item_has_every_declared_key_when_everything_is_asked_for(estate: Client) -> None:
    asked = (
        "details",
        "dependent_objects",
        "hidden_objects",
        "auto_created_objects",
        "incomplete_objects",
        "visualization_headers",
        "stats",
    )

    found = conforms(estate.post("/metadata/search", {f"include_{name}": True for name in asked}), "metadata_search")

    assert all(item[key] is not None for item in found for key in ("incomplete_objects", "metadata_detail", "stats"))


@pytest.mark.parametrize("type_name", ["USER", "USER_GROUP", "TAG"])
def test_people_and_tags_are_found_by_type(estate: Client, type_name: str) -> None:
    estate.post("/tags/create", {"name": "release"})
    body = {"metadata": [{"type": type_name}]}

    assert conforms(estate.post("/metadata/search", body), "metadata_search")
    assert estate.names() == ALL


@pytest.mark.parametrize("identifier", [tml.M1, "Sales"])
def test_an_identifier_is_a_guid_or_a_name(estate: Client, identifier: str) -> None:
    assert estate.names(**_named(identifier=identifier)) == ["Sales"]


@pytest.mark.parametrize("identifier", ["sales", "Nothing", tml.NOWHERE])
def test_an_identifier_that_fits_nothing_finds_nothing(estate: Client, identifier: str) -> None:
    assert estate.names(**_named(identifier=identifier)) == []


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("s%", ["Sales"]), ("%OR%", ["ORDERS"]), ("_y%", ["By region"]), ("sales", ["Sales"]), ("100%", [])],
)
def test_a_name_pattern_is_like_without_case(estate: Client, pattern: str, names: list[str]) -> None:
    assert estate.names(**_named(name_pattern=pattern)) == names


@pytest.mark.parametrize(
    ("type_name", "names"),
    [
        ("LIVEBOARD", ["Overview"]),
        ("ANSWER", ["By region"]),
        ("LOGICAL_TABLE", ["ORDERS", "Sales"]),
        ("CONNECTION", ["Warehouse"]),
        ("TAG", []),
    ],
)
def test_a_type_filters(estate: Client, type_name: str, names: list[str]) -> None:
    assert estate.names(**_named(type=type_name)) == names


def test_a_subtype_filters(estate: Client) -> None:
    assert estate.names(**_named(type="LOGICAL_TABLE", subtypes=["WORKSHEET"])) == ["Sales"]


def test_entries_are_ored_and_their_fields_anded(estate: Client) -> None:
    entries = [{"identifier": "Sales", "type": "ANSWER"}, {"identifier": "ORDERS"}, {"type": "LIVEBOARD"}]

    assert estate.names(metadata=entries) == ["ORDERS", "Overview"]


def test_an_obj_identifier_finds_by_obj_id(client: Client) -> None:
    client.load(tml.connection(obj_id="Warehouse-1", guid=""))

    assert client.names(**_named(obj_identifier="Warehouse-1")) == ["Warehouse"]


def test_excluded_objects_are_left_out(estate: Client) -> None:
    assert "Sales" not in estate.names(exclude_objects=[{"identifier": tml.M1, "type": "LOGICAL_TABLE"}])


def test_a_tag_filters_by_name_or_guid(estate: Client) -> None:
    tag = estate.post("/tags/create", {"name": "release"}).json()
    estate.post("/tags/assign", {"metadata": [{"identifier": tml.M1}], "tag_identifiers": ["release"]})

    assert estate.names(tag_identifiers=["release"]) == ["Sales"]
    assert estate.names(tag_identifiers=[tag["id"]]) == ["Sales"]
    assert estate.names(tag_identifiers=["other"]) == []


@pytest.mark.parametrize(("user", "count"), [("tsadmin", 5), ("59481331-ee53-42be-a548-bd87be6ddd4a", 5), ("x", 0)])
def test_the_author_filters_by_name_or_guid(estate: Client, user: str, count: int) -> None:
    assert len(estate.search(created_by_user_identifiers=[user])) == count


def test_ten_records_are_a_page_unless_told(client: Client) -> None:
    client.load(*[tml.connection(f"W {number:02}", guid="") for number in range(12)])
    by_name = {"field_name": "NAME", "order": "ASC"}

    assert len(client.post("/metadata/search", {}).json()) == 10
    assert client.names(record_size=5, record_offset=10, sort_options=by_name) == ["W 10", "W 11"]
    assert len(client.search(record_size=-1)) == 12


def test_sorting_by_name_descending(estate: Client) -> None:
    found = estate.search(sort_options={"field_name": "NAME", "order": "DESC"})

    assert [item["metadata_name"] for item in found] == ["Warehouse", "Sales", "Overview", "ORDERS", "By region"]


def test_what_was_modified_last_comes_first(estate: Client) -> None:
    estate.load(tml.connection("Renamed"))

    assert estate.search()[0]["metadata_name"] == "Renamed"


def test_a_model_is_a_worksheet_of_version_two(estate: Client) -> None:
    header = estate.search(**_named(identifier="Sales"))[0]["metadata_header"]

    assert (header["type"], header["worksheetVersion"], header["subType"]) == ("WORKSHEET", "V2", "")
    assert header["owner"] == header["id"] == tml.M1
    assert header["dataSourceName"] == "Warehouse"
    assert header["orgIds"] == [0]
    assert (header["database_stripes"], header["schema_stripes"]) == (["DEV"], ["SALES"])


def test_a_liveboard_header_counts_its_visualizations(estate: Client) -> None:
    header = estate.search(**_named(type="LIVEBOARD"))[0]["metadata_header"]

    assert (header["totalContainerCount"], header["hasTabs"]) == (1, False)


def test_headers_carry_tags(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release", "color": "#ff78a9"})
    estate.post("/tags/assign", {"metadata": [{"identifier": tml.M1}], "tag_identifiers": ["release"]})

    tags = estate.search(**_named(identifier=tml.M1))[0]["metadata_header"]["tags"]

    assert [(tag["name"], tag["clientState"]) for tag in tags] == [("release", {"color": "#ff78a9"})]


def test_headers_may_be_left_out(estate: Client) -> None:
    assert all(item["metadata_header"] is None for item in estate.search(include_headers=False))


def test_details_of_a_table_say_where_its_data_is_and_its_columns(estate: Client) -> None:
    detail = estate.search(**_named(identifier="ORDERS"), include_details=True)[0]["metadata_detail"]

    mapping = detail["logicalTableContent"]["tableMappingInfo"]
    assert mapping == {"databaseName": "DEV", "schemaName": "SALES", "tableName": "ORDERS"}
    assert detail["dataSourceId"] == tml.C1
    assert [column["header"]["name"] for column in detail["columns"]] == ["ID", "AMOUNT", "REGION"]


def test_details_of_a_connection_list_its_tables(estate: Client) -> None:
    detail = estate.search(**_named(type="CONNECTION"), include_details=True)[0]["metadata_detail"]

    assert detail["logicalTableList"] == [{"header": {"id": tml.T1}}]
    assert detail["dataSourceContent"]["configuration"]["accountName"] == "acme"


def test_dependents_are_grouped_by_v1_type(estate: Client) -> None:
    found = estate.search(**_named(identifier=tml.M1), include_dependent_objects=True)[0]["dependent_objects"]

    groups = found[tml.M1]
    assert {key: [header["name"] for header in headers] for key, headers in groups.items()} == {
        "PINBOARD_ANSWER_BOOK": ["Overview"],
        "QUESTION_ANSWER_BOOK": ["By region"],
    }
    assert groups["PINBOARD_ANSWER_BOOK"][0]["type"] is None


def test_dependents_of_a_connection_are_not_available(estate: Client) -> None:
    found = estate.search(**_named(type="CONNECTION"), include_dependent_objects=True)

    assert found[0]["dependent_objects"] is None


def test_names_are_data_and_never_sql_or_patterns(client: Client) -> None:
    name = "x'); DROP TABLE objects; --"
    client.load(tml.connection(name))

    assert client.names(**_named(identifier=name)) == [name]
    assert client.names(**_named(name_pattern="%.*%")) == []
