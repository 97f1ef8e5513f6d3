"""List objects page by page, and delete them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tsdeploy.rest.errors import REJECTED, ApiError, finding
from tsdeploy.rest.headers import read_header
from tsdeploy.rest.listing import Listing, refuse_endless
from tsdeploy.rest.query import SearchQuery
from tsdeploy.rest.results import ObjectHeader, ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import items
from tsdeploy.rest.transport import Call
from tsdeploy.rest.v1.listing import TYPES, search_v1

PAGE_SIZE: Final = 500
_CHUNK: Final = 100
_OBJ_ID: Final = "obj_identifier"
_NO_OBJ_IDS: Final = (
    "releases before 10.6 know no obj_ids: deploy to them with  identity: derived  in mapping.yaml, export by GUID"
)
_NEWEST_FIRST: Final = {"field_name": "MODIFIED", "order": "DESC"}
_BY_NAME: Final = {"field_name": "NAME", "order": "ASC"}
"""Any order would do, as long as it is the same for every page."""


def search_metadata(session: Session, query: SearchQuery) -> Iterator[ObjectHeader]:
    """The objects of the session's Org that match, each once, by name; pages are fetched as they are needed.

    An identifier that does not exist is no error, it is just missing. Raises AnswerError TD410 when an
    object has no id, or when the server keeps sending the same page. By V1, it is type by type.
    """
    if session.is_v1:
        yield from search_v1(session, query)
        return
    seen: set[str] = set()
    try:
        for entries in _chunks(_entries(query)):
            yield from _pages(session, _search_body(query, entries), seen)
    except ApiError as error:
        if _OBJ_ID in error.answer.text and error.answer.status == 400:
            raise ApiError(finding(REJECTED, error.findings[0].message, hint=_NO_OBJ_IDS), error.answer) from None
        raise


def search_page(session: Session, query: SearchQuery, offset: int, size: int) -> list[ObjectHeader]:
    """One page of a query; fewer than ``size`` are the last. Of a query with many names only the first 100 count.

    Between two pages the server's list may move: an object can come twice, or not at all. Raises AnswerError TD410 when
    an object has no id.
    """
    entries = next(_chunks(_entries(query)), [])
    body = {**_search_body(query, entries), "record_offset": offset, "record_size": size}
    call = Call("POST", "metadata/search", body)
    refuse_endless(call, offset)
    return [read_header(call, found) for found in items(call, session.ask(call))]


def listed_types(session: Session) -> frozenset[str]:
    """The V2 types of content that the server's listings show; of others, such as custom actions, they say nothing."""
    return frozenset(TYPES) if session.is_v1 else frozenset({*TYPES, "LOGICAL_COLUMN", "COLLECTION"})


def delete_metadata(session: Session, objects: Sequence[ObjectRef]) -> None:
    """Delete objects, all or none. No error does not mean that they are gone: search for them again.

    A caller who may not see an object gets a success, and the object stays (facts §9, recorded on live
    clusters). Raises ApiError when one does not exist (code 13003) or has dependents.
    """
    if objects:
        session.ask(Call("POST", "metadata/delete", {"metadata": [reference(named) for named in objects]}, write=True))


def reference(named: ObjectRef) -> dict[str, str]:
    """How a request body names an object."""
    return {"identifier": named.identifier} | ({"type": named.type} if named.type is not None else {})


def _entries(query: SearchQuery) -> list[dict[str, object]]:
    """The alternatives of a query, as the server wants them: each a type with an identifier and a pattern."""
    named = [{"identifier": value} for value in query.identifiers]
    named += [{_OBJ_ID: value} for value in query.obj_ids]
    pattern = {"name_pattern": query.name_pattern} if query.name_pattern else {}
    types = [_type_entry(kind, query.subtypes) for kind in query.types]
    return [{**kind, **name, **pattern} for name in named or [{}] for kind in types or [{}]]


def _type_entry(kind: str, subtypes: tuple[str, ...]) -> dict[str, object]:
    return {"type": kind} | ({"subtypes": list(subtypes)} if subtypes and kind == "LOGICAL_TABLE" else {})


def _chunks(entries: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for start in range(0, len(entries), _CHUNK):
        yield entries[start : start + _CHUNK]


def _search_body(query: SearchQuery, entries: list[dict[str, object]]) -> dict[str, object]:
    body: dict[str, object] = {
        "metadata": [entry for entry in entries if entry],
        "tag_identifiers": list(query.tags),
        "created_by_user_identifiers": list(query.authors),
        "include_details": query.details,
        "include_personalised_views": query.personal_views,
        "include_hidden_objects": query.hidden,
        "sort_options": _NEWEST_FIRST if query.newest_first else _BY_NAME,
    }
    return {key: value for key, value in body.items() if value not in ([], False)}


def _pages(session: Session, body: dict[str, object], seen: set[str]) -> Iterator[ObjectHeader]:
    """All pages of one search. There is no total: a page that is not full is the last (facts §1)."""
    listing, offset = Listing(), 0
    while True:
        call = Call("POST", "metadata/search", {**body, "record_offset": offset, "record_size": PAGE_SIZE})
        page = [read_header(call, found) for found in items(call, session.ask(call))]
        fresh = [header for header in page if header.id not in seen]
        seen.update(header.id for header in fresh)
        yield from fresh
        if len(page) != PAGE_SIZE:
            return
        listing.go_on(call, [header.id for header in page])
        offset += PAGE_SIZE
