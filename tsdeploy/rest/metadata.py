"""List objects page by page, and delete them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.results import ObjectHeader, ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, inner, items, sequence, text, whole
from tsdeploy.rest.transport import Call

PAGE_SIZE: Final = 500
_CHUNK: Final = 100
_NEWEST_FIRST: Final = {"field_name": "MODIFIED", "order": "DESC"}
_BY_NAME: Final = {"field_name": "NAME", "order": "ASC"}
"""Any order would do, as long as it is the same for every page."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Which objects to list: all that is given must hold; the values of one field are alternatives.

    ``types`` are V2 types; ``subtypes`` only narrow ``LOGICAL_TABLE``. ``name_pattern`` is SQL LIKE,
    ignoring case. ``identifiers`` are GUIDs, or names together with ``types``; ``obj_ids`` are alternatives
    to them. ``tags`` and ``authors`` are names or GUIDs. ``details`` makes an answer about ten times as
    big. ``newest_first`` sorts by the time of the last change instead of by name.
    """

    types: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    name_pattern: str = ""
    identifiers: tuple[str, ...] = ()
    obj_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    hidden: bool = False
    details: bool = False
    newest_first: bool = False


def search_metadata(session: Session, query: SearchQuery) -> Iterator[ObjectHeader]:
    """The objects of the session's Org that match, each once, by name; pages are fetched as they are needed.

    An identifier that does not exist is no error, it is just missing. Raises AnswerError TD410 when an
    object has no id, or when the server keeps sending the same page.
    """
    seen: set[str] = set()
    for entries in _chunks(_entries(query)):
        yield from _pages(session, _search_body(query, entries), seen)


def search_page(session: Session, query: SearchQuery, offset: int, size: int) -> list[ObjectHeader]:
    """One page of a query; fewer than ``size`` are the last. Of a query with many names only the first 100 count.

    Between two pages the server's list may move: an object can come twice, or not at all. Raises AnswerError TD410 when
    an object has no id.
    """
    entries = next(_chunks(_entries(query)), [])
    body = {**_search_body(query, entries), "record_offset": offset, "record_size": size}
    call = Call("POST", "metadata/search", body)
    return [read_header(call, found) for found in items(call, session.ask(call))]


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
    named += [{"obj_identifier": value} for value in query.obj_ids]
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
        "include_hidden_objects": query.hidden,
        "sort_options": _NEWEST_FIRST if query.newest_first else _BY_NAME,
    }
    return {key: value for key, value in body.items() if value not in ([], False)}


def _pages(session: Session, body: dict[str, object], seen: set[str]) -> Iterator[ObjectHeader]:
    """All pages of one search. There is no total: a page that is not full is the last (facts §1)."""
    offset, before = 0, ""
    while True:
        call = Call("POST", "metadata/search", {**body, "record_offset": offset, "record_size": PAGE_SIZE})
        page = [read_header(call, found) for found in items(call, session.ask(call))]
        fresh = [header for header in page if header.id not in seen]
        seen.update(header.id for header in fresh)
        yield from fresh
        if len(page) != PAGE_SIZE:
            return
        if page[0].id == before:
            raise not_understood(call, "the server keeps sending the same page, so the list would be incomplete")
        offset, before = offset + PAGE_SIZE, page[0].id


def read_header(call: Call, found: Item) -> ObjectHeader:
    """Read one object of a search. Raises AnswerError TD410 when it has no id."""
    header = inner(found, "metadata_header")
    guid = text(found, "metadata_id") or text(header, "id")
    if not guid:
        raise not_understood(call, "an object has no id")
    tags = (text(tag, "name") for tag in sequence(header, "tags") if isinstance(tag, dict))
    return ObjectHeader(
        id=guid,
        name=text(found, "metadata_name") or text(header, "name"),
        type=text(found, "metadata_type"),
        subtype=text(header, "type"),
        obj_id=text(found, "metadata_obj_id") or text(header, "objId") or None,
        description=text(header, "description"),
        author_id=text(header, "author"),
        author_name=text(header, "authorName"),
        created_ms=whole(header, "created"),
        modified_ms=whole(header, "modified"),
        modified_by=text(header, "modifiedBy"),
        tags=tuple(filter(None, tags)),
        owner_org_id=whole(header, "ownerOrgId"),
        hidden=flag(header, "isHidden"),
        auto_created=flag(header, "isAutoCreated"),
        connection_name=text(header, "dataSourceName"),
        worksheet_version=text(header, "worksheetVersion"),
        details=inner(found, "metadata_detail") or None,
    )
