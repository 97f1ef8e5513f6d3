"""What somebody without a privilege or without access to an object gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import empty, refused
from tests.sandbox.client import Client, code, guid, status
from tests.sandbox.people import add_group, add_user, share
from tsdeploy.sandbox.endpoints import ENDPOINTS

M = [{"identifier": tml.M1}]


@pytest.fixture
def nobody(estate: Client, log_in_as: Callable[..., Client]) -> Client:
    """A user without any privilege."""
    add_user(estate, "nobody")
    return log_in_as("nobody")


@pytest.fixture
def anna(estate: Client, log_in_as: Callable[..., Client]) -> Client:
    """A user who may do everything with objects that are shared with her."""
    add_group(estate, "Analysts", "DATAMANAGEMENT", users=[])
    add_user(estate, "anna", groups=["Analysts"])
    return log_in_as("anna")


def _guarded() -> Iterator[tuple[str, str]]:
    for endpoint in ENDPOINTS:
        if endpoint.needs:
            yield endpoint.method, endpoint.path.replace("<", "").replace(">", "")


@pytest.mark.parametrize(("method", "path"), sorted(_guarded()))
def test_an_endpoint_that_needs_a_privilege_is_403(nobody: Client, method: str, path: str) -> None:
    refused(nobody.get(path) if method == "GET" else nobody.post(path, {}), 403, 10023, "privilege required")


def test_the_refusal_of_system_is_the_recorded_one(nobody: Client) -> None:
    said = refused(nobody.get("/system"), 403, 10023)

    assert said == "ADMINISTRATION privilege required to retrieve system information."


@pytest.mark.parametrize(
    ("privilege", "path", "body"),
    [
        ("SYSTEM_INFO_ADMINISTRATION", "/system", None),
        ("ORG_ADMINISTRATION", "/orgs/search", {}),
        ("DATADOWNLOADING", "/metadata/tml/export", {"metadata": []}),
        ("DATAMANAGEMENT", "/metadata/tml/export", {"metadata": []}),
        ("TAGMANAGEMENT", "/tags/create", {"name": "release"}),
        ("ADMINISTRATION", "/tags/create", {"name": "release"}),
        ("GROUP_ADMINISTRATION", "/roles/search", {}),
    ],
)
def test_one_privilege_of_a_group_opens_what_needs_it(
    estate: Client, log_in_as: Callable[..., Client], privilege: str, path: str, body: Any
) -> None:
    add_user(estate, "ben")
    add_group(estate, "Some", privilege, users=["ben"])
    ben = log_in_as("ben")

    assert (ben.get(path) if body is None else ben.post(path, body)).status_code == 200


def test_a_privilege_in_one_org_says_nothing_in_another(client: Client, log_in_as: Callable[..., Client]) -> None:
    add_group(client, "Taggers", "TAGMANAGEMENT")
    add_user(client, "ben", groups=["Taggers"], orgs=["Primary", "Sales"])
    elsewhere = client.post("/orgs/search", {"org_identifier": "Sales"}).json()[0]["id"]

    assert log_in_as("ben").post("/tags/create", {"name": "a"}).status_code == 200
    refused(log_in_as("ben", elsewhere).post("/tags/create", {"name": "a"}), 403, 10023)


def test_an_administrator_of_an_org_is_none_of_the_cluster(client: Client, log_in_as: Callable[..., Client]) -> None:
    add_user(client, "ben", orgs=["Primary", "Sales"])
    add_group(client, "Administrator", "ADMINISTRATION", org="Sales", users=["ben"])
    elsewhere = client.post("/orgs/search", {"org_identifier": "Sales"}).json()[0]["id"]

    assert log_in_as("ben", elsewhere).get("/system").status_code == 200
    refused(log_in_as("ben").get("/system"), 403, 10023)


def test_an_export_says_forbidden_for_each_object_and_is_200(estate: Client, anna: Client) -> None:
    share(estate, tml.L1, "anna")

    items = anna.export(tml.L1, tml.M1)

    assert [item["info"]["status"]["status_code"] for item in items] == ["OK", "ERROR"]
    assert "FORBIDDEN" in items[1]["info"]["status"]["error_message"]
    assert items[1]["edoc"] is None


def test_associated_objects_without_access_are_forbidden_too(estate: Client, anna: Client) -> None:
    share(estate, tml.L1, "anna")

    items = anna.export(tml.L1, export_associated=True)

    assert [item["info"]["status"]["status_code"] for item in items] == ["OK", "ERROR", "ERROR"]


def test_security_rules_of_a_foreign_table_are_500_with_10038(estate: Client, anna: Client) -> None:
    share(estate, tml.T1, "anna")
    body = {
        "metadata": [{"identifier": tml.T1}],
        "export_associated": True,
        "export_options": {"export_column_security_rules": True},
    }

    refused(anna.post("/metadata/tml/export", body), 500, 10038, "does not have access to read/modify CSR")
    share(estate, tml.T1, "anna", "MODIFY")
    assert anna.post("/metadata/tml/export", body).status_code == 200


@pytest.mark.parametrize("mode", ["NO_ACCESS", "READ_ONLY"])
def test_deleting_without_access_is_204_and_the_object_survives(estate: Client, anna: Client, mode: str) -> None:
    share(estate, tml.A1, "anna", mode)

    empty(anna.post("/metadata/delete", {"metadata": [{"identifier": tml.A1}]}))

    assert "By region" in estate.names()


def test_deleting_with_access_deletes(estate: Client, anna: Client) -> None:
    share(estate, tml.A1, "anna", "MODIFY")

    empty(anna.post("/metadata/delete", {"metadata": [{"identifier": tml.A1}]}))

    assert "By region" not in estate.names()


def test_an_obj_id_without_edit_access_is_an_authorization_failure(estate: Client, anna: Client) -> None:
    share(estate, tml.M1, "anna")
    body = {"metadata": [{"metadata_identifier": tml.M1, "new_obj_id": "x"}]}

    refused(anna.post("/metadata/update-obj-id", body), 400, 10023, "AUTHORIZATION_FAILURE")


def test_importing_over_a_foreign_object_is_an_error_of_the_item(estate: Client, anna: Client) -> None:
    share(estate, tml.C1, "anna")
    share(estate, tml.T1, "anna")
    mine = tml.table("MINE", guid="", columns=("ID",))

    items = anna.items(tml.table(columns=("ID", "AMOUNT", "REGION", "NEW")), mine)

    assert [(status(item), code(item)) for item in items] == [("ERROR", 10023), ("OK", 0)]
    assert items[1]["response"]["header"]["author_name"] == "anna"
    assert "NEW" not in estate.edoc(tml.T1)


def test_what_somebody_imports_is_the_own(estate: Client, anna: Client) -> None:
    (item,) = anna.items(tml.connection("Mine", guid=""))

    assert anna.names() == ["Mine"]
    assert anna.search()[0]["metadata_header"]["modifiedBy"] == guid_of(estate, "anna")
    empty(anna.post("/metadata/delete", {"metadata": [{"identifier": guid(item)}]}))


def guid_of(client: Client, name: str) -> str:
    """The GUID of a user."""
    return str(client.post("/users/search", {"user_identifier": name}).json()[0]["id"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tags/assign", {"metadata": M, "tag_identifiers": ["release"]}),
        ("/tags/unassign", {"metadata": M, "tag_identifiers": ["release"]}),
    ],
)
def test_tagging_needs_edit_access(estate: Client, anna: Client, path: str, body: Any) -> None:
    estate.post("/tags/create", {"name": "release"})
    share(estate, tml.M1, "anna")

    refused(anna.post(path, body), 403, 10023)
    share(estate, tml.M1, "anna", "MODIFY")
    empty(anna.post(path, body))
