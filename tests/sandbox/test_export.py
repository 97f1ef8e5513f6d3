"""metadata/tml/export: which objects, and which identities in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client


def _names(items: list[dict[str, Any]]) -> list[str]:
    return [item["info"]["name"] for item in items]


def test_an_item_has_info_and_edoc(estate: Client) -> None:
    item = estate.export(tml.M1)[0]

    assert item["info"] == {
        "name": "Sales",
        "filename": "Sales.model.tml",
        "status": {"status_code": "OK"},
        "type": "model",
        "id": tml.M1,
    }
    assert item["edoc"].startswith(f"guid: {tml.M1}\nmodel:\n")


def test_requested_objects_come_in_order_and_then_the_associated(estate: Client) -> None:
    items = estate.export(tml.L1, tml.A1, export_associated=True)

    assert _names(items) == ["Overview", "By region", "Sales", "ORDERS"]


def test_connections_come_along_only_when_asked_for(estate: Client) -> None:
    items = estate.export(tml.A1, export_associated=True, export_connection_as_dependent=True)

    assert _names(items) == ["By region", "Sales", "ORDERS", "Warehouse"]


def test_export_dependent_brings_the_tables_of_a_connection(estate: Client) -> None:
    assert _names(estate.export(tml.C1, export_dependent=True)) == ["Warehouse", "ORDERS"]


def test_json_is_the_default_and_keeps_types(estate: Client) -> None:
    response = estate.post("/metadata/tml/export", {"metadata": [{"identifier": tml.M1}], "formattype": "YAML"})

    edoc = json.loads(response.json()[0]["edoc"])
    assert edoc["guid"] == tml.M1
    assert edoc["model"]["columns"][0]["column_id"] == "ORDERS::ID"


def test_json_numbers_and_booleans_are_typed_and_quoted_text_is_not(client: Client) -> None:
    text = tml.table(tail='  properties:\n    flag: true\n    count: 12\n    ratio: 1.5\n    text: "12"\n    oper: =\n')
    client.load(tml.connection(), text)

    edoc = client.post("/metadata/tml/export", {"metadata": [{"identifier": tml.T1}]}).json()[0]["edoc"]

    properties = json.loads(edoc)["table"]["properties"]
    assert properties == {"flag": True, "count": 12, "ratio": 1.5, "text": "12", "oper": "="}


@pytest.mark.parametrize("identifier", [tml.NOWHERE, "No such name"])
def test_an_unknown_object_fails_the_whole_call_with_13003(estate: Client, identifier: str) -> None:
    body = {"metadata": [{"identifier": tml.M1}, {"identifier": identifier, "type": "LOGICAL_TABLE"}]}

    response = estate.post("/metadata/tml/export", body)

    assert response.status_code == 400
    debug = response.json()["error"]["message"]["debug"]
    assert debug["code"] == 13003
    assert json.loads(debug["debug"]) == [
        f"Metadata object not found corresponding to the metadata_identifier: {identifier}"
    ]


def test_a_name_needs_its_type(estate: Client) -> None:
    with_type = {"metadata": [{"identifier": "Sales", "type": "LOGICAL_TABLE"}]}
    without = {"metadata": [{"identifier": "Sales"}]}

    assert estate.post("/metadata/tml/export", with_type).status_code == 200
    assert estate.post("/metadata/tml/export", without).status_code == 400


def test_an_object_that_cannot_be_exported_is_an_error_item_without_edoc(estate: Client) -> None:
    body = {"metadata": [{"identifier": "tsadmin", "type": "USER"}, {"identifier": tml.M1}]}

    failed, good = estate.post("/metadata/tml/export", body).json()

    assert failed["info"]["status"]["status_code"] == "ERROR"
    assert failed["edoc"] is None
    assert good["info"]["status"]["status_code"] == "OK"


def test_export_fqn_adds_the_guid_behind_the_name(estate: Client) -> None:
    assert f"  - name: ORDERS\n    fqn: {tml.T1}\n" in estate.edoc(tml.M1, export_fqn=True)
    assert f"  - id: Sales\n    name: Sales\n    fqn: {tml.M1}\n" in estate.edoc(tml.A1, export_fqn=True)
    assert f"    name: Warehouse\n    fqn: {tml.C1}\n" in estate.edoc(tml.T1, export_fqn=True)


def test_without_export_fqn_there_is_none_even_if_it_was_imported(client: Client) -> None:
    client.load(tml.connection(), tml.table(connected=f"name: Warehouse\n    fqn: {tml.C1}"))

    assert "fqn" not in client.edoc(tml.T1)


def test_obj_ids_of_the_object_and_of_its_references(client: Client) -> None:
    client.load(tml.connection(obj_id="wh"), tml.table(obj_id="orders", guid=""), tml.model(obj_id="sales", guid=""))
    model = client.search(metadata=[{"obj_identifier": "sales"}])[0]["metadata_id"]
    options = {"include_guid": False, "include_obj_id": True, "include_obj_id_ref": True}

    edoc = client.edoc(model, export_options=options)

    assert edoc.startswith("obj_id: sales\nmodel:\n")
    assert "  - name: ORDERS\n    obj_id: orders\n  columns:" in edoc


def test_without_an_obj_id_the_guid_and_fqn_stand_in(estate: Client) -> None:
    options = {"include_guid": False, "include_obj_id": True, "include_obj_id_ref": True}

    edoc = estate.edoc(tml.M1, export_options=options)

    assert edoc.startswith(f"guid: {tml.M1}\nmodel:\n")
    assert f"  - name: ORDERS\n    fqn: {tml.T1}\n  columns:" in edoc


def test_neither_guid_nor_obj_id_when_neither_is_asked_for(estate: Client) -> None:
    assert estate.edoc(tml.M1, export_options={"include_guid": False}).startswith("model:\n")


def test_a_renamed_connection_shows_its_new_name(estate: Client) -> None:
    estate.load(tml.connection("Lake"))

    assert "  connection:\n    name: Lake\n" in estate.edoc(tml.T1)


def test_a_renamed_model_shows_its_new_name_and_keeps_the_alias(estate: Client) -> None:
    estate.load(tml.model("Revenue"))

    assert "- id: Sales\n    name: Revenue\n" in estate.edoc(tml.A1)


def test_sets_that_an_answer_uses_are_associated(estate: Client) -> None:
    estate.load(tml.cohort("Big ones"))
    estate.load(tml.answer("Bigs", guid="", query="[AMOUNT] [Big ones]"))
    bigs = estate.search(metadata=[{"identifier": "Bigs"}])[0]["metadata_id"]

    assert set(_names(estate.export(bigs, export_associated=True))) == {"Bigs", "Sales", "ORDERS", "Big ones"}


def test_alerts_that_hang_on_a_liveboard_are_associated(estate: Client) -> None:
    estate.load(tml.alert(tml.L1, tml.V1))

    assert "Falling" in _names(estate.export(tml.L1, export_associated=True))


def test_a_set_is_exported_as_logical_column(estate: Client) -> None:
    guid = estate.load(tml.cohort())[0]
    body = {"metadata": [{"identifier": guid, "type": "LOGICAL_COLUMN"}], "edoc_format": "YAML"}

    assert estate.post("/metadata/tml/export", body).json()[0]["edoc"].startswith(f"guid: {guid}\ncohort:\n")
