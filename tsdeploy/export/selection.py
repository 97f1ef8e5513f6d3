"""Which live objects an export takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tsdeploy.config.environment import ExportSettings
from tsdeploy.errors import Finding, Severity, UsageError
from tsdeploy.export.collect import is_system_owned, look_up
from tsdeploy.export.exportable import is_exportable, is_part, is_set, not_exported
from tsdeploy.export.parallel import all_pages, patiently
from tsdeploy.export.since import since_ms
from tsdeploy.rest import (
    ObjectHeader,
    SearchQuery,
    Session,
    search_collections,
    search_dependents,
    search_metadata,
    search_page,
)
from tsdeploy.tml.kinds import LISTED, Kind
from tsdeploy.tml.references import is_guid
from tsdeploy.tml.selector import glob_matches

PAGE: Final = 5000
"""Headers in one page of a listing."""
_EXPORTABLE = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD")


@dataclass(frozen=True, slots=True)
class Selected:
    """The headers that were selected, by name, and findings for what was asked for and is not there."""

    headers: tuple[ObjectHeader, ...]
    findings: tuple[Finding, ...] = ()


def select(session: Session, settings: ExportSettings) -> Selected:
    """List what the settings select. Nothing given selects every table, view, model, answer and Liveboard.

    Raises UsageError TD506 for a date that is none.
    """
    found: dict[str, ObjectHeader] = {}
    others: dict[str, ObjectHeader] = {}
    members = _members(session, settings.collections) if settings.collections else None
    for query in _queries(settings, members):
        for header in list_headers(session, query):
            if not _is_wanted(header, settings):
                continue
            kind = kind_of(header)
            if is_exportable(header) and (not settings.kinds or kind in settings.kinds):
                found.setdefault(header.id, header)
            elif not kind:
                others.setdefault(header.id, header)
    if settings.modified_since:
        since = since_ms(settings.modified_since, session.budget.server_time)
        found = {guid: header for guid, header in found.items() if (header.modified_ms or 0) >= since}
    headers = _sorted(found.values())
    findings = list(_missing(settings, [*headers, *others.values()]))
    if settings.dependents:
        users = list(_dependents(session, headers))
        headers = _sorted((*headers, *filter(is_exportable, users)))
        others |= {header.id: header for header in users if not is_exportable(header)}
    findings += _not_taken(others.values(), settings)
    return Selected(headers, tuple(findings))


def list_headers(session: Session, query: SearchQuery, expected: int = 0) -> Iterator[ObjectHeader]:
    """Everything that a query finds, each once: several pages at a time where there are many, or as many ``expected``.

    While others edit, an object may be missed: what seems to be gone has to be looked up by its GUID.
    """
    if query.identifiers or query.obj_ids or session.is_v1:
        yield from patiently(lambda: list(search_metadata(session, query)))
        return
    seen: set[str] = set()
    for header in all_pages(
        lambda offset: patiently(lambda: search_page(session, query, offset, PAGE)), PAGE, expected
    ):
        if header.id not in seen:
            seen.add(header.id)
            yield header


def _sorted(headers: Iterable[ObjectHeader]) -> tuple[ObjectHeader, ...]:
    return tuple(sorted(headers, key=lambda header: (header.type, header.name, header.id)))


def _queries(settings: ExportSettings, members: tuple[str, ...] | None) -> Iterator[SearchQuery]:
    """One query for each name pattern; subtypes are told from the headers, as old servers refuse some."""
    types = tuple(dict.fromkeys(LISTED[kind].rest_type for kind in settings.kinds)) or _EXPORTABLE
    if settings.guids or settings.obj_ids or members is not None:
        named = (*settings.guids, *(members or ()))
        yield SearchQuery(identifiers=named, obj_ids=settings.obj_ids, tags=settings.tags, authors=settings.authors)
        return
    for name in settings.names or ("",):
        yield SearchQuery(types=types, name_pattern=_as_like(name), tags=settings.tags, authors=settings.authors)


def _as_like(name: str) -> str:
    """A glob as SQL LIKE; wider where a name has LIKE's own wildcards, and narrowed again by the glob."""
    return name.replace("*", "%").replace("?", "_")


def _is_wanted(header: ObjectHeader, settings: ExportSettings) -> bool:
    if settings.names and not any(glob_matches(name, header.name) for name in settings.names):
        return False
    if header.type == "LOGICAL_COLUMN" and not is_set(header) and header.id not in settings.guids:
        return False
    if settings.subtypes and header.subtype not in settings.subtypes:
        return False
    return not is_system_owned(header) or settings.system_owned or header.id in settings.guids


def kind_of(header: ObjectHeader) -> str:
    """The kind of TML that a listed object is exported as; "" for what is none, such as a plain column."""
    if header.type == "LOGICAL_COLUMN" and not is_set(header):
        return ""
    return next((name for name, kind in LISTED.items() if _is_kind(header, kind)), "")


def _is_kind(header: ObjectHeader, kind: Kind) -> bool:
    if header.type != kind.rest_type or (kind.subtypes and header.subtype not in kind.subtypes):
        return False
    return kind.version is None or (header.worksheet_version == "V2") == (kind.version == "V2")


def _not_taken(headers: Iterable[ObjectHeader], settings: ExportSettings) -> Iterator[Finding]:
    """What was found and is not exported: an error for what was asked for by its GUID, else only worth knowing."""
    for header in _sorted(headers):
        if header.id in settings.guids:
            yield not_exported(header, Severity.ERROR)
        elif not is_part(header):
            yield not_exported(header)


def _missing(settings: ExportSettings, headers: Sequence[ObjectHeader]) -> Iterator[Finding]:
    """Selecting by hand what is not there is a mistake, not an empty result."""
    there = {header.id for header in headers}
    for guid in settings.guids:
        if guid not in there:
            what = "object" if is_guid(guid) else "object with the GUID"
            hint = "it was deleted, is in another Org, or is not visible to this user"
            yield Finding("TD501", f"there is no {what} {guid}", hint=hint)
    known = {header.obj_id for header in headers}
    for obj_id in settings.obj_ids:
        if obj_id not in known:
            hint = "it has another one, is in another Org, or is not visible to this user"
            yield Finding("TD501", f"there is no object with the obj_id {obj_id}", hint=hint)
    for name in settings.names:
        if not any(glob_matches(name, header.name) for header in headers):
            yield Finding("TD501", f"no object is called {name}", hint="names may hold * and ?")
    if not headers and not (settings.guids or settings.obj_ids or settings.names):
        message = "the selection is empty: nothing there is what was asked for"
        yield Finding("TD502", message, severity=Severity.WARNING, hint="look at export: in the environment file")


def _members(session: Session, wanted: Sequence[str]) -> tuple[str, ...]:
    """The GUIDs of what is in some collections, by name or GUID, and in those inside them; and of the collections.

    Raises UsageError TD507 for a collection that is not there.
    """
    there = {found.id: found for found in search_collections(session)}
    todo = []
    for one in wanted:
        named = [found.id for found in there.values() if one in (found.id, found.name)]
        if not named:
            hint = "there are: " + (", ".join(found.name for found in there.values()) or "none")
            raise UsageError(Finding("TD507", f"there is no collection {one}", hint=hint))
        todo += named
    members: dict[str, None] = {}
    while todo:
        guid = todo.pop()
        if guid not in members:
            members[guid] = None
            todo += there[guid].members if guid in there else ()
    return tuple(members)


def _dependents(session: Session, headers: Sequence[ObjectHeader]) -> Iterator[ObjectHeader]:
    """What is built on the objects, on that, and so on."""
    known = {header.id for header in headers}
    todo = list(headers)
    while todo:
        bases = [header.id for header in todo if header.type == "LOGICAL_TABLE"]
        users = {user for found in search_dependents(session, bases).values() for user in found} - known
        known |= users
        todo = look_up(session, sorted(users))
        yield from todo
