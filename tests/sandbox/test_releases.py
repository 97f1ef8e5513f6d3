"""What older releases do not have yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import refused
from tests.sandbox.client import Client


@pytest.fixture
def estate_at(at: Callable[[str], Client]) -> Callable[[str], Client]:
    """A client, logged in, of a cluster of a release that has one of each kind."""

    def made(release: str) -> Client:
        client = at(release)
        client.load(*tml.ESTATE)
        return client

    return made


@pytest.mark.parametrize(
    ("path", "body", "before", "since"),
    [
        ("/auth/token/validate", {"token": "x"}, "9.11", "9.12"),
        ("/auth/token/custom", {}, "10.3", "10.4"),
        ("/roles/search", {}, "9.4", "9.5"),
        ("/metadata/update-obj-id", {}, "10.7", "10.8"),
    ],
)
def test_a_route_is_unknown_before_its_release(
    estate_at: Callable[[str], Client], path: str, body: dict[str, Any], before: str, since: str
) -> None:
    refused(estate_at(before).post(path, body), 404)
    assert estate_at(since).post(path, body).status_code in (200, 400)


def test_the_session_token_came_with_9_4(estate_at: Callable[[str], Client]) -> None:
    refused(estate_at("9.3").get("/auth/session/token"), 404)


def test_a_choice_that_is_too_new_fails_the_whole_request(estate_at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"type": "LOGICAL_TABLE", "subtypes": ["WORKSHEET", "SQL_VIEW"]}]}

    refused(estate_at("10.10").post("/metadata/search", body), 400, saying='Value "SQL_VIEW" does not exist')
    assert estate_at("10.11").post("/metadata/search", body).status_code == 200


def test_a_nested_field_that_is_too_new_is_refused(estate_at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"obj_identifier": "x"}]}

    refused(estate_at("10.5").post("/metadata/search", body), 400, saying='Field "obj_identifier" is not defined')
    assert estate_at("10.6").post("/metadata/search", body).status_code == 200


def test_an_argument_that_is_too_new_is_ignored(estate_at: Callable[[str], Client]) -> None:
    body = {"include_users": False, "group_identifier": "All"}

    assert estate_at("10.9").post("/groups/search", body).json()[0]["users"]
    assert estate_at("10.10").post("/groups/search", body).json()[0]["users"] is None


def test_export_options_came_one_by_one(estate_at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"identifier": tml.M1}], "export_options": {"export_with_column_aliases": True}}

    assert estate_at("10.5").post("/metadata/tml/export", body).status_code == 200
    refused(estate_at("10.6").post("/metadata/tml/export", body), 400)
    assert estate_at("10.13").post("/metadata/tml/export", body).status_code == 200


def test_obj_ids_are_in_search_since_10_8(estate_at: Callable[[str], Client]) -> None:
    before, since = estate_at("10.7").search()[0], estate_at("10.8").search()[0]

    assert "metadata_obj_id" not in before
    assert "objId" not in before["metadata_header"]
    assert since["metadata_obj_id"] is None


@pytest.mark.parametrize(("release", "known"), [("26.2", False), ("26.3", True)])
def test_users_got_new_keys(estate_at: Callable[[str], Client], release: str, known: bool) -> None:
    assert ("use_browser_language" in estate_at(release).get("/auth/session/user").json()) is known


def test_a_custom_token_creates_nobody_before_10_5(estate_at: Callable[[str], Client]) -> None:
    body = {"username": "anna", "secret_key": "sandbox", "persist_option": "NONE"}

    refused(estate_at("10.4").post("/auth/token/custom", body), 401, 10097)
    assert estate_at("10.5").post("/auth/token/custom", body).status_code == 200
