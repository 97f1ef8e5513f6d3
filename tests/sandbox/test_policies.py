"""PARTIAL, ALL_OR_NONE, VALIDATE_ONLY, PARTIAL_OBJECT; and what an item answers."""

from __future__ import annotations

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client, code, guid, message, status
from tsdeploy.sandbox import Cluster

BAD = "this: [is no TML"


def test_text_that_is_no_tml_fails_alone(client: Client) -> None:
    items = client.items(BAD, tml.connection())

    assert [status(item) for item in items] == ["ERROR", "OK"]
    assert message(items[0]) == "Invalid YAML/JSON syntax in file."
    assert code(items[0]) == 0


@pytest.mark.parametrize("text", ["", "just text", "- a\n- b\n", "future_kind:\n  name: x\n", "table: 1\nmodel: 2\n"])
def test_everything_that_is_no_object_is_a_syntax_error(client: Client, text: str) -> None:
    assert message(client.items(text)[0]) == "Invalid YAML/JSON syntax in file."


def test_partial_is_the_default_and_writes_what_is_good(client: Client) -> None:
    response = client.post("/metadata/tml/import", {"metadata_tmls": [BAD, tml.connection()]})

    assert response.status_code == 200
    assert client.names() == ["Warehouse"]


def test_all_or_none_writes_nothing_and_siblings_say_ok_with_a_guid(client: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    items = client.items(tml.connection(), BAD, policy="ALL_OR_NONE")

    assert [status(item) for item in items] == ["OK", "ERROR"]
    assert guid(items[0]) == tml.C1
    assert cluster.database.dump() == before


def test_all_or_none_writes_all_when_all_are_good(client: Client) -> None:
    client.items(*tml.ESTATE, policy="ALL_OR_NONE")

    assert len(client.names()) == 5


def test_validate_only_writes_nothing_and_says_what_an_import_would(client: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    validated = client.items(*tml.ESTATE, policy="VALIDATE_ONLY")

    assert cluster.database.dump() == before
    imported = client.items(*tml.ESTATE, policy="ALL_OR_NONE")
    assert [guid(item) for item in validated] == [guid(item) for item in imported]
    assert [status(item) for item in validated] == ["OK"] * 5


def test_validate_only_gives_a_guid_that_is_not_kept(client: Client) -> None:
    (item,) = client.items(tml.connection(guid=""), policy="VALIDATE_ONLY")

    assert client.search(metadata=[{"identifier": guid(item)}]) == []


def test_validate_only_of_an_update_changes_nothing(estate: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    estate.items(tml.connection("Lake"), tml.liveboard("Other", vizzes=()), policy="VALIDATE_ONLY")

    assert cluster.database.dump() == before


TWO = (("Viz_1", "[AMOUNT]", tml.V1), ("Viz_2", "[No such column]", ""))


def test_a_bad_visualization_fails_the_liveboard_under_partial(estate: Client) -> None:
    (item,) = estate.items(tml.liveboard(vizzes=TWO))

    assert status(item) == "ERROR"
    assert message(item) == (
        "Visualization <b> Chart Viz_2 </b> has following errors<br/>"
        'Search did not find "No such column" in your data or metadata.'
    )


def test_a_bad_visualization_is_dropped_with_its_tile_under_partial_object(estate: Client) -> None:
    text = tml.liveboard(vizzes=TWO, tail=tml.layout("Viz_1", "Viz_2"))

    (item,) = estate.items(text, policy="PARTIAL_OBJECT")

    assert status(item) == "WARNING"
    kept = estate.edoc(tml.L1)
    assert "Viz_2" not in kept
    assert kept == tml.liveboard(tail=tml.layout("Viz_1"))


def test_a_group_goes_with_its_last_visualization(estate: Client) -> None:
    group = "  groups:\n  - id: Group_1\n    name: G\n    visualizations:\n    - Viz_2\n"

    (item,) = estate.items(tml.liveboard(vizzes=TWO, tail=group), policy="PARTIAL_OBJECT")

    assert message(item).endswith("Group was dropped because it has no valid visualizations")
    assert "groups" not in estate.edoc(tml.L1)


def test_references_behind_a_dropped_visualization_stay_right(estate: Client) -> None:
    three = (("Viz_1", "[Nothing]", ""), ("Viz_2", "[AMOUNT]", ""))

    estate.items(tml.liveboard(vizzes=three), policy="PARTIAL_OBJECT")

    assert estate.edoc(tml.L1, export_fqn=True).count(f"fqn: {tml.M1}") == 1


def test_a_bad_join_is_dropped_under_partial_object(client: Client) -> None:
    text = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]", kind="FULL_OUTER"))

    *_, item = client.items(tml.connection(), tml.table("LINES", tml.T2), text, policy="PARTIAL_OBJECT")

    assert status(item) == "WARNING"
    assert "joins_with" not in client.edoc(tml.T1)


def test_security_rules_with_a_missing_table_are_dropped_under_partial_object(client: Client) -> None:
    rules = """  rls_rules:
    tables:
    - name: NOWHERE
    rules:
    - name: r
      expr: "[NOWHERE::ID] = ts_username"
"""
    client.load(tml.connection())

    assert status(client.items(tml.table(tail=rules))[0]) == "ERROR"
    assert status(client.items(tml.table(tail=rules), policy="PARTIAL_OBJECT")[0]) == "WARNING"
    assert client.edoc(tml.T1) == tml.table()


def test_unchanged_text_is_ok_and_not_modified(estate: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    items = estate.items(*tml.ESTATE)

    assert [status(item) for item in items] == ["OK"] * 5
    assert cluster.database.dump() == before


def test_skip_diff_check_writes_unchanged_text(estate: Client) -> None:
    before = estate.search(metadata=[{"identifier": tml.C1}])[0]["metadata_header"]["modified"]

    estate.items(tml.connection(), skip_diff_check=True)

    assert estate.search(metadata=[{"identifier": tml.C1}])[0]["metadata_header"]["modified"] > before


def test_the_header_has_the_fields_that_clients_need(estate: Client) -> None:
    (item,) = estate.items(tml.model(), skip_diff_check=True)

    header = item["response"]["header"]
    assert header["metadata_type"] == "LOGICAL_TABLE"
    assert (header["type"], header["worksheet_version"]) == ("WORKSHEET", "V2")
    assert header["owner_guid"] == header["id_guid"] == tml.M1
    assert header["author_name"] == "tsadmin"
    assert "objId" in header


@pytest.mark.parametrize(
    ("number", "metadata_type"),
    [(0, "DATA_SOURCE"), (1, "LOGICAL_TABLE"), (3, "QUESTION_ANSWER_BOOK"), (4, "PINBOARD_ANSWER_BOOK")],
)
def test_the_header_names_types_as_v1_does(client: Client, number: int, metadata_type: str) -> None:
    assert client.items(*tml.ESTATE)[number]["response"]["header"]["metadata_type"] == metadata_type


def test_only_updates_have_a_diff(client: Client) -> None:
    created = client.items(tml.connection(), tml.table())[1]["response"]
    (updated,) = client.items(tml.table(columns=("ID", "AMOUNT", "REGION", "NEW")))

    assert "diff" not in created
    assert updated["response"]["diff"] == {"columns_added": 1}
