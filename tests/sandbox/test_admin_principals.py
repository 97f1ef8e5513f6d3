"""Making Orgs, users, groups and roles over the admin API and from Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import faults, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user, admin
from tsdeploy.sandbox import Cluster, NewGroup, NewUser, principals


def _post(client: Client, path: str, body: Any) -> Any:
    return client.session.post(f"{client.url}/sandbox/admin{path}", json=body, timeout=10)


def test_what_is_listed_is_written_as_the_api_writes_it(client: Client) -> None:
    assert faults(admin(client, "GET", "/users"), "users_search") == []
    assert faults(admin(client, "GET", "/groups"), "groups_search") == []
    assert faults(admin(client, "GET", "/orgs"), "orgs_search") == []


def test_a_second_time_changes_what_is_given_and_leaves_the_rest(client: Client) -> None:
    first = add_user(client, "anna", email="a@x.example", display_name="Anna")
    second = add_user(client, "anna", display_name="Anna A.")

    (anna,) = client.post("/users/search", {"user_identifier": "anna"}).json()

    assert first == second == anna["id"]
    assert (anna["display_name"], anna["email"]) == ("Anna A.", "a@x.example")


def test_groups_of_one_name_in_two_orgs_are_two(client: Client) -> None:
    assert add_group(client, "Analysts") != add_group(client, "Analysts", org=ORG)
    assert add_group(client, "Analysts") == add_group(client, "Analysts", "DEVELOPER")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/users", {"name": "anna", "groups": ["None such"]}),
        ("/users", {"name": "anna", "orgs": ["None such"]}),
        ("/groups", {"name": "g", "org": "None such"}),
        ("/groups", {"name": "g", "users": ["None such"]}),
        ("/groups", {"name": "g", "sub_groups": ["None such"]}),
        ("/groups", {"name": "g", "roles": ["None such"]}),
    ],
)
def test_what_is_not_there_makes_nothing(client: Client, path: str, body: Any) -> None:
    refused(_post(client, path, body), 400, 13003)

    assert len(admin(client, "GET", "/users")) == 3
    assert len(admin(client, "GET", "/groups")) == 4


def test_a_user_who_is_gone_is_logged_out(client: Client, log_in_as: Callable[..., Client]) -> None:
    add_user(client, "anna")
    anna = log_in_as("anna")

    admin(client, "DELETE", "/users/anna")

    refused(anna.get("/auth/session/user"), 401, 10097)


def test_the_same_from_python(cluster: Cluster, client: Client, log_in_as: Callable[..., Client]) -> None:
    client.load(*tml.ESTATE)
    principals.add_role(cluster, "Stewards", ["TAGMANAGEMENT"])
    principals.add_group(cluster, NewGroup(name="Analysts", privileges=("DATAMANAGEMENT",), roles=("Stewards",)))
    principals.add_user(cluster, NewUser(name="anna", password="horse", groups=("Analysts",), favorites=(tml.L1,)))

    user = log_in_as("anna").get("/auth/session/user").json()

    assert user["privileges"] == ["DATAMANAGEMENT", "TAGMANAGEMENT"]
    assert [favorite["name"] for favorite in user["favorite_metadata"]] == ["Overview"]
