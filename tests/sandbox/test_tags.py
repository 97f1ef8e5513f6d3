"""Tags."""

from __future__ import annotations

from collections.abc import Callable

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import org_id_of


def test_a_tag_is_created_and_found(client: Client) -> None:
    tag = client.post("/tags/create", {"name": "release", "color": "#342323"}).json()

    assert (tag["name"], tag["color"], tag["owner_id"]) == ("release", "#342323", tag["id"])
    assert client.post("/tags/search", {}).json() == [tag]
    assert client.post("/tags/search", {"tag_identifier": tag["id"]}).json() == [tag]
    assert client.post("/tags/search", {"name_pattern": "REL%"}).json() == [tag]
    assert client.post("/tags/search", {"tag_identifier": "other"}).json() == []


def test_tags_are_never_paged(client: Client) -> None:
    for number in range(12):
        client.post("/tags/create", {"name": f"tag {number}"})

    assert len(client.post("/tags/search", {"record_size": 5}).json()) == 12


def test_a_second_tag_of_one_name_is_400(client: Client) -> None:
    client.post("/tags/create", {"name": "release"})

    assert client.post("/tags/create", {"name": "release"}).status_code == 400


def test_tags_belong_to_an_org(log_in: Callable[[int], Client]) -> None:
    log_in(0).post("/tags/create", {"name": "release"})

    assert log_in(org_id_of(ORG)).post("/tags/search", {}).json() == []


def test_assigning_an_unknown_tag_assigns_nothing(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release"})
    body = {"metadata": [{"identifier": tml.M1}], "tag_identifiers": ["release", "unknown"]}

    assert estate.post("/tags/assign", body).status_code == 400
    assert estate.names(tag_identifiers=["release"]) == []


def test_assigning_twice_is_fine(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release"})
    body = {"metadata": [{"identifier": "Sales", "type": "LOGICAL_TABLE"}], "tag_identifiers": ["release"]}

    assert [estate.post("/tags/assign", body).status_code for _ in range(2)] == [204, 204]
