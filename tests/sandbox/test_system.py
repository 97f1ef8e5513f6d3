"""The cluster about itself."""

from __future__ import annotations

from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import org_id_of


def test_system_gives_the_release_and_the_ids_every_cluster_has(client: Client) -> None:
    system = client.get("/system").json()

    assert system["release_version"].startswith("26.8.0")
    assert system["tsadmin_user_id"] == "59481331-ee53-42be-a548-bd87be6ddd4a"


def test_orgs_are_primary_and_those_asked_for(client: Client) -> None:
    orgs = client.post("/orgs/search", {"record_size": 1}).json()

    assert [(org["id"], org["name"]) for org in orgs] == [(0, "Primary"), (org_id_of(ORG), ORG)]


def test_an_org_is_found_by_id_or_name(client: Client) -> None:
    by_name = client.post("/orgs/search", {"org_identifier": ORG}).json()
    by_id = client.post("/orgs/search", {"org_identifier": str(org_id_of(ORG))}).json()

    assert by_name == by_id
    assert len(by_name) == 1


def test_no_org_is_hidden(client: Client) -> None:
    assert client.post("/orgs/search", {"visibility": "HIDDEN"}).json() == []
