"""Deleting objects and changing obj_ids."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.sandbox import Cluster


def _delete(client: Client, *guids: str) -> requests.Response:
    return client.post("/metadata/delete", {"metadata": [{"identifier": guid} for guid in guids]})


def _debug(response: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = response.json()["error"]["message"]["debug"]
    return found


def test_an_object_nobody_needs_is_deleted(estate: Client) -> None:
    response = _delete(estate, tml.L1)

    assert (response.status_code, response.content) == (204, b"")
    assert "Overview" not in estate.names()


def test_one_missing_object_and_nothing_is_deleted(estate: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    response = _delete(estate, tml.L1, tml.NOWHERE)

    assert response.status_code == 400
    assert _debug(response)["code"] == 13003
    assert cluster.database.dump() == before


def test_an_object_that_others_need_stays(estate: Client) -> None:
    response = _delete(estate, tml.L1, tml.T1)

    assert response.status_code == 400
    said = json.loads(_debug(response)["debug"])[0]
    assert said.startswith("Operation Unsuccessful. Following objects have dependents present: {")
    assert tml.M1 in said
    assert len(estate.names()) == 5


def test_objects_that_need_only_each_other_go_together(estate: Client) -> None:
    assert _delete(estate, tml.T1, tml.M1, tml.A1, tml.L1).status_code == 204
    assert estate.names() == ["Warehouse"]


def test_a_connection_cannot_be_deleted_here(estate: Client) -> None:
    response = estate.post("/metadata/delete", {"metadata": [{"identifier": tml.C1, "type": "CONNECTION"}]})

    assert response.status_code == 400


def test_a_deleted_tables_place_is_free_again(client: Client) -> None:
    client.load(tml.connection(), tml.table())
    _delete(client, tml.T1)

    client.load(tml.table(guid=""))

    assert client.names() == ["ORDERS", "Warehouse"]


def _set(client: Client, *mappings: dict[str, str]) -> requests.Response:
    return client.post("/metadata/update-obj-id", {"metadata": list(mappings)})


def test_an_obj_id_is_set_by_guid(estate: Client) -> None:
    assert _set(estate, {"metadata_identifier": tml.M1, "new_obj_id": "sales"}).status_code == 204
    assert estate.search(metadata=[{"obj_identifier": "sales"}])[0]["metadata_id"] == tml.M1


def test_an_obj_id_is_changed_by_name_and_type_or_by_the_old_one(estate: Client) -> None:
    by_name = {"metadata_identifier": "Warehouse", "type": "DATA_SOURCE", "new_obj_id": "wh"}

    assert _set(estate, by_name).status_code == 204
    assert _set(estate, {"current_obj_id": "wh", "new_obj_id": "warehouse"}).status_code == 204
    assert estate.names(metadata=[{"obj_identifier": "warehouse"}]) == ["Warehouse"]


def test_a_duplicate_obj_id_is_500_with_code_14009_and_nothing_changes(estate: Client, cluster: Cluster) -> None:
    _set(estate, {"metadata_identifier": tml.M1, "new_obj_id": "sales"})
    before = cluster.database.dump()

    response = _set(
        estate,
        {"metadata_identifier": tml.T1, "new_obj_id": "orders"},
        {"metadata_identifier": tml.A1, "new_obj_id": "sales"},
    )

    assert response.status_code == 500
    assert _debug(response)["code"] == 14009
    assert "DUPLICATE_CUSTOM_OBJECT_ID" in _debug(response)["debug"]
    assert cluster.database.dump() == before


def test_an_obj_id_moves_to_another_object_in_two_calls_and_dependents_stay(estate: Client) -> None:
    _set(estate, {"metadata_identifier": tml.M1, "new_obj_id": "sales"})
    _set(estate, {"metadata_identifier": tml.M1, "new_obj_id": "old"})
    _set(estate, {"metadata_identifier": tml.T1, "new_obj_id": "sales"})

    options = {"include_obj_id_ref": True}
    assert "obj_id: old" in estate.edoc(tml.A1, export_options=options)


def test_guid_and_old_obj_id_together_are_400(estate: Client) -> None:
    response = _set(estate, {"metadata_identifier": tml.M1, "current_obj_id": "x", "new_obj_id": "y"})

    assert response.status_code == 400


def test_a_single_mapping_instead_of_a_list(estate: Client) -> None:
    body = {"metadata": {"metadata_identifier": tml.M1, "new_obj_id": "sales"}}

    assert estate.post("/metadata/update-obj-id", body).status_code == 204
