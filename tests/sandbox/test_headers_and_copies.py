"""metadata/headers/update and metadata/copyobject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user
from tsdeploy.sandbox import Cluster, org_id_of


def update(client: Client, obj_id: str, org: str = "", **address: str) -> requests.Response:
    """Give one object an obj_id through its header."""
    entry = {**address, "attributes": [{"name": "obj_id", "value": obj_id}]}
    return client.post("/metadata/headers/update", {"headers_update": [entry], "org_identifier": org})


@pytest.mark.parametrize(
    "address",
    [
        {"identifier": tml.C1},
        {"identifier": "Warehouse", "type": "DATA_SOURCE"},
        {"obj_identifier": "before"},
    ],
)
def test_an_obj_id_is_set_however_the_object_is_named(address: dict[str, str], estate: Client) -> None:
    empty(update(estate, "before", identifier=tml.C1))

    empty(update(estate, "after", **address))

    assert estate.names(metadata=[{"obj_identifier": "after"}]) == ["Warehouse"]


@pytest.mark.parametrize("address", [{}, {"identifier": tml.C1, "obj_identifier": "x"}])
def test_an_object_is_named_in_one_way(address: dict[str, str], estate: Client) -> None:
    refused(update(estate, "after", **address), 400)


def test_a_duplicate_is_500_and_nothing_changes(estate: Client, cluster: Cluster) -> None:
    update(estate, "taken", identifier=tml.C1)
    before = cluster.database.dump()

    refused(update(estate, "taken", identifier=tml.T1), 500, 14009, "DUPLICATE_CUSTOM_OBJECT_ID")

    assert cluster.database.dump() == before


def test_an_object_of_another_org_is_named_with_its_org_or_all_orgs(
    estate: Client, log_in: Callable[[int], Client]
) -> None:
    elsewhere = log_in(org_id_of(ORG))

    refused(update(elsewhere, "wh", identifier=tml.C1), 400, 13003)
    empty(update(elsewhere, "wh", org="Primary", identifier=tml.C1))
    empty(update(elsewhere, "warehouse", org="-1", identifier=tml.C1))
    refused(update(elsewhere, "wh", org="-1", obj_identifier="warehouse"), 400)

    assert estate.names(metadata=[{"obj_identifier": "warehouse"}]) == ["Warehouse"]


def test_an_administrator_of_one_org_leaves_the_others_alone(estate: Client, log_in_as: Callable[..., Client]) -> None:
    add_group(estate, "Heads", "ADMINISTRATION", org=ORG)
    add_user(estate, "head", orgs=[ORG], groups=["Heads"])
    head = log_in_as("head", org_id_of(ORG))

    for org in ("Primary", "-1"):
        refused(update(head, "mine", org=org, identifier=tml.C1), 403, 10023)


def test_who_may_not_change_an_object_sets_nothing(estate: Client, log_in_as: Callable[..., Client]) -> None:
    update(estate, "warehouse", identifier=tml.C1)
    add_group(estate, "Loaders", "DATAMANAGEMENT")
    add_user(estate, "anna", groups=["Loaders"])
    anna = log_in_as("anna")

    for address in ({"identifier": tml.C1}, {"obj_identifier": "warehouse"}):
        refused(update(anna, "mine", **address), 403, 10023)
    refused(anna.post("/metadata/copyobject", {"identifier": tml.L1}), 403, 10023)


def test_another_attribute_is_refused(estate: Client) -> None:
    entry = {"identifier": tml.C1, "attributes": [{"name": "colour", "value": "red"}]}

    refused(estate.post("/metadata/headers/update", {"headers_update": entry}), 400, 10002)


def copy(client: Client, **body: Any) -> str:
    """Copy an object; the GUID of the copy."""
    return str(conforms(client.post("/metadata/copyobject", body), "copied_object")["metadata_id"])


def test_a_copy_is_a_new_object_with_visualizations_of_its_own(estate: Client) -> None:
    guid = copy(estate, identifier=tml.L1, type="LIVEBOARD", title="Second", description="A copy: of it")

    text = estate.edoc(guid)
    assert guid != tml.L1
    assert tml.V1 not in text
    assert '  name: Second\n  description: "A copy: of it"\n' in text
    assert estate.search(metadata=[{"identifier": guid}])[0]["metadata_header"]["description"] == "A copy: of it"
    assert estate.edoc(tml.L1) == tml.liveboard()


def test_a_copy_needs_what_its_original_needs(estate: Client) -> None:
    guid = copy(estate, identifier="By region", type="ANSWER")

    found = estate.search(metadata=[{"identifier": tml.M1}], include_dependent_objects=True)
    answers = found[0]["dependent_objects"][tml.M1]["QUESTION_ANSWER_BOOK"]
    assert {answer["id"] for answer in answers} == {tml.A1, guid}
    assert {answer["name"] for answer in answers} == {"By region", "Copy of By region"}


def test_an_obj_id_is_not_copied(estate: Client) -> None:
    update(estate, "answer", identifier=tml.A1)

    guid = copy(estate, identifier=tml.A1)

    assert estate.search(metadata=[{"identifier": guid}])[0]["metadata_obj_id"] is None


def test_what_is_not_there_cannot_be_copied(estate: Client) -> None:
    refused(estate.post("/metadata/copyobject", {"identifier": tml.NOWHERE}), 404, 13003)


def test_the_call_that_a_client_library_sends_is_an_argument_error(estate: Client) -> None:
    response = estate.post("/metadata/copyobject", {tml.L1: tml.L1})

    refused(response, 400, saying='Variable "$identifier" of required type "String!" was not provided.')
