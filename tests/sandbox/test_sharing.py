"""Authors, sharing and permissions, and what a user sees who is no administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.people import add_group, add_user, share

SHARE, ASSIGN, FETCH = (f"/security/metadata/{name}" for name in ("share", "assign", "fetch-permissions"))
ANNA = {"principal": {"identifier": "anna", "type": "USER"}, "share_mode": "READ_ONLY"}


@pytest.fixture
def anna(estate: Client, log_in_as: Callable[..., Client]) -> Client:
    """A user who may import and export, among the analysts, to whom nothing is shared."""
    add_group(estate, "Analysts", "DATAMANAGEMENT")
    add_user(estate, "anna", groups=["Analysts"])
    return log_in_as("anna")


def _body(**changes: Any) -> dict[str, Any]:
    return {"metadata": [{"identifier": tml.M1}], "permissions": [ANNA], "message": "", **changes}


def _permissions(client: Client, guid: str = tml.M1, **body: Any) -> dict[str, dict[str, Any]]:
    answer = client.post(FETCH, {"metadata": [{"identifier": guid}], **body})
    (details,) = conforms(answer, "security_metadata_fetch_permissions")["metadata_permission_details"]
    return {
        entry["principal_name"]: entry
        for info in details["principal_permission_info"]
        for entry in info["principal_permissions"]
    }


def test_what_is_not_shared_is_not_found(anna: Client) -> None:
    assert anna.names() == []


def test_what_is_shared_is_found(estate: Client, anna: Client) -> None:
    share(estate, tml.M1, "anna")
    share(estate, tml.L1, "Analysts", kind="USER_GROUP")

    assert anna.names() == ["Overview", "Sales"]


def test_what_is_shared_with_everybody_or_with_a_group_above_is_found(estate: Client, anna: Client) -> None:
    add_group(estate, "Company", sub_groups=["Analysts"])

    share(estate, tml.M1, "All", kind="USER_GROUP")
    share(estate, tml.L1, "Company", kind="USER_GROUP")

    assert anna.names() == ["Overview", "Sales"]


def test_no_access_takes_a_share_away(estate: Client, anna: Client) -> None:
    share(estate, tml.M1, "anna")
    share(estate, tml.M1, "anna", "NO_ACCESS")

    assert anna.names() == []


def test_objects_may_be_named_by_one_type_and_identifiers(estate: Client, anna: Client) -> None:
    body = {"metadata_type": "LIVEBOARD", "metadata_identifiers": ["Overview"], "permissions": [ANNA], "message": ""}

    empty(estate.post(SHARE, body))

    assert anna.names() == ["Overview"]


def test_a_visualization_is_shared_by_itself(estate: Client, anna: Client) -> None:
    body = {"visualization_identifiers": [tml.V1], "permissions": [{**ANNA, "share_mode": "MODIFY"}], "message": ""}

    empty(estate.post(SHARE, body))

    assert anna.names() == ["Overview"]
    assert _permissions(estate, tml.L1)["anna"]["permission"] == "READ_ONLY"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"message": None}, 0),
        ({"permissions": None}, 0),
        ({"permissions": [{"principal": {"identifier": "anna", "type": "USER"}, "share_mode": "OWNER"}]}, 0),
        ({"permissions": [{"principal": {"type": "USER"}, "share_mode": "MODIFY"}]}, 0),
        ({"metadata": None}, 0),
        ({"metadata_identifiers": [tml.M1]}, 0),
        ({"metadata": [{"identifier": tml.M1, "type": "TAG"}]}, 0),
        ({"metadata": [{"identifier": tml.NOWHERE}]}, 13003),
        ({"metadata": [{"identifier": "Sales"}]}, 13003),
        ({"visualization_identifiers": [tml.NOWHERE]}, 13003),
        ({"permissions": [ANNA, {"principal": {"identifier": "nobody"}, "share_mode": "MODIFY"}]}, 13003),
        ({"permissions": [{"principal": {"identifier": "anna", "type": "USER_GROUP"}, "share_mode": "MODIFY"}]}, 13003),
    ],
)
def test_a_share_with_a_fault_shares_nothing(estate: Client, anna: Client, changes: dict[str, Any], code: int) -> None:
    refused(estate.post(SHARE, _body(**changes)), 400, code)

    assert anna.names() == []


def test_an_unknown_principal_is_13003_in_the_shape_of_principals(estate: Client) -> None:
    body = _body(permissions=[{"principal": {"identifier": "nobody"}, "share_mode": "MODIFY"}])

    said = estate.post(SHARE, body).json()["error"]["message"]

    assert said["debug"] == "Principal object does not exist corresponding to the identifier nobody"


@pytest.mark.parametrize("mode", ["", "READ_ONLY"])
def test_sharing_needs_modify_access(estate: Client, anna: Client, mode: str) -> None:
    if mode:
        share(estate, tml.M1, "anna", mode)

    refused(anna.post(SHARE, _body()), 403, 10023)


def test_who_may_modify_may_share(estate: Client, anna: Client, log_in_as: Callable[..., Client]) -> None:
    add_user(estate, "ben")
    share(estate, tml.M1, "anna", "MODIFY")

    share(anna, tml.M1, "ben")

    assert log_in_as("ben").names() == ["Sales"]


def test_discoverable_objects_are_found_by_everybody_unless_they_are_left_out(estate: Client, anna: Client) -> None:
    add_user(estate, "ben")

    share(estate, tml.M1, "ben", has_lenient_discoverability=True)

    assert anna.names() == ["Sales"]
    assert anna.names(include_discoverable_objects=False) == []
    assert anna.search()[0]["metadata_header"]["hasLenientDiscoverability"] is True


def test_sets_are_shared_with_their_model(estate: Client, anna: Client) -> None:
    estate.load(tml.cohort())

    share(estate, tml.M1, "anna")

    assert anna.names() == ["Big ones", "Sales"]


def test_a_new_author_is_in_the_header_and_may_change_the_object(estate: Client, anna: Client) -> None:
    body = {"metadata": [{"identifier": tml.M1}], "user_identifier": "anna", "current_owner_identifier": "tsadmin"}

    empty(estate.post(ASSIGN, body))

    header = anna.search()[0]["metadata_header"]
    assert (header["name"], header["authorName"], header["owner"]) == ("Sales", "anna", tml.M1)
    assert estate.names(created_by_user_identifiers=["anna"]) == ["Sales"]
    assert anna.items(tml.model(columns=("ID", "AMOUNT", "REGION")))[0]["response"]["header"]["author_name"] == "anna"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"user_identifier": "nobody"}, 400, 13003),
        ({"metadata": [{"identifier": tml.NOWHERE}]}, 400, 13003),
        ({"current_owner_identifier": "system"}, 400, 10002),
        ({"metadata": [{"identifier": tml.M1}, {"identifier": "x", "type": "TAG"}]}, 400, 0),
    ],
)
def test_an_author_is_not_assigned_where_something_is_wrong(
    estate: Client, anna: Client, changes: dict[str, Any], status: int, code: int
) -> None:
    body = {"metadata": [{"identifier": tml.M1}], "user_identifier": "anna", **changes}

    refused(estate.post(ASSIGN, body), status, code)

    assert anna.names() == []


def test_assigning_an_author_needs_a_privilege(anna: Client) -> None:
    refused(anna.post(ASSIGN, {"metadata": [{"identifier": tml.M1}], "user_identifier": "anna"}), 403, 10023)


def test_effective_permissions_are_those_of_everybody_who_has_access(estate: Client, anna: Client) -> None:
    found = _permissions(estate)

    assert set(found) == {"Administrator", "tsadmin"}
    assert {entry["permission"] for entry in found.values()} == {"MODIFY"}
    assert {entry["shared_permission"] for entry in found.values()} == {"NO_ACCESS"}


def test_effective_permissions_say_through_which_group(estate: Client, anna: Client) -> None:
    share(estate, tml.M1, "Analysts", kind="USER_GROUP")

    found = _permissions(estate)

    assert (found["Analysts"]["permission"], found["Analysts"]["shared_permission"]) == ("READ_ONLY", "READ_ONLY")
    assert (found["anna"]["permission"], found["anna"]["shared_permission"]) == ("READ_ONLY", "NO_ACCESS")
    assert [entry["group_name"] for entry in found["anna"]["group_permission"]] == ["Analysts"]


def test_defined_permissions_are_those_granted_by_name(estate: Client, anna: Client) -> None:
    assert _permissions(estate, permission_type="DEFINED") == {}

    share(estate, tml.M1, "anna", "MODIFY")

    found = _permissions(estate, permission_type="DEFINED")
    assert {name: entry["shared_permission"] for name, entry in found.items()} == {"anna": "MODIFY"}


def test_permissions_of_principals_that_are_asked_for(estate: Client, anna: Client) -> None:
    found = _permissions(estate, principals=[{"identifier": "anna", "type": "USER"}])

    assert {name: entry["permission"] for name, entry in found.items()} == {"anna": "NO_ACCESS"}


def test_permissions_name_author_and_owner(estate: Client) -> None:
    answer = estate.post(FETCH, {"metadata": [{"identifier": "Overview", "type": "LIVEBOARD"}]})

    (details,) = conforms(answer, "security_metadata_fetch_permissions")["metadata_permission_details"]
    assert details["metadata_owner"] == {"id": tml.L1, "name": "Overview"}
    assert details["metadata_author"]["name"] == "tsadmin"
    assert [info["principal_type"] for info in details["principal_permission_info"]] == ["USER_GROUP", "USER"]


def test_permissions_of_dependents_come_along_when_asked_for(estate: Client) -> None:
    body = {"metadata": [{"identifier": tml.M1}], "include_dependent_objects": True}

    answer = conforms(estate.post(FETCH, body), "security_metadata_fetch_permissions")

    names = {details["metadata_name"] for details in answer["metadata_permission_details"]}
    assert names == {"Sales", "By region", "Overview"}


def test_permissions_of_what_is_hidden_are_403_and_of_nothing_400(anna: Client) -> None:
    refused(anna.post(FETCH, {"metadata": [{"identifier": tml.M1}]}), 403, 10023)
    refused(anna.post(FETCH, {"metadata": [{"identifier": tml.NOWHERE}]}), 400, 13003)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"permissions": [ANNA]}, ["Sales"]),
        ({"permissions": [{**ANNA, "share_mode": "MODIFY"}]}, ["Overview"]),
        ({"permissions": [{**ANNA, "share_mode": "NO_ACCESS"}]}, ["By region", "ORDERS", "Warehouse"]),
        ({"permissions": [ANNA, {**ANNA, "share_mode": "MODIFY"}]}, ["Overview", "Sales"]),
        (
            {"permissions": [{"principal": {"identifier": "Analysts", "type": "USER_GROUP"}, "share_mode": "MODIFY"}]},
            ["Overview"],
        ),
        ({"favorite_object_options": {"include": True, "user_identifiers": ["anna"]}}, ["ORDERS"]),
        ({"favorite_object_options": {"include": True}}, []),
        ({"favorite_object_options": {"include": False, "user_identifiers": ["anna"]}, "record_size": 1}, ["Overview"]),
        ({"modified_by_user_identifiers": ["tsadmin"], "metadata": [{"type": "ANSWER"}]}, ["By region"]),
        ({"modified_by_user_identifiers": ["anna"]}, []),
        ({"metadata": [{"type": "USER"}]}, ["anna", "su", "system", "tsadmin"]),
        ({"metadata": [{"type": "USER_GROUP", "name_pattern": "A%"}]}, ["Administrator", "All", "Analysts"]),
        ({"metadata": [{"type": "TAG"}]}, ["release"]),
    ],
)
def test_a_search_filters_by_people(estate: Client, anna: Client, body: dict[str, Any], names: list[str]) -> None:
    share(estate, tml.M1, "anna")
    share(estate, tml.L1, "Analysts", "MODIFY", "USER_GROUP")
    add_user(estate, "anna", favorites=[tml.T1])
    estate.post("/tags/create", {"name": "release"})

    found = conforms(estate.post("/metadata/search", {"record_size": -1, **body}), "metadata_search")

    assert sorted(item["metadata_name"] for item in found) == names


def test_stats_count_favourites(estate: Client, anna: Client) -> None:
    add_user(estate, "anna", favorites=[tml.T1])

    found = estate.search(include_stats=True, sort_options={"field_name": "FAVORITES"})

    assert [item["stats"]["favorites"] for item in found] == [1, 0, 0, 0, 0]
    assert found[0]["metadata_name"] == "ORDERS"


def test_dependents_that_are_hidden_are_left_out(estate: Client, anna: Client) -> None:
    share(estate, tml.M1, "anna")
    share(estate, tml.L1, "anna")

    (found,) = anna.search(
        metadata=[{"identifier": tml.M1}], include_dependent_objects=True, dependent_object_version="V2"
    )

    assert found["dependent_objects"]["hasInaccessibleDependents"] is True
    assert set(found["dependent_objects"]["dependents"][tml.M1]) == {"PINBOARD_ANSWER_BOOK"}
