"""users/create, groups/create and roles/create."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_user

ANNA = {"name": "anna", "display_name": "Anna A.", "email": "a@x.example"}


def test_a_role_a_group_with_it_and_a_user_in_that(client: Client, log_in_as: Callable[..., Client]) -> None:
    role = client.post("/roles/create", {"name": "Stewards", "privileges": ["TAGMANAGEMENT"]}).json()
    client.post("/groups/create", {"name": "Interns", "display_name": "Interns"})
    group = client.post(
        "/groups/create",
        {
            "name": "Analysts",
            "display_name": "Analysts",
            "privileges": ["DATAMANAGEMENT"],
            "role_identifiers": ["Stewards"],
            "sub_group_identifiers": ["Interns"],
        },
    )
    user = client.post("/users/create", {**ANNA, "password": "horse", "group_identifiers": ["Analysts"]})
    assert (role["name"], role["privileges"]) == ("Stewards", ["TAGMANAGEMENT"])
    assert [part["name"] for part in conforms(group, "group")["sub_groups"]] == ["Interns"]
    assert [one["name"] for one in conforms(user, "user")["user_groups"]] == ["Analysts"]
    me = log_in_as("anna").get("/auth/session/user").json()
    assert me["privileges"] == ["DATAMANAGEMENT", "TAGMANAGEMENT"]


def test_a_user_belongs_to_the_orgs_that_are_named(client: Client) -> None:
    made = client.post("/users/create", {**ANNA, "org_identifiers": [ORG]}).json()
    assert [org["name"] for org in made["orgs"]] == [ORG]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/users/create", ANNA),
        ("/groups/create", {"name": "Administrator", "display_name": "x"}),
    ],
)
def test_a_second_one_of_a_name_is_refused(client: Client, path: str, body: Any) -> None:
    add_user(client, "anna")
    refused(client.post(path, body), 400, 10002)


@pytest.mark.parametrize("path", ["/users/create", "/groups/create", "/roles/create"])
def test_who_does_not_manage_them_makes_none(client: Client, log_in_as: Callable[..., Client], path: str) -> None:
    add_user(client, "anna")
    refused(log_in_as("anna").post(path, {**ANNA, "name": "ben"}), 403, 10023)
