"""Collections: an envelope to page through, members, and what goes when they are deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.people import add_user, share

CONTENT = {"type": "LIVEBOARD", "identifiers": ["Overview"]}


def make(client: Client, name: str = "Monday", *metadata: Any, **more: Any) -> str:
    """Make a collection; its GUID."""
    body = {"name": name, "metadata": list(metadata), **more}
    return str(conforms(client.post("/collections/create", body), "collection")["id"])


def find(client: Client, **body: Any) -> dict[str, Any]:
    """The envelope of a search."""
    found: dict[str, Any] = conforms(client.post("/collections/search", body), "collections")
    return found


def content(client: Client, guid: str) -> list[str]:
    """The names of what is in a collection."""
    (found,) = find(client, collection_identifiers=[guid], include_metadata=True)["collections"]
    return [member["name"] for group in found["metadata"] for member in group["identifiers"]]


def test_a_collection_is_an_object_with_tml(estate: Client) -> None:
    guid = make(estate, "Monday: all", CONTENT, {"type": "ANSWER", "identifiers": [tml.A1]}, description="First thing")

    assert estate.edoc(guid) == (
        f'guid: {guid}\ncollection:\n  name: "Monday: all"\n  description: First thing\n  content:\n'
        f"  - name: Overview\n    type: LIVEBOARD\n    id: {tml.L1}\n"
        f"  - name: By region\n    type: ANSWER\n    id: {tml.A1}\n"
    )


def test_what_was_imported_is_found_and_members_come_when_asked_for(estate: Client) -> None:
    text = f"collection:\n  name: Tuesday\n  content:\n  - name: Overview\n    type: LIVEBOARD\n    id: {tml.L1}\n"
    (guid,) = estate.load(text)

    (shown,) = find(estate)["collections"]

    assert (shown["id"], shown["metadata"], shown["author_name"]) == (guid, None, "tsadmin")
    assert shown["org"] == {"identifier": "0", "name": "Primary"}
    assert content(estate, guid) == ["Overview"]


def test_pages_say_whether_they_are_the_last(client: Client) -> None:
    for number in range(12):
        make(client, f"C{number:02}")

    first = find(client, sort_options={"field_name": "NAME"})
    last = find(client, record_offset=10)

    assert (len(first["collections"]), first["is_last_batch"], first["record_size"]) == (10, False, 10)
    assert [item["name"] for item in first["collections"]] == [f"C{number:02}" for number in range(10)]
    assert (last["count"], last["is_last_batch"]) == (2, True)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name_pattern": "MON%"}, ["Monday"]),
        ({"collection_identifiers": ["Tuesday"]}, ["Tuesday"]),
        ({"created_by_user_identifiers": ["tsadmin"]}, ["Monday", "Tuesday"]),
        ({"created_by_user_identifiers": ["nobody"]}, []),
    ],
)
def test_filters(filters: dict[str, Any], names: list[str], client: Client) -> None:
    make(client, "Monday")
    make(client, "Tuesday")

    assert sorted(item["name"] for item in find(client, **filters)["collections"]) == names


def test_members_are_added_removed_and_replaced(estate: Client) -> None:
    guid = make(estate, "Monday", CONTENT)
    answer = {"type": "ANSWER", "identifiers": [tml.A1]}

    seen = []
    for operation, metadata in (("ADD", answer), ("REMOVE", CONTENT), ("REPLACE", CONTENT)):
        empty(estate.post(f"/collections/{guid}/update", {"operation": operation, "metadata": [metadata]}))
        seen.append(content(estate, guid))
    empty(estate.post(f"/collections/{guid}/update", {"name": "Friday", "description": "Last thing"}))

    assert seen == [["Overview", "By region"], ["By region"], ["Overview"]]
    (shown,) = find(estate)["collections"]
    assert (shown["id"], shown["name"], shown["description"]) == (guid, "Friday", "Last thing")
    assert content(estate, guid) == ["Overview"]


def test_what_is_not_there_is_refused(estate: Client) -> None:
    refused(
        estate.post("/collections/create", {"name": "x", "metadata": [{**CONTENT, "identifiers": ["y"]}]}), 400, 13003
    )
    refused(estate.post(f"/collections/{tml.NOWHERE}/update", {"name": "x"}), 400, 13003)
    refused(estate.post("/collections/create", {}), 400)
    assert find(estate)["collections"] == []


def test_deleting_leaves_the_objects(estate: Client) -> None:
    guid = make(estate, "Monday", CONTENT)

    gone = conforms(estate.post("/collections/delete", {"collection_identifiers": [guid]}), "collections_deleted")

    assert gone == {
        "metadata_deleted": [{"type": "COLLECTION", "identifiers": [{"id": guid, "name": "Monday"}]}],
        "metadata_skipped": [],
    }
    assert "Overview" in estate.names()


def test_children_go_along_as_far_as_nothing_else_needs_them(estate: Client) -> None:
    inner = make(estate, "Inner", {"type": "LOGICAL_TABLE", "identifiers": [tml.M1]}, CONTENT)
    outer = make(estate, "Outer", {"type": "COLLECTION", "identifiers": [inner]})
    body = {"collection_identifiers": [outer], "delete_children": True}

    rehearsed = conforms(estate.post("/collections/delete", {**body, "dry_run": True}), "collections_deleted")
    assert len(find(estate)["collections"]) == 2
    assert conforms(estate.post("/collections/delete", body), "collections_deleted") == rehearsed

    skipped = [member["name"] for group in rehearsed["metadata_skipped"] for member in group["identifiers"]]
    assert skipped == ["Sales"], "an answer outside needs it"
    assert estate.names() == ["By region", "ORDERS", "Sales", "Warehouse"]


def test_names_do_not_delete(client: Client) -> None:
    make(client, "Monday")

    refused(client.post("/collections/delete", {"collection_identifiers": ["Monday"]}), 400, 10002)


def test_who_has_no_access_neither_sees_nor_fills_nor_deletes(estate: Client, log_in_as: Callable[..., Client]) -> None:
    guid = make(estate, "Monday", CONTENT)
    add_user(estate, "anna")
    anna = log_in_as("anna")

    assert find(anna)["collections"] == []
    refused(anna.post("/collections/create", {"name": "Mine", "metadata": [CONTENT]}), 403, 10023)
    refused(anna.post("/collections/delete", {"collection_identifiers": [guid]}), 403, 10023)
    share(estate, guid, "anna")
    assert [item["name"] for item in find(anna)["collections"]] == ["Monday"]
