"""What is live in the target: read in batches, only for the objects that matter. Nothing here writes to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tsdeploy.config.environment import IdentityForm
from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import Finding, RestError
from tsdeploy.export.fetch import Fetched, export_options, export_reference, fetch
from tsdeploy.mapping.bindings import Binding, parse_binding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.plan.attached import Owners, fetch_attached, match_attached, owners_of
from tsdeploy.plan.headers import Headers
from tsdeploy.plan.live_cache import LiveCache, LiveText, live_text
from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_connections, search_metadata
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Known

FORMS: tuple[IdentityForm, ...] = ("guid", "obj_id")


@dataclass(frozen=True)
class LiveObject:
    """One object of the target. Parsed only when somebody looks inside; ``header`` is None for what has none."""

    content: LiveText
    header: ObjectHeader | None = None

    @property
    def guid(self) -> str:
        """Its GUID; "" for what hangs on another object."""
        return self.content.guid

    @property
    def hash(self) -> str:
        """SHA-256 of its text."""
        return self.content.hash

    @cached_property
    def document(self) -> Document:
        """Its text, parsed."""
        return parse_document(self.content.text, self.content.name)


@dataclass(frozen=True, slots=True)
class Live:
    """The live counterparts of a release, by document key.

    ``attached`` is all that hangs on the ``owners``, whether the release has it or not.
    """

    objects: Mapping[str, LiveObject] = field(default_factory=dict)
    owners: Owners = field(default_factory=Owners)
    attached: tuple[Fetched, ...] = ()

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each text, by key."""
        return {key: item.hash for key, item in self.objects.items()}

    def documents(self) -> tuple[Document, ...]:
        """All of them, parsed."""
        return tuple(item.document for item in self.objects.values())


def read_known(session: Session, documents: Iterable[Document], rules: Rules, objects: ObjectMap) -> Known:
    """What a rendering has to know of the target: connections, and where identity is open, tables and obj_ids."""
    everything = tuple(documents)
    return known_of(session, everything, rules, objects, Headers(session, everything))


def known_of(
    session: Session, documents: tuple[Document, ...], rules: Rules, objects: ObjectMap, headers: Headers
) -> Known:
    """See ``read_known``; for a caller who will need the headers again."""
    connections: dict[str, tuple[str, ...]] = {}
    for connection in search_connections(session):
        connections[connection.name] = (*connections.get(connection.name, ()), connection.id)
    bound = [parse_binding(rule.target) for rule in rules.objects.values()]
    # Where obj_ids are not what counts, the target may be of a release that knows none, and refuses the question.
    counting = documents if rules.identity in ("auto", "obj_id") else ()
    found = headers.by_obj_id((*(one.obj_id for one in counting), *(one.obj_id for one in bound)))
    settled = {*objects.by_source(), *rules.objects}
    open_tables = any(
        document.kind.name == "table" and document.key not in settled and document.obj_id not in found
        for document in documents
    )
    return Known(
        connections=connections,
        tables=dict(_tables(session)) if open_tables else {},
        guids={obj_id: header.id for obj_id, header in found.items()},
        names=dict(_by_name(session, bound)),
        online=True,
    )


def _by_name(session: Session, bound: Iterable[Binding]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``kind:name`` → GUIDs, of the objects that a rule of the mapping names."""
    for binding in bound:
        if binding.name:
            kinds = [kind for kind in KINDS.values() if kind.name == binding.kind and kind.rest_type]
            types, subtypes = tuple({kind.rest_type for kind in kinds}), kinds[0].subtypes if kinds else ()
            query = SearchQuery(types=types, subtypes=subtypes, name_pattern=binding.name)
            found = search_metadata(session, query) if types else ()
            yield binding.key, tuple(header.id for header in found if header.name == binding.name)


def _tables(session: Session) -> Iterator[tuple[TableLocation, str]]:
    query = SearchQuery(types=("LOGICAL_TABLE",), subtypes=("ONE_TO_ONE_LOGICAL",), details=True)
    for header in search_metadata(session, query):
        location = table_location(header)
        if location is not None:
            yield location, header.id


def table_location(header: ObjectHeader) -> TableLocation | None:
    """Where a table lives, from the header of a search with details; None for what is bound to no table."""
    content = (header.details or {}).get("logicalTableContent")
    where = content.get("tableMappingInfo") if isinstance(content, dict) else None
    if not isinstance(where, dict):
        return None
    db, schema, table = (str(where.get(key) or "") for key in ("databaseName", "schemaName", "tableName"))
    return TableLocation(header.connection_name, db, schema, table) if table else None


def read_live(
    session: Session,
    rendered: Iterable[Rendered],
    *,
    headers: Headers | None = None,
    cache: LiveCache | None = None,
) -> Live:
    """The live counterparts of those objects that exist in the target.

    Raises RestError TD503 for what is there but cannot be read: it must not look as if it were not there.
    """
    everything = tuple(rendered)
    known = headers or Headers(session, (item.source for item in everything))
    wanted = {item.target.guid: item for item in everything if item.target.guid and _is_searchable(item.source)}
    there = known.by_guid(wanted)
    found: dict[str, LiveObject] = {}
    for form in FORMS:
        chosen = [header for guid, header in there.items() if _form(wanted[guid]) == form]
        for content in _texts(session, chosen, form, cache):
            if content.guid in there:
                found[wanted[content.guid].key] = LiveObject(content, there[content.guid])
    _refuse_silence(header for guid, header in there.items() if wanted[guid].key not in found)
    owners = owners_of(everything, known)
    fetched = fetch_attached(session, owners) if owners else ()
    attached = match_attached(everything, fetched, known)
    return Live(found | {key: LiveObject(_content(item)) for key, item in attached.items()}, owners, fetched)


def _refuse_silence(headers: Iterable[ObjectHeader]) -> None:
    """An object that is listed, and left out of the answer that should have its text, would look like a new one."""
    silent = [f"the server said nothing about {header.name}, which it was asked to export" for header in headers]
    RestError.raise_for([Finding("TD503", message, hint="plan again") for message in silent])


def last_known(rendered: Iterable[Rendered], cache: LiveCache) -> Live:
    """The live counterparts as they were read last; no server is asked."""
    texts = {form: cache.last_known(form) for form in FORMS}
    found = {}
    for item in rendered:
        content = texts[_form(item)].get(item.target.guid)
        if content is not None:
            found[item.key] = LiveObject(content)
    return Live(found)


def _is_searchable(document: Document) -> bool:
    return document.kind.owned and bool(document.kind.rest_type)


def _form(rendered: Rendered) -> IdentityForm:
    return "obj_id" if rendered.target.obj_id else "guid"


def _texts(
    session: Session, headers: list[ObjectHeader], form: IdentityForm, cache: LiveCache | None
) -> Iterator[LiveText]:
    modified = {header.id: header.modified_ms for header in headers if header.modified_ms}
    kept = cache.fresh(form, modified) if cache else {}
    yield from kept.values()
    references = [export_reference(header) for header in headers if header.id not in kept]
    fetched = fetch(session, references, export_options(form, associated=False))
    if fetched.findings:
        raise RestError(fetched.findings[0], *fetched.findings[1:])
    read = [_content(item) for item in fetched.objects]
    if cache:
        cache.keep(form, read, modified)
    yield from read


def _content(item: Fetched) -> LiveText:
    document = item.document
    return live_text(
        item.guid, document.path, document.text, (found.guid for found in document.references if found.guid)
    )
