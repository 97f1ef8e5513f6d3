"""The objects that may be paired: those in git that have no pair yet, and those that are live in the target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.mapping.propose import Candidate
from tsdeploy.mapping.rules import Mapping as Rules
from tsdeploy.mapping.rules import TableLocation
from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_metadata
from tsdeploy.tml.document import Document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.transform.warehouse import target_location

_COHORT = "COHORT"


def source_candidates(documents: Iterable[Document], rules: Rules, settled: set[str]) -> list[Candidate]:
    """The documents that have a GUID and no pair. ``settled`` are the keys of those that have one, in lower case."""
    return [
        Candidate(document.kind.name, document.name, document.guid, document.obj_id, target_location(document, rules))
        for document in documents
        if document.kind.owned and document.kind.rest_type and document.guid and document.key.lower() not in settled
    ]


def live_candidates(session: Session, types: Iterable[str], taken: set[str]) -> list[Candidate]:
    """What the target has of these V2 types. ``taken`` are the GUIDs that are paired already, in lower case."""
    found = []
    for type_ in sorted(set(types)):
        for header in search_metadata(session, SearchQuery(types=(type_,), details=type_ == "LOGICAL_TABLE")):
            kind = kind_of(header)
            if kind and header.id.lower() not in taken:
                found.append(Candidate(kind, header.name, header.id, header.obj_id or "", _place(header)))
    return found


def kind_of(header: ObjectHeader) -> str:
    """The kind of a live object; "" for columns and what else is no object of its own."""
    if header.type == "LOGICAL_COLUMN":
        return "cohort" if header.subtype.startswith(_COHORT) else ""
    return next(_kinds(header), "")


def _kinds(header: ObjectHeader) -> Iterator[str]:
    for kind in KINDS.values():
        if kind.rest_type == header.type and (not kind.subtypes or header.subtype in kind.subtypes):
            # Models and worksheets share a subtype; the version tells them apart.
            if header.subtype == "WORKSHEET" and (header.worksheet_version == "V2") != (kind.name == "model"):
                continue
            yield kind.name


def _place(header: ObjectHeader) -> TableLocation | None:
    content = (header.details or {}).get("logicalTableContent")
    where = content.get("tableMappingInfo") if isinstance(content, dict) else None
    if not isinstance(where, dict):
        return None
    db, schema, table = (str(where.get(key) or "") for key in ("databaseName", "schemaName", "tableName"))
    return TableLocation(header.connection_name, db, schema, table) if table else None
