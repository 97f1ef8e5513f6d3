"""The objects that may be paired: those in git that have no pair yet, and those that are live in the target."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.export.selection import kind_of
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.propose import Candidate
from tsdeploy.plan.live import table_location
from tsdeploy.rest import SearchQuery, Session, search_metadata
from tsdeploy.tml.document import Document
from tsdeploy.transform.warehouse import target_location

_UNLISTED = {"CUSTOM_ACTION": "action_object"}
"""Kinds that an export cannot be asked for."""


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
            kind = kind_of(header) or _UNLISTED.get(header.type, "")
            if kind and header.id.lower() not in taken:
                found.append(Candidate(kind, header.name, header.id, header.obj_id or "", table_location(header)))
    return found
