"""Feedback, column aliases and column security rules: what hangs on another object."""

from __future__ import annotations

from tests.sandbox import tml
from tests.sandbox.client import Client, code, guid, message, status

BASE = (tml.connection(), tml.table(), tml.model(tail=tml.SPOTTER))


def _exported(client: Client, model: str = tml.M1) -> str:
    body = {"metadata": [{"identifier": model, "type": "FEEDBACK"}], "edoc_format": "YAML"}
    response = client.post("/metadata/tml/export", body)
    assert response.status_code == 200, response.text
    return str(response.json()[0]["edoc"])


def test_feedback_in_the_call_that_creates_its_model_is_14500(client: Client) -> None:
    items = client.items(*BASE, tml.feedback("how much"))

    assert [status(item) for item in items] == ["OK", "OK", "OK", "ERROR"]
    assert code(items[-1]) == 14500


def test_feedback_on_a_model_without_spotter_is_14531(estate: Client) -> None:
    assert code(estate.items(tml.feedback("how much"))[0]) == 14531


def test_feedback_is_exported_by_its_models_guid(client: Client) -> None:
    client.load(*BASE)
    client.load(tml.feedback("how much"))

    assert _exported(client) == tml.feedback("how much")


def test_feedback_by_the_models_obj_id(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.model(guid="", obj_id="sales", tail=tml.SPOTTER))
    client.load(tml.feedback("how much", guid="", obj_id="sales"))
    model = client.search(metadata=[{"obj_identifier": "sales"}])[0]["metadata_id"]

    assert _exported(client, model) == tml.feedback("how much", guid=model)


def test_a_model_without_feedback_is_400_with_code_10002(client: Client) -> None:
    client.load(*BASE)

    response = client.post("/metadata/tml/export", {"metadata": [{"identifier": tml.M1, "type": "FEEDBACK"}]})

    assert response.status_code == 400
    assert response.json()["error"]["message"]["code"] == 10002


def test_more_feedback_is_added_and_the_same_phrase_is_not_doubled(client: Client) -> None:
    client.load(*BASE)
    (first,) = client.items(tml.feedback("how much", "how many"))

    changed = tml.feedback("how many", "how long").replace("[AMOUNT]", "[REGION]")
    (second,) = client.items(changed)

    assert guid(second) == guid(first)
    merged = _exported(client)
    assert merged.count("feedback_phrase") == 3
    assert (
        'id: "2"\n    type: REFERENCE_QUESTION\n    feedback_phrase: how many\n    search_tokens: "[REGION]"' in merged
    )
    assert 'id: "3"\n    type: REFERENCE_QUESTION\n    feedback_phrase: how long\n' in merged


def test_one_phrase_of_another_type_is_another_entry(client: Client) -> None:
    client.load(*BASE)
    client.load(tml.feedback("revenue"))
    client.load(tml.feedback("revenue", kind="BUSINESS_TERM"))

    assert _exported(client).count("feedback_phrase: revenue") == 2


def test_feedback_comes_along_when_asked_for(client: Client) -> None:
    client.load(*BASE)
    client.load(tml.feedback("how much"))

    items = client.export(tml.M1, export_options={"export_with_associated_feedbacks": True})

    assert [item["info"]["type"] for item in items] == ["model", "nls_feedback"]


def test_feedback_goes_with_its_model(client: Client) -> None:
    client.load(*BASE)
    client.load(tml.feedback("how much"))

    response = client.post("/metadata/delete", {"metadata": [{"identifier": tml.M1}]})

    assert response.status_code == 204
    client.load(tml.model(tail=tml.SPOTTER))
    export = {"metadata": [{"identifier": tml.M1, "type": "FEEDBACK"}]}
    assert client.post("/metadata/tml/export", export).status_code == 400


def test_column_aliases_of_a_model_are_replaced(estate: Client) -> None:
    alias = "column_alias:\n  name: Sales\n  model:\n    name: Sales\n  columns:\n  - name: AMOUNT\n    alias: {}\n"

    first = estate.load(alias.format("Umsatz"))
    second = estate.load(alias.format("Montant"))

    assert first == second
    items = estate.export(tml.M1, export_options={"export_with_column_aliases": True})
    assert "Montant" in items[1]["edoc"]


def test_column_security_rules_of_a_table_that_is_not_there_are_14502(client: Client) -> None:
    rules = "column_security_rules:\n  name: CSR\n  table:\n    name: T2_PUBLISH\n"

    (item,) = client.items(rules)

    assert (code(item), message(item)) == (14502, "Referenced table with name T2_PUBLISH not found.")
