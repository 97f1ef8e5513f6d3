"""What there is to back up, as headers, and which of it has to be read again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.export.collect import is_system_owned, look_up
from tsdeploy.export.parallel import patiently
from tsdeploy.export.selection import PAGE, kind_of, list_headers
from tsdeploy.export.stamps import stamp
from tsdeploy.rest import ApiError, ObjectHeader, SearchQuery, Session, search_page

_TYPES: Final = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD", "CONNECTION", "COLLECTION")
_SETS: Final = SearchQuery(types=("LOGICAL_COLUMN",), newest_first=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """The headers by GUID of all that is there, and the GUIDs of what was backed up and is gone."""

    headers: dict[str, ObjectHeader]
    deleted: frozenset[str] = frozenset()


def list_everything(
    session: Session, before: Manifest | None, *, all_sets: bool, system_owned: bool, overlap: float
) -> Listing:
    """List an Org. What was backed up and is not listed any more is looked up by its GUID before it counts as deleted.

    Unless ``all_sets``, only the sets that changed since the last backup are listed, ``overlap`` seconds earlier to be
    safe; the others are looked up as well.
    """
    since = 0 if before is None or all_sets else round((before.server_time - overlap) * 1000)
    known = before.by_guid() if before else {}
    with ThreadPoolExecutor(1) as pool:
        sets = pool.submit(lambda: list(_sets(session, since)))
        listed = list(_listed(session, len(known)))
    found = {header.id: header for header in (*listed, *sets.result())}
    missing = [guid for guid in known if guid not in found]
    there = {header.id: header for header in look_up(session, missing)}
    headers = {
        guid: header
        for guid, header in (found | there).items()
        if kind_of(header) and (system_owned or not is_system_owned(header))
    }
    return Listing(headers, frozenset(guid for guid in missing if guid not in there))


def _listed(session: Session, expected: int) -> Iterator[ObjectHeader]:
    try:
        yield from list_headers(session, SearchQuery(types=_TYPES), expected)
    except ApiError as error:
        # Releases before 26.4 do not know collections, and refuse the whole search (facts §5).
        if error.answer.status != 400:
            raise
        yield from list_headers(session, SearchQuery(types=_TYPES[:-1]), expected)


def _sets(session: Session, since: int) -> Iterator[ObjectHeader]:
    """Sets are columns to the search, among all columns of all tables: those that changed last come first."""
    offset = 0
    while True:
        page = patiently(partial(search_page, session, _SETS, offset, PAGE))
        for header in page:
            if (header.modified_ms or 0) < since:
                return
            if kind_of(header) == "cohort":
                yield header
        if len(page) < PAGE:
            return
        offset += PAGE


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
