"""Which of the objects of a release exist in the target: their headers, asked for as cheaply as possible."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_metadata
from tsdeploy.tml.document import Document

LISTED_FROM = 1000
"""From so many objects on, the whole Org is listed: pages of 500 instead of 100 names in a call."""

NEVER_LISTED = frozenset({"LOGICAL_COLUMN"})
"""Sets are columns to the search: a list of them is a list of all columns of all tables."""
_SEARCHABLE = frozenset({"CONNECTION", "LOGICAL_TABLE", "LOGICAL_COLUMN", "ANSWER", "LIVEBOARD", "COLLECTION"})


class Headers:
    """The headers of a release's objects in one Org. What was asked for once is not asked for again."""

    def __init__(self, session: Session, documents: Iterable[Document]) -> None:
        self._session = session
        everything = tuple(documents)
        types = {document.kind.rest_type for document in everything} & _SEARCHABLE
        self._listed_types = tuple(sorted(types - NEVER_LISTED)) if len(everything) > LISTED_FROM else ()
        self._pending = bool(self._listed_types)
        self._by_guid: dict[str, ObjectHeader] = {}
        self._by_obj_id: dict[str, ObjectHeader] = {}
        self._asked: set[str] = set()

    def by_guid(self, guids: Iterable[str]) -> dict[str, ObjectHeader]:
        """GUID → header, of those that exist."""
        wanted = tuple(dict.fromkeys(filter(None, guids)))
        self._find(SearchQuery(identifiers=self._open(wanted)) if wanted else None)
        return {guid: self._by_guid[guid] for guid in wanted if guid in self._by_guid}

    def by_obj_id(self, obj_ids: Iterable[str]) -> dict[str, ObjectHeader]:
        """obj_id → header, of those that exist. Raises ApiError TD406 when the server's release knows no obj_ids."""
        wanted = tuple(dict.fromkeys(filter(None, obj_ids)))
        self._find(SearchQuery(obj_ids=self._open(wanted)) if wanted else None)
        return {obj_id: self._by_obj_id[obj_id] for obj_id in wanted if obj_id in self._by_obj_id}

    def _open(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Those that are not known yet. Lists what is to be listed first.

        What a list does not have is still asked for by name: its pages move while others edit, and an object of
        another type may have the GUID.
        """
        if self._pending:
            self._pending = False
            self._note(search_metadata(self._session, SearchQuery(types=self._listed_types)))
        known = self._asked | self._by_guid.keys() | self._by_obj_id.keys()
        return tuple(name for name in wanted if name not in known)

    def _find(self, query: SearchQuery | None) -> None:
        if query is not None and (query.identifiers or query.obj_ids):
            self._asked.update(query.identifiers, query.obj_ids)
            self._note(search_metadata(self._session, query))

    def _note(self, found: Iterable[ObjectHeader]) -> None:
        for header in found:
            self._by_guid[header.id] = header
            if header.obj_id:
                self._by_obj_id[header.obj_id] = header
