"""Publishing objects to other Orgs, and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.test_variables import make, set_values, table_in
from tsdeploy.sandbox import org_id_of


@pytest.fixture
def elsewhere(log_in: Callable[[int], Client]) -> Client:
    """A client in the other Org."""
    return log_in(org_id_of(ORG))


def publish(client: Client, *guids: str, **more: Any) -> requests.Response:
    """Publish objects to the other Org."""
    body = {"metadata": [{"identifier": guid} for guid in guids], "org_identifiers": [ORG], **more}
    return client.post("/security/metadata/publish", body)


def unpublish(client: Client, *guids: str, **more: Any) -> requests.Response:
    """Take objects out of the other Org."""
    body = {
        "metadata": [{"identifier": guid} for guid in guids],
        "org_identifiers": [ORG],
        "include_dependencies": False,
        **more,
    }
    return client.post("/security/metadata/unpublish", body)


def test_an_object_is_published_with_all_it_stands_on(estate: Client, elsewhere: Client) -> None:
    empty(publish(estate, tml.L1))

    assert elsewhere.names() == ["ORDERS", "Overview", "Sales", "Warehouse"]
    header = elsewhere.search(metadata=[{"identifier": tml.L1}])[0]["metadata_header"]
    assert (header["isPublished"], header["ownerOrgId"], header["orgIds"]) == (True, 0, [0, org_id_of(ORG)])
    assert estate.names(include_only_published_objects=True) == elsewhere.names()


def test_what_is_published_can_be_exported_there_but_not_changed(estate: Client, elsewhere: Client) -> None:
    publish(estate, tml.L1)

    assert elsewhere.edoc(tml.L1) == tml.liveboard()
    body = {"metadata": [{"metadata_identifier": tml.L1, "new_obj_id": "mine"}]}
    assert elsewhere.post("/metadata/update-obj-id", body).status_code >= 400
    elsewhere.post("/metadata/delete", {"metadata": [{"identifier": tml.L1}]})
    assert "Overview" in estate.names()
    refused(publish(elsewhere, tml.L1, org_identifiers=["Primary"]), 403, 10023)


def test_variables_need_a_value_in_the_other_org(estate: Client, elsewhere: Client) -> None:
    make(estate, "stage")
    set_values(estate, "stage", "REPLACE", "PROD")
    estate.load(table_in("${stage}"))

    refused(publish(estate, tml.M1), 400, 13151, "stage")
    assert elsewhere.names() == []
    set_values(estate, "stage", "REPLACE", "TEST", org_identifier=ORG)
    empty(publish(estate, tml.M1))


def test_validation_can_be_skipped(estate: Client, elsewhere: Client) -> None:
    make(estate, "stage")
    estate.load(table_in("${stage}"))

    empty(publish(estate, tml.M1, skip_validation=True))

    assert "Sales" in elsewhere.names()


def test_an_object_that_others_need_there_stays_published(estate: Client, elsewhere: Client) -> None:
    publish(estate, tml.L1)

    refused(
        unpublish(estate, tml.M1),
        400,
        13152,
        "Operation Unsuccessful. Following objects have dependents present: {",
    )

    assert "Sales" in elsewhere.names()
    empty(unpublish(estate, tml.M1, force=True))
    assert "Sales" not in elsewhere.names()


def test_dependencies_go_along_unless_something_else_needs_them(estate: Client, elsewhere: Client) -> None:
    publish(estate, tml.L1, tml.A1)

    empty(unpublish(estate, tml.L1, include_dependencies=True))
    assert elsewhere.names() == ["By region", "ORDERS", "Sales", "Warehouse"]
    empty(unpublish(estate, tml.A1, include_dependencies=True))
    assert elsewhere.names() == []


def test_publishing_to_the_own_org_or_to_nowhere_is_refused(estate: Client) -> None:
    refused(publish(estate, tml.L1, org_identifiers=["Primary"]), 400, 13151)
    refused(publish(estate, tml.L1, org_identifiers=["Nowhere"]), 400, 13003)


def test_unpublish_has_to_be_told_about_dependencies(estate: Client) -> None:
    body = {"metadata": {"identifier": tml.L1}, "org_identifiers": ORG}

    refused(estate.post("/security/metadata/unpublish", body), 400, saying='"$include_dependencies"')
