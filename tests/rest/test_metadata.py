"""Listing objects, page by page, and deleting them."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Server
from tsdeploy.rest import (
    AnswerError,
    ApiError,
    ObjectHeader,
    ObjectRef,
    SearchQuery,
    Session,
    UnknownOutcomeError,
    delete_metadata,
    search_metadata,
)

SORT = {"field_name": "NAME", "order": "ASC"}


def listed(*numbers: int) -> Canned:
    return Canned([{"metadata_id": f"id-{n}", "metadata_name": f"N{n}"} for n in numbers])


def search(session: Session, query: SearchQuery | None = None) -> list[str]:
    return [header.id for header in search_metadata(session, query or SearchQuery())]


def test_header_with_everything(session: Session, server: Server) -> None:
    server.answer(
        Canned(
            [
                {
                    "metadata_id": "e5d2",
                    "metadata_name": "Sales Model",
                    "metadata_type": "LOGICAL_TABLE",
                    "metadata_obj_id": "SalesModel-e5d2aa11",
                    "metadata_detail": {"dataSourceId": "c1"},
                    "metadata_header": {
                        "id": "e5d2",
                        "name": "Sales Model",
                        "description": "What was sold",
                        "author": "u1",
                        "authorName": "tsadmin",
                        "created": 1592450556601,
                        "modified": 1592605750424.0,
                        "ownerOrgId": 0,
                        "isHidden": True,
                        "isAutoCreated": True,
                        "tags": [{"id": "t1", "name": "release"}, None, {"id": "t2"}],
                        "type": "WORKSHEET",
                        "worksheetVersion": "V2",
                        "dataSourceName": "Snowflake PROD",
                    },
                }
            ]
        )
    )
    assert list(search_metadata(session, SearchQuery())) == [
        ObjectHeader(
            id="e5d2",
            name="Sales Model",
            type="LOGICAL_TABLE",
            subtype="WORKSHEET",
            obj_id="SalesModel-e5d2aa11",
            description="What was sold",
            author_id="u1",
            author_name="tsadmin",
            created_ms=1592450556601,
            modified_ms=1592605750424,
            tags=("release",),
            owner_org_id=0,
            hidden=True,
            auto_created=True,
            connection_name="Snowflake PROD",
            worksheet_version="V2",
            details={"dataSourceId": "c1"},
        )
    ]


@pytest.mark.parametrize(
    ("item", "header"),
    [
        ({"metadata_id": "a"}, ObjectHeader("a", "", "")),
        ({"metadata_header": {"id": "a", "name": "n", "objId": "o"}}, ObjectHeader("a", "n", "", obj_id="o")),
        (
            {"metadata_id": "a", "metadata_header": None, "metadata_detail": None, "metadata_obj_id": None},
            ObjectHeader("a", "", "", obj_id=""),
        ),
        (
            {"metadata_id": "a", "metadata_header": {"tags": None, "created": True, "modified": "12"}},
            ObjectHeader("a", "", "", modified_ms=12),
        ),
    ],
)
def test_header_with_missing_keys_and_nulls(
    session: Session, server: Server, item: object, header: ObjectHeader
) -> None:
    server.answer(Canned([item]))
    assert list(search_metadata(session, SearchQuery())) == [header]


@pytest.mark.parametrize("answer", [[{}], [{"metadata_id": ""}], [1], {}, {"error": 1}, "x", None])
def test_answer_that_is_no_list_of_objects(session: Session, server: Server, answer: object) -> None:
    server.answer(Canned(answer))
    with pytest.raises(AnswerError, match="TD410: POST metadata/search"):
        search(session)


def test_pages_until_one_is_not_full(session: Session, server: Server) -> None:
    server.answer(listed(*range(500)), listed(*range(500, 1000)), listed(1000))
    assert search(session) == [f"id-{n}" for n in range(1001)]
    assert [
        (seen.fields["record_offset"], seen.fields["record_size"], seen.fields["sort_options"])
        for seen in server.requests()
    ] == [(0, 500, SORT), (500, 500, SORT), (1000, 500, SORT)]


def test_last_page_may_be_empty(session: Session, server: Server) -> None:
    server.answer(listed(*range(500)), listed())
    assert len(search(session)) == 500


def test_nothing_found_takes_one_request(session: Session, server: Server) -> None:
    server.answer(listed())
    assert search(session) == []
    assert len(server.requests()) == 1


def test_object_on_two_pages_is_listed_once(session: Session, server: Server) -> None:
    server.answer(listed(*range(500)), listed(499, 500))
    assert search(session) == [f"id-{n}" for n in range(501)]


def test_server_that_ignores_the_page_size(session: Session, server: Server) -> None:
    server.answer(listed(*range(777)))
    assert len(search(session)) == 777


def test_server_that_ignores_the_offset_is_found_out(session: Session, server: Server) -> None:
    server.answer(listed(*range(500)), listed(*range(500)))
    with pytest.raises(AnswerError, match="keeps sending the same page"):
        search(session)


def test_pages_are_fetched_when_needed(session: Session, server: Server) -> None:
    server.answer(listed(*range(500)))
    assert next(search_metadata(session, SearchQuery())).id == "id-0"
    assert len(server.requests()) == 1


def test_identifiers_go_in_chunks_and_come_back_once(session: Session, server: Server) -> None:
    server.answer(listed(1, 2), listed(2, 3), listed())
    query = SearchQuery(identifiers=tuple(f"id-{n}" for n in range(200)), obj_ids=("o-1",))
    assert search(session, query) == ["id-1", "id-2", "id-3"]
    entries = [seen.fields["metadata"] for seen in server.requests()]
    assert entries[0] == [{"identifier": f"id-{n}"} for n in range(100)]
    assert entries[2] == [{"obj_identifier": "o-1"}]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (SearchQuery(), {}),
        (
            SearchQuery(types=("LIVEBOARD", "LOGICAL_TABLE"), subtypes=("WORKSHEET",), name_pattern="S%"),
            {
                "metadata": [
                    {"type": "LIVEBOARD", "name_pattern": "S%"},
                    {"type": "LOGICAL_TABLE", "subtypes": ["WORKSHEET"], "name_pattern": "S%"},
                ]
            },
        ),
        (
            SearchQuery(types=("ANSWER",), identifiers=("Sales",)),
            {"metadata": [{"type": "ANSWER", "identifier": "Sales"}]},
        ),
        (
            SearchQuery(tags=("a", "b"), authors=("u",), hidden=True, details=True),
            {
                "tag_identifiers": ["a", "b"],
                "created_by_user_identifiers": ["u"],
                "include_hidden_objects": True,
                "include_details": True,
            },
        ),
    ],
)
def test_query_as_it_is_sent(session: Session, server: Server, query: SearchQuery, body: dict[str, object]) -> None:
    server.answer(listed())
    search(session, query)
    paging = {"record_offset": 0, "record_size": 500, "sort_options": SORT}
    assert server.requests()[0].body == {**body, **paging}


def test_delete(session: Session, server: Server) -> None:
    server.answer(Canned(status=204))
    delete_metadata(session, [ObjectRef("g1", "LIVEBOARD"), ObjectRef("g2")])
    assert server.requests()[0].body == {"metadata": [{"identifier": "g1", "type": "LIVEBOARD"}, {"identifier": "g2"}]}


def test_delete_nothing_asks_nothing(session: Session, server: Server) -> None:
    delete_metadata(session, [])
    assert not server.seen


def test_delete_of_what_is_not_there(session: Session, server: Server) -> None:
    server.answer(Canned({"error": {"message": {"code": 13003, "debug": "not found"}}}, 400))
    with pytest.raises(ApiError) as caught:
        delete_metadata(session, [ObjectRef("g1")])
    assert caught.value.answer.code == 13003


def test_delete_in_doubt_is_not_repeated(session: Session, server: Server) -> None:
    server.answer(Canned(b"", 504), Canned(status=204))
    with pytest.raises(UnknownOutcomeError):
        delete_metadata(session, [ObjectRef("g1")])
    assert len(server.requests()) == 1
