"""users/search, groups/search, roles/search and orgs/search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_orgs, add_user, admin
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

SYSTEM = ["su", "system", "tsadmin"]


@pytest.fixture
def people(estate: Client) -> Client:
    """Anna and Ben in Primary, Cleo in another Org; Ben through a sub-group among the analysts."""
    admin(estate, "POST", "/roles", {"name": "Stewards", "privileges": ["TAGMANAGEMENT"]})
    add_user(
        estate,
        "anna",
        display_name="Anna A.",
        email="anna@x.example",
        home_liveboard=tml.L1,
        favorites=[tml.L1],
        notify_on_share=False,
        onboarded=True,
    )
    add_user(estate, "ben", visibility="NON_SHARABLE", account_type="SAML_USER", account_status="LOCKED")
    add_user(estate, "cleo", orgs=[ORG])
    add_group(estate, "Interns", users=["ben"])
    add_group(
        estate,
        "Analysts",
        "DATAMANAGEMENT",
        users=["anna"],
        sub_groups=["Interns"],
        roles=["Stewards"],
        default_liveboards=[tml.L1],
        description="those who know",
    )
    add_group(estate, "Analysts", "DATADOWNLOADING", org=ORG, users=["cleo"], visibility="NON_SHARABLE")
    return estate


def _users(client: Client, **body: Any) -> list[str]:
    found = conforms(client.post("/users/search", {"record_size": -1, **body}), "users_search")
    return [user["name"] for user in found]


def _user(client: Client, name: str, **body: Any) -> dict[str, Any]:
    (found,) = conforms(client.post("/users/search", {"user_identifier": name, **body}), "users_search")
    return dict(found)


def _groups(client: Client, **body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = conforms(client.post("/groups/search", {"record_size": -1, **body}), "groups_search")
    return found


def _names(listed: list[dict[str, Any]]) -> list[str]:
    return [entry["name"] for entry in listed]


def test_every_cluster_has_its_system_users(client: Client) -> None:
    assert _users(client) == SYSTEM


def test_every_org_has_the_groups_of_everybody_and_of_administrators(client: Client) -> None:
    found = _groups(client)

    by_place = {(group["name"], group["orgs"][0]["name"]): group for group in found}
    assert set(by_place) == {(name, org) for name in ("Administrator", "All") for org in ("Primary", ORG)}
    assert by_place["Administrator", "Primary"]["id"] == client.get("/system").json()["admin_group_id"]
    assert _names(by_place["All", "Primary"]["users"]) == SYSTEM


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, ["anna", "ben", "cleo", *SYSTEM]),
        ({"user_identifier": "anna"}, ["anna"]),
        ({"user_identifier": "nobody"}, []),
        ({"display_name": "Anna A."}, ["anna"]),
        ({"name_pattern": "%N%"}, ["anna", "ben", "tsadmin"]),
        ({"visibility": "NON_SHARABLE"}, ["ben"]),
        ({"email": "anna@x.example"}, ["anna"]),
        ({"group_identifiers": ["Analysts", "Interns"]}, ["anna", "ben", "cleo"]),
        ({"privileges": ["DATADOWNLOADING"]}, ["cleo", "tsadmin"]),
        ({"privileges": ["TAGMANAGEMENT"]}, ["anna", "ben"]),
        ({"account_type": "SAML_USER"}, ["ben"]),
        ({"account_status": "LOCKED"}, ["ben"]),
        ({"org_identifiers": [ORG]}, ["cleo"]),
        ({"org_identifiers": ["0", ORG]}, ["anna", "ben", "cleo", *SYSTEM]),
        ({"org_identifiers": ["None such"]}, []),
        ({"role_identifiers": ["Stewards"]}, ["anna"]),
        ({"home_liveboard_identifier": tml.L1}, ["anna"]),
        ({"favorite_metadata": [{"identifier": tml.L1, "type": "LIVEBOARD"}]}, ["anna"]),
        ({"notify_on_share": False}, ["anna"]),
        ({"onboarding_experience_completed": True}, ["anna"]),
        ({"show_onboarding_experience": False}, []),
        ({"sort_options": {"field_name": "NAME", "order": "DESC"}, "record_size": 2}, ["tsadmin", "system"]),
        ({"record_offset": 1, "record_size": 2}, ["ben", "cleo"]),
    ],
)
def test_users_are_filtered(people: Client, body: dict[str, Any], names: list[str]) -> None:
    assert _users(people, **body) == names


def test_ten_users_are_a_page(client: Client) -> None:
    for number in range(10):
        add_user(client, f"user {number}")

    assert len(conforms(client.post("/users/search", {}), "users_search")) == 10


def test_users_of_all_orgs_are_found_whatever_the_org_of_the_token(
    people: Client, log_in: Callable[[int], Client]
) -> None:
    assert _users(log_in(org_id_of(ORG))) == _users(people)


def test_a_user_shows_direct_and_inherited_groups_and_what_they_grant(people: Client) -> None:
    ben = _user(people, "ben")

    assert _names(ben["user_groups"]) == ["Interns"]
    assert _names(ben["user_inherited_groups"]) == ["Analysts"]
    assert ben["org_privileges"] == {"0": ["DATAMANAGEMENT", "TAGMANAGEMENT"]}


def test_the_current_org_of_a_user_elsewhere_is_empty(people: Client) -> None:
    assert _user(people, "anna")["current_org"] == {"id": 0, "name": "Primary"}
    assert _user(people, "cleo")["current_org"] == {}


def test_favourites_are_shown_when_asked_for(people: Client) -> None:
    assert _user(people, "anna")["favorite_metadata"] == []
    shown = _user(people, "anna", include_favorite_metadata=True)["favorite_metadata"]
    assert shown == [{"id": tml.L1, "name": "Overview", "type": "LIVEBOARD"}]
    assert _user(people, "anna")["home_liveboard"] == {"id": tml.L1, "name": "Overview"}


def test_a_dangling_membership_fails_the_page_only_with_org_identifiers(people: Client) -> None:
    (interns,) = _groups(people, group_identifier="Interns")
    admin(people, "DELETE", f"/groups/{interns['id']}")

    said = refused(people.post("/users/search", {"org_identifiers": ["0"], "record_size": -1}), 404, 13003)

    assert interns["id"] in said
    assert "ben" in _users(people)


def test_a_dangling_member_fails_a_page_of_groups_only_with_org_identifiers(people: Client) -> None:
    (ben,) = (user for user in admin(people, "GET", "/users") if user["name"] == "ben")
    admin(people, "DELETE", "/users/ben")

    said = refused(people.post("/groups/search", {"org_identifiers": ["Primary"]}), 404, 13003)

    assert ben["id"] in said
    assert _groups(people, group_identifier="Interns")[0]["users"] == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"group_identifier": "Interns"}, 1),
        ({"group_identifier": "Analysts"}, 2),
        ({"name_pattern": "an%"}, 2),
        ({"display_name": "Interns"}, 1),
        ({"description": "those who know"}, 1),
        ({"org_identifiers": [ORG]}, 3),
        ({"org_identifiers": [ORG, "0"]}, 7),
        ({"privileges": ["DATADOWNLOADING"]}, 3),
        ({"privileges": ["DATADOWNLOADING", "DATAMANAGEMENT"]}, 4),
        ({"sub_group_identifiers": ["Interns"]}, 1),
        ({"type": "LOCAL_GROUP"}, 7),
        ({"type": "LDAP_GROUP"}, 0),
        ({"user_identifiers": ["anna", "cleo"]}, 4),
        ({"visibility": "NON_SHARABLE"}, 1),
        ({"role_identifiers": ["Stewards"]}, 1),
        ({"default_liveboard_identifiers": [tml.L1]}, 1),
        ({"record_size": 2}, 2),
    ],
)
def test_groups_are_filtered(people: Client, body: dict[str, Any], count: int) -> None:
    assert len(_groups(people, **body)) == count


def test_a_group_shows_members_parts_roles_and_liveboards(people: Client) -> None:
    (group,) = _groups(people, group_identifier="Analysts", org_identifiers=["0"])

    assert _names(group["users"]) == ["anna"]
    assert _names(group["sub_groups"]) == ["Interns"]
    assert _names(group["roles"]) == ["Stewards"]
    assert group["default_liveboards"] == [{"id": tml.L1, "name": "Overview"}]


def test_members_may_be_left_out(people: Client) -> None:
    (group,) = _groups(people, group_identifier="Interns", include_users=False, include_sub_groups=False)

    assert (group["users"], group["sub_groups"]) == (None, None)


def test_roles_are_found_with_their_groups(people: Client) -> None:
    def roles(**body: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = conforms(people.post("/roles/search", body), "roles_search")
        return found

    assert [(role["name"], _names(role["groups"])) for role in roles()] == [("Stewards", ["Analysts"])]
    for fitting in (
        {"privileges": ["TAGMANAGEMENT"]},
        {"group_identifiers": ["Analysts"]},
        {"permissions": ["MODIFY"]},
    ):
        assert len(roles(**fitting)) == 1
    for other in ({"role_identifiers": ["x"]}, {"privileges": ["DEVELOPER"]}, {"deprecated": True}):
        assert roles(**other) == []


def test_somebody_else_finds_the_sharable_people_of_the_own_org(
    people: Client, log_in_as: Callable[..., Client]
) -> None:
    anna = log_in_as("anna")

    assert _users(anna) == ["anna", *SYSTEM]
    assert [group["name"] for group in _groups(anna)] == ["Administrator", "All", "Analysts", "Interns"]
    refused(anna.post("/roles/search", {}), 403, 10023)


def test_orgs_are_filtered_by_their_users_status_and_visibility(people: Client) -> None:
    add_orgs(people, "Old", status="IN_ACTIVE", visibility="HIDDEN", description="closed")

    def orgs(**body: Any) -> list[str]:
        return _names(conforms(people.post("/orgs/search", body), "orgs_search"))

    assert sorted(orgs()) == ["Old", "Primary", ORG]
    assert orgs(user_identifiers=["cleo"]) == [ORG]
    assert sorted(orgs(user_identifiers=["cleo", "anna"])) == ["Primary", ORG]
    assert orgs(status="IN_ACTIVE") == orgs(visibility="HIDDEN") == orgs(description="closed") == ["Old"]
    refused(people.post("/orgs/search", {"user_identifiers": ["nobody"]}), 400, 13003)


def test_hundreds_of_orgs_are_made_and_found(client: Client) -> None:
    ids = add_orgs(client, *(f"Org {number}" for number in range(300)))

    assert len(set(ids)) == 300
    assert len(conforms(client.post("/orgs/search", {}), "orgs_search")) == 302


def test_without_orgs_the_search_for_them_fails() -> None:
    with (
        Cluster(settings=Settings(orgs_enabled=False)) as cluster,
        Server(cluster) as server,
        requests.Session() as session,
    ):
        client = Client(server.url, session)
        token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
        session.headers["Authorization"] = f"Bearer {token}"

        refused(client.post("/orgs/search", {}), 403, 10023)
        user = client.get("/auth/session/user").json()
        assert (user["name"], sorted({"current_org", "orgs", "org_privileges"} & user.keys())) == ("tsadmin", [])


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/system", None, "system"),
        ("/system/config", None, "system_config"),
        ("/system/config-overrides", None, "system_config_overrides"),
    ],
)
def test_the_cluster_about_itself(client: Client, path: str, body: Any, name: str) -> None:
    conforms(client.get(path), name)


def test_members_of_the_group_of_everybody_are_counted(people: Client) -> None:
    assert people.get("/system").json()["all_user_group_member_user_count"] == 5
