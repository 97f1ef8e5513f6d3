"""Tags."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import org_id_of


def test_a_tag_is_created_and_found(client: Client) -> None:
    tag = conforms(client.post("/tags/create", {"name": "release", "color": "#342323"}), "tag")

    assert (tag["name"], tag["color"], tag["owner_id"]) == ("release", "#342323", tag["id"])
    assert conforms(client.post("/tags/search", {}), "tags_search") == [tag]
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


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_tag_is_renamed_and_recoloured(client: Client, by: str) -> None:
    tag = client.post("/tags/create", {"name": "release", "color": "#342323"}).json()

    empty(client.post(f"/tags/{tag[by]}/update", {"name": "to prod"}))
    empty(client.post(f"/tags/{tag['id']}/update", {"color": "#ffffff"}))

    (found,) = conforms(client.post("/tags/search", {}), "tags_search")
    assert (found["id"], found["name"], found["color"]) == (tag["id"], "to prod", "#ffffff")
    assert found["modification_time_in_millis"] > found["creation_time_in_millis"]


def test_a_tag_keeps_its_name_when_another_has_the_new_one(client: Client) -> None:
    for name in ("release", "draft"):
        client.post("/tags/create", {"name": name})

    refused(client.post("/tags/draft/update", {"name": "release"}), 400, 10002, "already exists")
    empty(client.post("/tags/draft/update", {"name": "draft"}))


def test_a_deleted_tag_is_gone_from_all_objects(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release"})
    estate.post("/tags/assign", {"metadata": [{"identifier": tml.M1}], "tag_identifiers": ["release"]})

    empty(estate.post("/tags/release/delete"))

    assert estate.names(tag_identifiers=["release"]) == []
    assert estate.search(metadata=[{"identifier": tml.M1}])[0]["metadata_header"]["tags"] == []
    refused(estate.post("/tags/release/delete"), 400, 13003)


def test_a_tag_is_taken_from_some_objects(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release"})
    both = [{"identifier": tml.M1}, {"identifier": tml.L1}]
    estate.post("/tags/assign", {"metadata": both, "tag_identifiers": ["release"]})

    empty(estate.post("/tags/unassign", {"metadata": both[:1], "tag_identifiers": ["release"]}))

    assert estate.names(tag_identifiers=["release"]) == ["Overview"]


def test_unassigning_an_unknown_tag_unassigns_nothing(estate: Client) -> None:
    estate.post("/tags/create", {"name": "release"})
    body = {"metadata": [{"identifier": tml.M1}], "tag_identifiers": ["release"]}
    estate.post("/tags/assign", body)

    refused(estate.post("/tags/unassign", {**body, "tag_identifiers": ["release", "unknown"]}), 400, 13003)

    assert estate.names(tag_identifiers=["release"]) == ["Sales"]


@pytest.mark.parametrize("path", ["/tags/delete", "/tags/update"])
def test_what_looks_like_a_route_is_none(client: Client, path: str) -> None:
    refused(client.post(path, {}), 404)
