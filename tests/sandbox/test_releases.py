"""What older releases do not have yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import refused
from tests.sandbox.client import Client
from tsdeploy.sandbox import Cluster, Server, Settings


@pytest.fixture
def at() -> Iterator[Callable[[str], Client]]:
    """A client, logged in, of a cluster of a release that has one of each kind."""
    with ExitStack() as stack:

        def made(release: str) -> Client:
            cluster = stack.enter_context(Cluster(settings=Settings(release=release)))
            server = stack.enter_context(Server(cluster))
            client = Client(server.url, stack.enter_context(requests.Session()))
            token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
            client.session.headers["Authorization"] = f"Bearer {token}"
            client.load(*tml.ESTATE)
            return client

        yield made


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
    at: Callable[[str], Client], path: str, body: dict[str, Any], before: str, since: str
) -> None:
    refused(at(before).post(path, body), 404)
    assert at(since).post(path, body).status_code in (200, 400)


def test_the_session_token_came_with_9_4(at: Callable[[str], Client]) -> None:
    refused(at("9.3").get("/auth/session/token"), 404)


def test_a_choice_that_is_too_new_fails_the_whole_request(at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"type": "LOGICAL_TABLE", "subtypes": ["WORKSHEET", "SQL_VIEW"]}]}

    refused(at("10.10").post("/metadata/search", body), 400, saying='Value "SQL_VIEW" does not exist')
    assert at("10.11").post("/metadata/search", body).status_code == 200


def test_a_nested_field_that_is_too_new_is_refused(at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"obj_identifier": "x"}]}

    refused(at("10.5").post("/metadata/search", body), 400, saying='Field "obj_identifier" is not defined')
    assert at("10.6").post("/metadata/search", body).status_code == 200


def test_an_argument_that_is_too_new_is_ignored(at: Callable[[str], Client]) -> None:
    body = {"include_users": False, "group_identifier": "All"}

    assert at("10.9").post("/groups/search", body).json()[0]["users"]
    assert at("10.10").post("/groups/search", body).json()[0]["users"] is None


def test_export_options_came_one_by_one(at: Callable[[str], Client]) -> None:
    body = {"metadata": [{"identifier": tml.M1}], "export_options": {"export_with_column_aliases": True}}

    assert at("10.5").post("/metadata/tml/export", body).status_code == 200
    refused(at("10.6").post("/metadata/tml/export", body), 400)
    assert at("10.13").post("/metadata/tml/export", body).status_code == 200


def test_obj_ids_are_in_search_since_10_8(at: Callable[[str], Client]) -> None:
    before, since = at("10.7").search()[0], at("10.8").search()[0]

    assert "metadata_obj_id" not in before
    assert "objId" not in before["metadata_header"]
    assert since["metadata_obj_id"] is None


@pytest.mark.parametrize(("release", "known"), [("26.2", False), ("26.3", True)])
def test_users_got_new_keys(at: Callable[[str], Client], release: str, known: bool) -> None:
    assert ("use_browser_language" in at(release).get("/auth/session/user").json()) is known


def test_a_custom_token_creates_nobody_before_10_5(at: Callable[[str], Client]) -> None:
    body = {"username": "anna", "secret_key": "sandbox", "persist_option": "NONE"}

    refused(at("10.4").post("/auth/token/custom", body), 401, 10097)
    assert at("10.5").post("/auth/token/custom", body).status_code == 200
