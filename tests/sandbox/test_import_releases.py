"""TML import as older releases do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import refused
from tests.sandbox.client import Client, guid, message, status


def test_partial_object_came_with_10_5(at: Callable[[str], Client]) -> None:
    body = {"metadata_tmls": [tml.connection()], "import_policy": "PARTIAL_OBJECT"}

    refused(at("10.4").post("/metadata/tml/import", body), 400, saying='Value "PARTIAL_OBJECT" does not exist')
    assert at("10.5").post("/metadata/tml/import", body).status_code == 200


def test_skip_diff_check_came_with_10_6(at: Callable[[str], Client]) -> None:
    def is_written_again(client: Client) -> bool:
        (first,) = client.items(tml.connection())
        (second,) = client.items(tml.connection(), skip_diff_check=True)
        return bool(first["response"]["header"]["modified"] < second["response"]["header"]["modified"])

    assert not is_written_again(at("10.5"))
    assert is_written_again(at("10.6"))


def test_obj_ids_mean_nothing_before_10_6(at: Callable[[str], Client]) -> None:
    def guids(client: Client) -> set[str]:
        return {guid(client.items(tml.connection(guid="", obj_id="wh"))[0]) for _ in range(2)}

    assert len(guids(at("10.5"))) == 2
    assert len(guids(at("10.6"))) == 1


def test_references_by_obj_id_fall_back_to_the_name_before_10_6(at: Callable[[str], Client]) -> None:
    client = at("10.5")
    client.load(tml.connection(obj_id="wh"), tml.table(connected="name: Warehouse\n    obj_id: nowhere"))

    assert client.edoc(tml.T1) == tml.table()


@pytest.mark.parametrize(
    ("before", "since", "text"),
    [
        ("10.11", "10.12", "column_security_rules:\n  table:\n    name: ORDERS\n  rules:\n  - column_name: ID\n"),
        ("10.12", "10.13", "column_alias:\n  model:\n    name: Sales\n  columns:\n  - name: ID\n"),
    ],
)
def test_kinds_that_are_too_new_are_no_tml(at: Callable[[str], Client], before: str, since: str, text: str) -> None:
    for release, wanted in ((before, "ERROR"), (since, "OK")):
        client = at(release)
        client.load(*tml.ESTATE)
        (item,) = client.items(text)
        assert status(item) == wanted, message(item)


def test_personal_views_are_kept_on_demand_since_26_8(at: Callable[[str], Client]) -> None:
    views = "  views:\n  - name: Mine\n    view_guid: e0000000-0000-4000-8000-000000000009\n"

    def is_kept(client: Client) -> bool:
        client.load(*tml.ESTATE, tml.liveboard(guid=tml.NOWHERE, vizzes=(), tail=views))
        client.load(tml.liveboard("New", tml.NOWHERE, vizzes=()), enable_personalized_view_upsert=True)
        return "name: Mine" in client.edoc(tml.NOWHERE)

    assert not is_kept(at("26.5"))
    assert is_kept(at("26.8"))
