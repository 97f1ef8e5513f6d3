"""What an export does beside the plain case: marks, access, feedback, aliases and rules, schema versions, batches."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user, admin, share
from tsdeploy.sandbox import org_id_of

RULES = """column_security_rules:
  table:
    name: ORDERS
  rules:
  - column_name: AMOUNT
"""
ALIAS = "column_alias:\n  model:\n    name: Sales\n  columns:\n  - name: AMOUNT\n"


def exported(client: Client, *guids: str, **body: Any) -> list[tuple[str, str]]:
    """Type and status of each item of an export."""
    wanted = {"metadata": [{"identifier": guid} for guid in guids], "edoc_format": "YAML", **body}
    items = conforms(client.post("/metadata/tml/export", wanted), "tml_export")
    return [(item["info"].get("type", ""), item["info"]["status"]["status_code"]) for item in items]


def mark(client: Client, guid: str, *marks: str) -> None:
    """Mark an object."""
    admin(client, "POST", "/objects/mark", {"identifier": guid, "marks": list(marks)})


def test_an_object_that_cannot_be_written_out_fails_the_whole_call(estate: Client) -> None:
    mark(estate, tml.M1, "UNSERIALISABLE")
    body = {"metadata": [{"identifier": tml.T1}, {"identifier": tml.M1}]}

    refused(estate.post("/metadata/tml/export", body), 500, 10000, "No value present")
    refused(
        estate.post("/metadata/tml/export", {"metadata": [{"identifier": tml.A1}], "export_associated": True}),
        500,
        10000,
    )
    assert exported(estate, tml.T1) == [("table", "OK")]


def test_an_object_in_a_bad_state_fails_its_own_item(estate: Client) -> None:
    mark(estate, tml.M1, "INVALID_STATE")

    assert exported(estate, tml.T1, tml.M1) == [("table", "OK"), ("", "ERROR")]


def test_what_the_caller_does_not_see_fails_its_own_item(estate: Client, log_in_as: Callable[..., Client]) -> None:
    add_group(estate, "exporters", "DATADOWNLOADING")
    anna = add_user(estate, "anna", groups=["exporters"])
    share(estate, tml.A1, anna)

    found = exported(log_in_as("anna"), tml.A1, tml.M1)

    assert found == [("answer", "OK"), ("", "ERROR")]


def test_feedback_aliases_and_rules_come_along_when_asked_for(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.model(tail=tml.SPOTTER))
    client.load(tml.feedback("How much?"), ALIAS, RULES)
    options = {
        "export_with_associated_feedbacks": True,
        "export_with_column_aliases": True,
        "export_column_security_rules": True,
    }

    alone = exported(client, tml.M1, export_options=options)
    associated = exported(client, tml.M1, export_options=options, export_associated=True)

    assert {kind for kind, _ in alone} == {"model", "nls_feedback", "column_alias"}
    assert {kind for kind, _ in associated} == {
        "model",
        "nls_feedback",
        "column_alias",
        "table",
        "column_security_rules",
    }


def test_all_orgs_finds_an_object_in_another_org(estate: Client, log_in: Callable[[int], Client]) -> None:
    there = log_in(org_id_of(ORG))

    assert exported(there, tml.M1, all_orgs_override=True) == [("model", "OK")]
    refused(there.post("/metadata/tml/export", {"metadata": [{"identifier": tml.M1}]}), 400, 13003)


WORKSHEET = f"""guid: {tml.M1}
worksheet:
  name: Sales
  tables:
  - name: ORDERS
  - name: LINES
  joins:
  - name: to_LINES
    source: ORDERS
    destination: LINES
    type: LEFT_OUTER
  table_paths:
  - id: ORDERS_1
    table: ORDERS
    join_path:
    - {{}}
  - id: LINES_1
    table: LINES
    join_path:
    - join:
      - to_LINES
  formulas:
  - name: Twice
    expr: "[ORDERS_1::AMOUNT] * 2"
  - name: More
    expr: "[Twice] + 1"
  worksheet_columns:
  - name: Region
    column_id: LINES_1::REGION
  - name: Twice
    formula_id: Twice
"""
MODEL = f"""guid: {tml.M1}
model:
  name: Sales
  model_tables:
  - name: ORDERS
    joins:
    - with: LINES
      referencing_join: to_LINES
  - name: LINES
  formulas:
  - id: formula_Twice
    name: Twice
    expr: '[ORDERS::AMOUNT] * 2'
  - id: formula_More
    name: More
    expr: '[formula_Twice] + 1'
  columns:
  - name: Region
    column_id: LINES::REGION
  - name: Twice
    formula_id: formula_Twice
"""


@pytest.fixture
def legacy(client: Client) -> Client:
    """A client of a cluster with a worksheet on two joined tables."""
    orders = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]"))
    client.load(tml.connection(), tml.table("LINES", tml.T2), orders, WORKSHEET)
    return client


def test_a_worksheet_stays_one_by_default(legacy: Client) -> None:
    assert legacy.edoc(tml.M1) == WORKSHEET
    assert legacy.edoc(tml.M1, export_schema_version="V1") == WORKSHEET


def test_schema_version_2_shows_a_worksheet_as_a_model(legacy: Client) -> None:
    assert exported(legacy, tml.M1, export_schema_version="V2") == [("model", "OK")]
    assert legacy.edoc(tml.M1, export_schema_version="V2") == MODEL


def test_the_model_of_a_worksheet_can_be_imported_in_its_place(legacy: Client) -> None:
    legacy.load(MODEL)

    assert legacy.edoc(tml.M1) == MODEL


@pytest.mark.parametrize(("kind", "word"), [("USER", "user"), ("USER_GROUP", "group"), ("ROLE", "role")])
def test_a_batch_has_users_groups_or_roles(client: Client, kind: str, word: str) -> None:
    answer = conforms(client.post("/metadata/tml/export/batch", {"metadata_type": kind}), "tml_export_batch")

    assert {item["info"]["type"] for item in answer["data"]["result"]} <= {word}
    assert answer["data"]["isLastBatch"]


def test_batches_follow_each_other(client: Client) -> None:
    for name in ("anna", "bela", "carl"):
        add_user(client, name)
    seen: list[str] = []
    last = False
    while not last:
        body = {"metadata_type": "USER", "batch_size": 2, "batch_offset": len(seen)}
        data = conforms(client.post("/metadata/tml/export/batch", body), "tml_export_batch")["data"]
        assert data["batch_offset"] == str(len(seen))
        seen += [item["info"]["name"] for item in data["result"]]
        last = data["isLastBatch"]

    assert seen == sorted(seen)
    assert {"anna", "bela", "carl"} <= set(seen)


def test_a_user_in_a_batch_says_its_groups(client: Client) -> None:
    add_group(client, "analysts")
    add_user(client, "anna", groups=["analysts"], email="anna@harborpine.example")
    data = client.post("/metadata/tml/export/batch", {"metadata_type": "USER", "batch_size": 200}).json()["data"]

    (edoc,) = [json.loads(item["edoc"]) for item in data["result"] if item["info"]["name"] == "anna"]
    assert edoc["user_object"]["email"] == "anna@harborpine.example"
    assert {"name": "analysts"} in edoc["user_object"]["groups"]


@pytest.mark.parametrize("size", [0, 201])
def test_a_batch_has_at_most_200(client: Client, size: int) -> None:
    refused(client.post("/metadata/tml/export/batch", {"metadata_type": "USER", "batch_size": size}), 400)


def test_a_batch_needs_its_type(client: Client) -> None:
    refused(client.post("/metadata/tml/export/batch", {}), 400, saying="metadata_type")


@pytest.mark.parametrize(
    ("word", "option"),
    [
        ("HIDDEN", "include_hidden_objects"),
        ("AUTO_CREATED", "include_auto_created_objects"),
        ("INCOMPLETE", "include_incomplete_objects"),
    ],
)
def test_what_is_marked_is_found_on_demand_only(estate: Client, word: str, option: str) -> None:
    mark(estate, tml.M1, word)

    assert "Sales" not in estate.names()
    found = conforms(estate.post("/metadata/search", {option: True, "record_size": -1}), "metadata_search")
    (item,) = [one for one in found if one["metadata_id"] == tml.M1]
    header = item["metadata_header"]
    assert (header["isHidden"], header["isAutoCreated"]) == (word == "HIDDEN", word == "AUTO_CREATED")
    assert bool(item["incomplete_objects"]) == (word == "INCOMPLETE")


def test_visualization_headers_say_what_they_show(estate: Client) -> None:
    wanted = {"metadata": [{"identifier": tml.L1}], "include_visualization_headers": True}

    (plain,), (second,) = estate.search(**wanted), estate.search(**wanted, liveboard_response_version="V2")

    (viz,) = plain["visualization_headers"]
    assert (viz["id"], viz["name"], viz["vizType"], viz["owner"]) == (tml.V1, "Chart Viz_1", "TABLE", tml.L1)
    assert second["visualization_headers"] == [{**viz, "containerId": "Viz_1"}]


def test_the_header_of_a_liveboard_counts_its_containers(estate: Client) -> None:
    two = (("Viz_1", "[AMOUNT]", ""), ("Viz_2", "[AMOUNT]", ""))
    tabs = "  layout:\n    tabs:\n    - name: One\n      tiles:\n      - visualization_id: Viz_1\n"
    filters = "  filters:\n  - column:\n    - REGION\n    is_mandatory: true\n"
    estate.load(tml.liveboard(vizzes=two, tail=filters + tabs))

    header = estate.search(metadata=[{"identifier": tml.L1}])[0]["metadata_header"]

    assert (header["totalContainerCount"], header["hasTabs"], header["hasMandatoryFilter"]) == (2, True, True)
