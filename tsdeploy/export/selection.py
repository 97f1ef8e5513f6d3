"""Which live objects an export takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tsdeploy.config.environment import ExportSettings
from tsdeploy.errors import Finding, Severity
from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_metadata
from tsdeploy.tml.references import is_guid
from tsdeploy.tml.selector import glob_matches

_EXPORTABLE = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD")
_COHORT = "COHORT"


@dataclass(frozen=True, slots=True)
class KindFilter:
    """How the server and its headers tell a kind. ``version`` is the Model flag of worksheet headers."""

    type: str
    subtypes: tuple[str, ...] = ()
    version: str | None = None


_KINDS = {
    "connection": KindFilter("CONNECTION"),
    "table": KindFilter("LOGICAL_TABLE", ("ONE_TO_ONE_LOGICAL", "USER_DEFINED")),
    "sql_view": KindFilter("LOGICAL_TABLE", ("SQL_VIEW",)),
    "view": KindFilter("LOGICAL_TABLE", ("AGGR_WORKSHEET",)),
    "model": KindFilter("LOGICAL_TABLE", ("WORKSHEET",), "V2"),
    "worksheet": KindFilter("LOGICAL_TABLE", ("WORKSHEET", "PRIVATE_WORKSHEET"), ""),
    "answer": KindFilter("ANSWER"),
    "liveboard": KindFilter("LIVEBOARD"),
    "cohort": KindFilter("LOGICAL_COLUMN"),
    "collection": KindFilter("COLLECTION"),
}


@dataclass(frozen=True, slots=True)
class Selected:
    """The headers that were selected, by name, and findings for what was asked for and is not there."""

    headers: tuple[ObjectHeader, ...]
    findings: tuple[Finding, ...] = ()


def select(session: Session, settings: ExportSettings) -> Selected:
    """List what the settings select. Nothing given selects every table, view, model, answer and Liveboard."""
    found: dict[str, ObjectHeader] = {}
    for query in _queries(settings):
        for header in search_metadata(session, query):
            if _is_wanted(header, settings):
                found.setdefault(header.id, header)
    headers = tuple(sorted(found.values(), key=lambda header: (header.type, header.name, header.id)))
    return Selected(headers, tuple(_missing(settings, headers)))


def _queries(settings: ExportSettings) -> Iterator[SearchQuery]:
    """One query for each type and name pattern; subtypes are told from the headers, as old servers refuse some."""
    types = tuple(dict.fromkeys(_KINDS[kind].type for kind in settings.kinds)) or _EXPORTABLE
    if settings.guids:
        yield SearchQuery(identifiers=settings.guids, tags=settings.tags, authors=settings.authors)
        return
    for type_, name in product(types, settings.names or ("",)):
        yield SearchQuery(types=(type_,), name_pattern=_as_like(name), tags=settings.tags, authors=settings.authors)


def _as_like(name: str) -> str:
    """A glob as SQL LIKE; wider where a name has LIKE's own wildcards, and narrowed again by the glob."""
    return name.replace("*", "%").replace("?", "_")


def _is_wanted(header: ObjectHeader, settings: ExportSettings) -> bool:
    if settings.names and not any(glob_matches(name, header.name) for name in settings.names):
        return False
    if header.type == "LOGICAL_COLUMN" and not header.subtype.startswith(_COHORT):
        return False
    return not settings.kinds or any(_is_kind(header, _KINDS[kind]) for kind in settings.kinds)


def _is_kind(header: ObjectHeader, kind: KindFilter) -> bool:
    if header.type != kind.type or (kind.subtypes and header.subtype not in kind.subtypes):
        return False
    return kind.version is None or (header.worksheet_version == "V2") == (kind.version == "V2")


def _missing(settings: ExportSettings, headers: tuple[ObjectHeader, ...]) -> Iterator[Finding]:
    """Selecting by hand what is not there is a mistake, not an empty result."""
    there = {header.id for header in headers}
    for guid in settings.guids:
        if guid not in there:
            what = "object" if is_guid(guid) else "object with the GUID"
            hint = "it was deleted, is in another Org, or is not visible to this user"
            yield Finding("TD501", f"there is no {what} {guid}", hint=hint)
    for name in settings.names:
        if not any(glob_matches(name, header.name) for header in headers):
            yield Finding("TD501", f"no object is called {name}", hint="names may hold * and ?")
    if not headers and not settings.guids and not settings.names:
        message = "the selection is empty: no object has these tags, kinds and authors"
        yield Finding("TD502", message, severity=Severity.WARNING, hint="look at export: in the environment file")
