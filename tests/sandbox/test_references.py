"""What references of imported objects mean."""

from __future__ import annotations

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client, code, message, status

BASE = (tml.connection(), tml.table())
M2 = "30000000-0000-4000-8000-000000000002"
T3 = "70000000-0000-4000-8000-000000000003"


def _source(client: Client, guid: str) -> str:
    """The GUID that an object's first reference resolved to."""
    return client.edoc(guid, export_fqn=True).split("fqn: ")[1].split("\n")[0]


def test_the_order_inside_a_batch_does_not_matter(client: Client) -> None:
    items = client.items(*reversed(tml.ESTATE))

    assert [status(item) for item in items] == ["OK"] * 5
    assert client.names() == ["By region", "ORDERS", "Overview", "Sales", "Warehouse"]


def test_tables_that_join_each_other_come_in_one_batch(client: Client) -> None:
    there = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]"))
    back = tml.table("LINES", tml.T2, tail=tml.join("ORDERS", "[LINES::ID] = [ORDERS::ID]"))

    items = client.items(tml.connection(), there, back, policy="ALL_OR_NONE")

    assert [status(item) for item in items] == ["OK"] * 3


def test_obj_id_is_stronger_than_fqn_and_name(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.table("OTHER", guid="", obj_id="other"))

    client.load(tml.model(tables=[f"name: ORDERS|fqn: {tml.T1}|obj_id: other"]))

    assert _source(client, tml.M1) == client.search(metadata=[{"obj_identifier": "other"}])[0]["metadata_id"]


def test_fqn_is_stronger_than_a_name(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.table("ORDERS", tml.T2, db_table="ORDERS_V2"))

    client.load(tml.model(tables=[f"name: ORDERS|fqn: {tml.T2}"]))

    assert _source(client, tml.M1) == tml.T2


def test_a_dead_fqn_falls_back_to_the_name_with_a_warning(client: Client) -> None:
    client.load(*BASE)

    (item,) = client.items(tml.model(tables=[f"name: ORDERS|fqn: {tml.NOWHERE}"]))

    assert status(item) == "WARNING"
    assert message(item) == f"Warning: No table with fqn {tml.NOWHERE} found for table_id ORDERS"
    assert _source(client, tml.M1) == tml.T1


def test_a_dead_obj_id_falls_back_to_the_name(client: Client) -> None:
    client.load(*BASE, tml.model(tables=["name: ORDERS|obj_id: nowhere"]))

    assert _source(client, tml.M1) == tml.T1


def test_a_name_in_the_batch_is_stronger_than_one_in_the_org(client: Client) -> None:
    client.load(*BASE)

    client.load(tml.table("ORDERS", tml.T2, db_table="ORDERS_V2"), tml.model())

    assert _source(client, tml.M1) == tml.T2


def test_a_name_that_two_tables_have_is_an_error(client: Client) -> None:
    client.load(*BASE, tml.table("ORDERS", tml.T2, db_table="ORDERS_V2"))

    (item,) = client.items(tml.model())

    assert message(item) == "Multiple tables have same name"


def test_a_model_may_be_called_like_its_table(client: Client) -> None:
    client.load(*BASE, tml.model("ORDERS"), tml.answer(source="id: ORDERS|name: ORDERS"))

    assert _source(client, tml.M1) == tml.T1
    assert _source(client, tml.A1) == tml.M1, "to a search the Model is meant"


def test_an_answer_on_a_name_of_two_models_is_an_error(client: Client) -> None:
    client.load(*BASE, tml.model(), tml.model(guid=M2))

    (item,) = client.items(tml.answer())

    assert status(item) == "ERROR"


def test_a_missing_table_of_a_model_is_named(client: Client) -> None:
    client.load(tml.connection())

    (item,) = client.items(tml.model())

    assert message(item) == "Error: Tables do not exist. - ORDERS"


def test_a_missing_table_with_a_dead_fqn_says_both(client: Client) -> None:
    (item,) = client.items(tml.model(tables=[f"name: ORDERS|fqn: {tml.NOWHERE}"]))

    assert message(item) == (
        "Error: Tables do not exist. - ORDERS<br/><br/>"
        f"Warning: No table with fqn {tml.NOWHERE} found for table_id ORDERS"
    )


def test_a_missing_connection(client: Client) -> None:
    (item,) = client.items(tml.table())

    assert message(item) == "Please ensure that connection name specified in TML file exists on this cluster"


def test_a_connection_by_fqn_whatever_its_name(client: Client) -> None:
    client.load(tml.connection("Lake"), tml.table(connected=f"name: Warehouse\n    fqn: {tml.C1}"))

    assert "name: Lake" in client.edoc(tml.T1)


def test_a_missing_source_of_an_answer_is_14500(client: Client) -> None:
    (item,) = client.items(tml.answer())

    assert code(item) == 14500
    assert message(item) == "Worksheet not found for referencedObjectId Sales, fqn , and name Sales"


def test_a_missing_source_of_a_visualization_names_it(client: Client) -> None:
    (item,) = client.items(tml.liveboard())

    assert code(item) == 14500
    assert message(item).startswith("Visualization <b> Chart Viz_1 </b> has following errors<br/>Worksheet not found")


def test_a_join_to_a_table_that_is_not_there_is_skipped_with_a_warning(client: Client) -> None:
    text = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]", fqn=tml.NOWHERE))

    _, item = client.items(tml.connection(), text)

    assert status(item) == "WARNING"
    assert message(item).startswith(
        f"to_LINES: Skipped relationship import as there are no tables with id {tml.NOWHERE} in Primary. "
    )
    assert "joins_with" not in client.edoc(tml.T1)


def test_only_the_join_that_leads_nowhere_is_skipped(client: Client) -> None:
    joins = tml.join("GONE", "[ORDERS::ID] = [GONE::ID]") + tml.join(
        "LINES", "[ORDERS::ID] = [LINES::ID]"
    ).removeprefix("  joins_with:\n")

    client.items(tml.connection(), tml.table("LINES", tml.T2), tml.table(tail=joins))

    kept = client.edoc(tml.T1, export_fqn=True)
    assert "GONE" not in kept
    assert f"      name: LINES\n      fqn: {tml.T2}\n" in kept


def test_a_guid_of_another_org_means_nothing(client: Client) -> None:
    (item,) = client.items(tml.table(connected=f"fqn: {tml.NOWHERE}"))

    assert status(item) == "ERROR"


def test_a_reference_by_obj_id_alone_gets_its_name(client: Client) -> None:
    client.load(tml.connection(obj_id="wh"), tml.table(connected="obj_id: wh"))

    assert "  connection:\n    name: Warehouse\n  columns:" in client.edoc(tml.T1)


def test_an_object_falls_with_what_it_stands_on(client: Client) -> None:
    items = client.items(tml.connection(), tml.table(columns=()), tml.model(), tml.answer(), tml.liveboard())

    assert [status(item) for item in items] == ["OK", "ERROR", "ERROR", "ERROR", "ERROR"]
    assert client.names() == ["Warehouse"]


def test_a_failed_update_leaves_what_stands_on_it(estate: Client) -> None:
    items = estate.items(tml.table(columns=()), tml.answer("Renamed"))

    assert [status(item) for item in items] == ["ERROR", "OK"]


def test_a_set_needs_worksheet_and_no_other_key(estate: Client) -> None:
    (item,) = estate.items(tml.cohort(key="model"))

    assert message(item) == "Invalid save request, Table cant be empty"


def test_a_set_stands_on_its_model(estate: Client) -> None:
    (guid,) = estate.load(tml.cohort())

    assert _source(estate, guid) == tml.M1


@pytest.mark.parametrize("viz", [tml.NOWHERE, tml.A1])
def test_an_alert_of_a_visualization_that_is_not_there_is_an_error(estate: Client, viz: str) -> None:
    (item,) = estate.items(tml.alert(tml.L1, viz))

    assert status(item) == "ERROR"


def test_an_alert_of_a_liveboard_that_is_not_there_is_an_error(estate: Client) -> None:
    (item,) = estate.items(tml.alert(tml.NOWHERE, tml.V1))

    assert status(item) == "ERROR"


def test_two_alerts_in_one_document_are_two_objects(estate: Client) -> None:
    both = tml.alert(tml.L1, tml.V1, name="One") + tml.alert(tml.L1, tml.V1, name="Two").removeprefix(
        "monitor_alert:\n"
    )

    estate.load(both)

    items = estate.export(tml.L1, export_associated=True)
    assert {item["info"]["name"] for item in items if item["info"]["type"] == "monitor_alert"} == {"One", "Two"}
