"""What published clients send and rely on, call by call as they make them. Source: facts about the REST API, 17."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.test_async_imports import ended
from tsdeploy.sandbox import Server

HEADERS = {"X-Requested-By": "ThoughtSpot", "Accept": "application/json", "Accept-Language": "en_US"}


@pytest.fixture
def library(server: Server) -> Iterator[Client]:
    """A session as the Python library for V2 opens it: with its headers, logged in by cookie."""
    with requests.Session() as session:
        session.headers.update(HEADERS)
        client = Client(server.url, session)
        empty(client.post("/auth/session/login", {"username": "tsadmin", "password": "tsadmin", "remember_me": "true"}))
        yield client


def test_a_bearer_token_becomes_a_cookie(client: Client, server: Server) -> None:
    with requests.Session() as session:
        other = Client(server.url, session)
        headers = {"Authorization": client.session.headers["Authorization"]}

        empty(other.post("/auth/session/login", {"remember_me": "true"}, headers=headers))

        assert conforms(other.get("/auth/session/user"), "user")["name"] == "tsadmin"


def test_a_login_may_name_no_org_with_null(server: Server) -> None:
    body = {"username": "tsadmin", "password": "tsadmin", "org_identifier": None, "remember_me": True}

    empty(requests.post(f"{server.url}/api/rest/2.0/auth/session/login", json=body, headers=HEADERS, timeout=10))


def test_keys_that_the_server_does_not_know_are_ignored(library: Client) -> None:
    body = {
        "metadata_tmls": [tml.connection()],
        "import_policy": "PARTIAL",
        "create_new": False,
        "all_orgs_context": False,
        "cdw_validation_for_tables": False,
    }

    assert conforms(library.post("/metadata/tml/import", body), "tml_import")[0]["request_index"] == 0


def test_an_export_without_a_format_is_json(library: Client) -> None:
    library.load(tml.connection())
    body = {"metadata": [{"identifier": tml.C1}], "export_associated": False, "export_fqn": False, "formattype": "YAML"}

    (item,) = conforms(library.post("/metadata/tml/export", body), "tml_export")

    assert item["edoc"].startswith("{")


def test_every_export_item_has_a_status_that_is_read_before_anything_else(library: Client) -> None:
    library.load(*tml.ESTATE)

    items = library.export(tml.L1, export_associated=True, export_fqn=True)

    assert {item["info"]["status"]["status_code"] for item in items} == {"OK"}


def test_items_that_are_not_ok_say_why_and_headers_say_what(library: Client) -> None:
    two = (("Viz_1", "[AMOUNT]", tml.V1), ("Viz_2", "[No such column]", ""))
    library.load(*tml.ESTATE)

    items = library.items("nonsense", tml.liveboard(vizzes=two), policy="PARTIAL_OBJECT")

    assert all(item["response"]["status"]["error_message"] for item in items)
    assert {"id_guid", "name", "metadata_type"} <= set(items[1]["response"]["header"])


def test_a_client_that_polls_until_a_task_is_completed_comes_to_an_end(library: Client) -> None:
    task = library.post(
        "/metadata/tml/async/import", {"metadata_tmls": ["nonsense"], "import_policy": "PARTIAL"}
    ).json()

    assert ended(library, task)["task_status"] == "COMPLETED"


def test_pages_of_metadata_end_with_a_short_one_and_tags_come_whole_each_time(library: Client) -> None:
    library.load(*tml.ESTATE)
    for name in ("a", "b"):
        library.post("/tags/create", {"name": name})

    pages = [len(library.search(record_offset=offset, record_size=2)) for offset in range(0, 8, 2)]
    tags = [len(library.post("/tags/search", {"record_offset": offset}).json()) for offset in (0, 10)]

    assert pages == [2, 2, 1, 0]
    assert tags == [2, 2]


def test_a_name_that_is_not_there_is_an_empty_list(library: Client) -> None:
    body: dict[str, Any] = {"metadata": [{"identifier": "Nothing", "type": "LIVEBOARD"}]}

    assert library.post("/metadata/search", body).json() == []


def test_the_release_can_be_read(library: Client) -> None:
    release = conforms(library.get("/system"), "system")["release_version"]

    assert re.match(r"\d+\.\d+\.\d+\.(cl|sw)", release)


def test_feedback_of_a_model_without_any_is_400(library: Client) -> None:
    library.load(*tml.ESTATE)
    body = {"metadata": [{"identifier": tml.M1, "type": "FEEDBACK"}]}

    refused(library.post("/metadata/tml/export", body), 400, 10002)


def test_the_notice_of_an_update_is_the_whole_message(library: Client) -> None:
    library.load(tml.connection(obj_id="warehouse"))
    (guid,) = library.load(tml.connection(guid="", obj_id="warehouse"), skip_diff_check=True)

    (item,) = library.items(tml.connection("Lake", guid="", obj_id="warehouse"))

    notice = f"Warning: Existing guid {guid} corresponding to object Id warehouse will be used."
    assert item["response"]["status"] == {"status_code": "WARNING", "error_message": notice}


def test_custom_tokens_need_what_a_client_library_leaves_out(library: Client) -> None:
    body = {"username": "tsadmin", "secret_key": "sandbox", "validity_time_in_sec": 300, "org_id": 0}

    refused(library.post("/auth/token/custom", body), 400, saying='"$persist_option"')
