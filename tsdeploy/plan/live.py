"""What is live in the target: read in batches, only for the objects that matter. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.config.environment import IdentityForm
from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import RestError
from tsdeploy.export.fetch import export_options, fetch
from tsdeploy.mapping.rules import Mapping as Rules
from tsdeploy.mapping.rules import TableLocation
from tsdeploy.rest import (
    ObjectHeader,
    ObjectRef,
    SearchQuery,
    Session,
    export_feedback,
    search_connections,
    search_metadata,
)
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.graph import Index, index
from tsdeploy.transform.render import Rendered
from tsdeploy.transform.targets import Known

_FORMS: tuple[IdentityForm, ...] = ("guid", "obj_id")


@dataclass(frozen=True, slots=True)
class Live:
    """The live counterparts of a release: document key → document, and → GUID."""

    documents: Mapping[str, Document]
    guids: Mapping[str, str]


def read_known(session: Session, documents: Iterable[Document], rules: Rules, objects: ObjectMap) -> Known:
    """What a rendering has to know of the target: connections, and where identity is open, tables and obj_ids."""
    everything = tuple(documents)
    connections: dict[str, tuple[str, ...]] = {}
    for connection in search_connections(session):
        connections[connection.name] = (*connections.get(connection.name, ()), connection.id)
    settled = {*objects.by_source(), *rules.objects}
    open_tables = any(d.kind.name == "table" and not d.obj_id and d.key not in settled for d in everything)
    obj_ids = tuple(d.obj_id for d in everything if d.obj_id)
    return Known(
        connections=connections,
        tables=dict(_tables(session)) if open_tables else {},
        guids={h.obj_id: h.id for h in _by_obj_id(session, obj_ids) if h.obj_id},
        online=True,
    )


def _by_obj_id(session: Session, obj_ids: tuple[str, ...]) -> Iterable[ObjectHeader]:
    wanted = tuple(filter(None, obj_ids))
    return search_metadata(session, SearchQuery(obj_ids=wanted)) if wanted else ()


def _by_guid(session: Session, guids: tuple[str, ...]) -> Iterable[ObjectHeader]:
    return search_metadata(session, SearchQuery(identifiers=guids)) if guids else ()


def _tables(session: Session) -> Iterator[tuple[TableLocation, str]]:
    query = SearchQuery(types=("LOGICAL_TABLE",), subtypes=("ONE_TO_ONE_LOGICAL",), details=True)
    for header in search_metadata(session, query):
        content = (header.details or {}).get("logicalTableContent")
        where = content.get("tableMappingInfo") if isinstance(content, dict) else None
        if isinstance(where, dict):
            parts = (str(where.get(key) or "") for key in ("databaseName", "schemaName", "tableName"))
            yield TableLocation(header.connection_name, *parts), header.id


def read_live(session: Session, rendered: Iterable[Rendered]) -> Live:
    """The live documents of those objects that exist in the target."""
    everything = tuple(rendered)
    wanted = {item.target.guid: item for item in everything if item.target.guid and _is_searchable(item.source)}
    headers = tuple(_by_guid(session, tuple(wanted)))
    guids = {wanted[header.id].key: header.id for header in headers if header.id in wanted}
    documents: dict[str, Document] = {}
    for form in _FORMS:
        chosen = [header for header in headers if header.id in wanted and _form(wanted[header.id]) == form]
        documents |= _fetch(session, chosen, form, wanted)
    documents |= _live_feedback(session, everything)
    documents |= _live_alerts(session, everything)
    return Live(documents, guids)


def _is_searchable(document: Document) -> bool:
    return document.kind.owned and bool(document.kind.rest_type)


def _form(rendered: Rendered) -> IdentityForm:
    return "obj_id" if rendered.target.obj_id else "guid"


def _fetch(
    session: Session, headers: list[ObjectHeader], form: IdentityForm, wanted: Mapping[str, Rendered]
) -> dict[str, Document]:
    # A set is a column to the search; the export's list of types does not have it, and a GUID alone will do.
    references = [ObjectRef(h.id, None if h.type == "LOGICAL_COLUMN" else h.type) for h in headers]
    fetched = fetch(session, references, export_options(form, associated=False))
    if fetched.findings:
        # What is there but cannot be read must not look as if it were not there.
        raise RestError(fetched.findings[0], *fetched.findings[1:])
    return {wanted[item.guid].key: item.document for item in fetched.objects if item.guid in wanted}


def _live_feedback(session: Session, rendered: tuple[Rendered, ...]) -> dict[str, Document]:
    """Feedback is asked for by its model's GUID, and exists only where the model does."""
    wanted = {item.key: item.document() for item in rendered if item.source.kind.name == "nls_feedback"}
    models = {header.id: header.id for header in _by_guid(session, tuple(d.guid for d in wanted.values() if d.guid))}
    models |= {h.obj_id: h.id for h in _by_obj_id(session, tuple(d.obj_id for d in wanted.values())) if h.obj_id}
    found = {}
    for key, document in wanted.items():
        model = models.get(document.guid) or models.get(document.obj_id)
        for exported in export_feedback(session, model) if model else ():
            if exported.edoc:
                found[key] = parse_document(exported.edoc, exported.filename)
    return found


def _live_alerts(session: Session, rendered: tuple[Rendered, ...]) -> dict[str, Document]:
    """Alerts cannot be searched for: they come along when the Liveboard or answer they watch is exported."""
    alerts = {item.key: item for item in rendered if item.source.kind.name == "monitor_alert"}
    if not alerts:
        return {}
    live: list[Document] = []
    watched = sorted({guid for item in alerts.values() for guid in _watched(item.document())})
    there = [header.id for header in _by_guid(session, tuple(watched))]
    if there:
        fetched = fetch(session, [ObjectRef(guid) for guid in there], export_options("guid", associated=True))
        live = [item.document for item in fetched.objects if item.document.kind.name == "monitor_alert"]
    by_guid: Index = index(live)
    wanted = {key: item.target.guid or item.document().guid for key, item in alerts.items()}
    return {key: by_guid.by_guid[guid] for key, guid in wanted.items() if guid in by_guid.by_guid}


def _watched(alert: Document) -> Iterator[str]:
    for reference in alert.references:
        if reference.guid and reference.place.targets & {"liveboard", "answer"}:
            yield reference.guid
