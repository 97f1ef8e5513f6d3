"""List objects by V1: one type at a time, and everything else is told from the headers.

What ``pattern`` of V1 matches, and how ``tagname`` treats what it does not know, is written down nowhere; so tags are
given by name, and names, authors and identifiers are compared here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tsdeploy.rest.headers import read_header
from tsdeploy.rest.listing import Listing
from tsdeploy.rest.query import SearchQuery
from tsdeploy.rest.results import ObjectHeader
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, item, items, text
from tsdeploy.rest.transport import Call

PAGE: Final = 1000
TYPES: Final[Mapping[str, str]] = {
    "LOGICAL_TABLE": "LOGICAL_TABLE",
    "ANSWER": "QUESTION_ANSWER_BOOK",
    "LIVEBOARD": "PINBOARD_ANSWER_BOOK",
    "CONNECTION": "DATA_SOURCE",
}
"""V2 type → V1 type, of what releases without V2 export."""


def search_v1(session: Session, query: SearchQuery) -> Iterator[ObjectHeader]:
    """The objects of the session's Org that match, type by type, each once. Types that V1 does not export have none.

    Raises AnswerError TD410 when an object has no id, or when the server keeps sending the same page.
    """
    tags = _tag_names(session, query.tags)
    for type_ in query.types or TYPES:
        fields = {"type": TYPES.get(type_, ""), "showhidden": str(query.hidden).lower()}
        fields |= {"tagname": json.dumps(tags)} if tags else {}
        for call, found in _listed(session, fields) if type_ in TYPES else ():
            header = read_header(call, {"metadata_type": type_, "metadata_header": found})
            if _matches(query, header):
                yield header


def names_v1(session: Session, type_: str) -> dict[str, str]:
    """GUID → name, of everything of a V1 type, such as ``USER`` and ``TAG``."""
    return {text(found, "id"): text(found, "name") for _, found in _listed(session, {"type": type_})}


def _tag_names(session: Session, tags: Sequence[str]) -> list[str]:
    """Tags by name, where they may have been given by GUID."""
    names = names_v1(session, "TAG") if tags else {}
    return [names.get(tag, tag) for tag in tags]


def _listed(session: Session, fields: Mapping[str, str]) -> Iterator[tuple[Call, Item]]:
    listing, offset = Listing(), 0
    while True:
        paging = {"sort": "NAME", "sortascending": "true", "offset": str(offset), "batchsize": str(PAGE)}
        call = Call("GET", "metadata/list", fields={**fields, **paging})
        answer = item(call, session.ask(call))
        page = items(call, answer, envelope="headers")
        yield from ((call, found) for found in page)
        if flag(answer, "isLastBatch") or not page:
            return
        listing.go_on(call, [text(found, "id") for found in page])
        offset += len(page)


def _matches(query: SearchQuery, header: ObjectHeader) -> bool:
    """Whether a header is what a query asks for, but for its type and tags."""
    if (query.identifiers or query.obj_ids) and not _is_named(query, header):
        return False
    if query.subtypes and header.type == "LOGICAL_TABLE" and header.subtype not in query.subtypes:
        return False
    if query.authors and not {header.author_id, header.author_name} & set(query.authors):
        return False
    return not query.name_pattern or _is_like(query.name_pattern, header.name)


def _is_named(query: SearchQuery, header: ObjectHeader) -> bool:
    return header.id in query.identifiers or (bool(query.types) and header.name in query.identifiers)


def _is_like(pattern: str, name: str) -> bool:
    """SQL LIKE, ignoring case."""
    parts = ({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch("".join(parts), name, re.IGNORECASE | re.DOTALL) is not None
