"""What there is to back up, as headers, and which of it has to be read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.export.collect import is_system_owned, look_up
from tsdeploy.export.exportable import is_exportable, is_set
from tsdeploy.export.parallel import patiently, threads
from tsdeploy.export.selection import PAGE, list_headers
from tsdeploy.export.stamps import stamp
from tsdeploy.rest import ApiError, ObjectHeader, SearchQuery, Session, search_page

_TYPES: Final = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD", "CONNECTION", "COLLECTION")
_SETS: Final = SearchQuery(types=("LOGICAL_COLUMN",), newest_first=True)
_FEW: Final = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """The headers by GUID of all that is there, and the GUIDs of what was backed up and is gone."""

    headers: dict[str, ObjectHeader]
    deleted: frozenset[str] = frozenset()

    def newer_than(self, other: Listing) -> list[ObjectHeader]:
        """The objects that another listing lacks, or has with another time of their last change."""
        then = {guid: header.modified_ms or 0 for guid, header in other.headers.items()}
        return [header for guid, header in self.headers.items() if then.get(guid) != (header.modified_ms or 0)]


@dataclass(frozen=True, slots=True)
class Lister:
    """Lists an Org. Times are seconds by the server's clock."""

    session: Session
    system_owned: bool = False

    def everything(self, known: Collection[str], *, sets_since: float = 0) -> Listing:
        """All there is. What is known, by GUID, and not listed any more is looked up before it counts as deleted.

        Of the sets, only those that changed since a moment are listed; the others are looked up as well.
        """
        with threads(1) as pool:
            sets = pool.submit(lambda: list(_sets(self.session, _ms(sets_since))))
            listed = list(_listed(self.session, len(known)))
        found = {header.id: header for header in (*listed, *sets.result())}
        missing = [guid for guid in known if guid not in found]
        there = {header.id: header for header in look_up(self.session, missing)}
        headers = self._wanted((found | there).values())
        return Listing(headers, frozenset(guid for guid in missing if guid not in there))

    def recent(self, since: float) -> Listing:
        """The objects that were changed or made since a moment; what was deleted does not show."""

        def newest(types: tuple[str, ...]) -> Iterator[ObjectHeader]:
            return _since(self.session, SearchQuery(types=types, newest_first=True), _ms(since))

        with threads(1) as pool:
            sets = pool.submit(lambda: list(_sets(self.session, _ms(since))))
            objects = list(_with_collections(newest))
        return Listing(self._wanted((*objects, *sets.result())))

    def _wanted(self, headers: Iterable[ObjectHeader]) -> dict[str, ObjectHeader]:
        # Whatever its subtype: of one that no release had so far, the server gives TML, or says why it does not.
        wanted = (one for one in headers if is_exportable(one) and (self.system_owned or not is_system_owned(one)))
        return {header.id: header for header in wanted}


def _ms(seconds: float) -> int:
    return int(seconds) * 1000


def _listed(session: Session, expected: int) -> Iterator[ObjectHeader]:
    yield from _with_collections(lambda types: list_headers(session, SearchQuery(types=types), expected))


def _with_collections(ask: Callable[[tuple[str, ...]], Iterator[ObjectHeader]]) -> Iterator[ObjectHeader]:
    """What a search for all types finds, on releases before 26.4 without the collections that they do not know."""
    try:
        yield from ask(_TYPES)
    except ApiError as error:
        # The whole search is refused for one type that is not known (facts §5).
        if error.answer.status != 400:
            raise
        yield from ask(_TYPES[:-1])


def _sets(session: Session, since_ms: int) -> Iterator[ObjectHeader]:
    """Sets are columns to the search, among all columns of all tables."""
    return (header for header in _since(session, _SETS, since_ms) if is_set(header))


def _since(session: Session, query: SearchQuery, since_ms: int) -> Iterator[ObjectHeader]:
    """What changed since a moment: what changed last comes first. Few objects are asked for before many."""
    offset, size = 0, _FEW if since_ms else PAGE
    while True:
        page = patiently(partial(search_page, session, query, offset, size))
        for header in page:
            if (header.modified_ms or 0) < since_ms:
                return
            yield header
        if len(page) < size:
            return
        offset, size = offset + size, PAGE


def to_read(listing: Listing, before: Manifest, overlap: float) -> list[ObjectHeader]:
    """What has changed since a backup, or may have.

    An object is read again when it or something that it is built on has another stamp, when it changed within
    ``overlap`` seconds before the backup (the server may still have been at it), and when the backup lacks it.
    """
    known = before.by_guid()
    then = {guid: one.modified for guid, one in known.items()}
    now = {guid: header.modified_ms or 0 for guid, header in listing.headers.items()}
    unsettled = (before.server_time - overlap) * 1000

    def is_fresh(one: BackedUp) -> bool:
        stamped = stamp(one.guid, one.depends, then) == stamp(one.guid, one.depends, now)
        return stamped and 0 < one.modified < unsettled

    return [header for guid, header in listing.headers.items() if guid not in known or not is_fresh(known[guid])]


def with_header(one: BackedUp, header: ObjectHeader) -> BackedUp:
    """An object with what its header says now; its text has not changed."""
    said = (header.name, header.obj_id or "", header.author_name, tuple(sorted(header.tags)))
    if said == (one.name, one.obj_id, one.author, one.tags):
        return one
    name, obj_id, author, tags = said
    return replace(one, name=name, obj_id=obj_id, author=author, tags=tags)
