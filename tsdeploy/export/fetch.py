"""Fetch selected objects as documents, in batches, each object once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tsdeploy.config.environment import IdentityForm
from tsdeploy.errors import Finding, TmlError
from tsdeploy.export.batches import LeftOut, Refused, Skip, stream_exports
from tsdeploy.export.sizing import Sizing
from tsdeploy.rest import ExportedObject, ExportOptions, ObjectHeader, ObjectRef, Session
from tsdeploy.tml.document import Document, parse_document

BATCH_SIZE = 25
"""Objects in a call whose answer has to be matched as a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A live object as a document; ``guid`` is the server's word, also where the text carries only an obj_id."""

    document: Document
    guid: str


Item: TypeAlias = "Fetched | Refused | LeftOut"


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came back, and a finding for each object that the server would not give."""

    objects: tuple[Fetched, ...]
    findings: tuple[Finding, ...] = ()


def export_options(identity: IdentityForm, *, associated: bool) -> ExportOptions:
    """What to ask of the server so that the text carries one kind of identity."""
    by_obj_id = identity == "obj_id"
    return ExportOptions(
        associated=associated, fqn=not by_obj_id, obj_ids=by_obj_id, guids=not by_obj_id, feedback=associated
    )


def export_reference(header: ObjectHeader) -> ObjectRef:
    """How a listed object is asked for. Sets are columns to the search, which the export's types do not have: a GUID
    alone will do.
    """
    return ObjectRef(header.id, None if header.type == "LOGICAL_COLUMN" else header.type)


def fetch(session: Session, objects: Sequence[ObjectRef], options: ExportOptions) -> FetchResult:
    """Export objects, and with ``associated`` what they are built on."""
    found: dict[str, Fetched] = {}
    findings: list[Finding] = []
    for item in stream(session, objects, options):
        if isinstance(item, Fetched):
            found.setdefault(item.document.key, item)
        else:
            findings.append(item.finding)
    return FetchResult(tuple(found.values()), tuple(dict.fromkeys(findings)))


def stream(
    session: Session,
    objects: Iterable[ObjectRef],
    options: ExportOptions,
    sizing: Sizing | None = None,
    skip: Skip = lambda _: False,
) -> Iterator[Item]:
    """As ``fetch``, one by one as they come; what came along with several batches comes more than once.

    See ``stream_exports`` for the order, for ``sizing`` and for ``skip``.
    """
    for exported in stream_exports(session, objects, options, sizing, skip):
        yield _read(exported) if isinstance(exported, ExportedObject) else exported


def _read(exported: ExportedObject) -> Fetched | Refused:
    called = exported.name or exported.id or "an object without a name"
    if exported.edoc is None:
        message = f"the server would not export {called}: {exported.error_message}"
        hint = "give the user view access to it, or leave it out"
        return Refused(exported.id, Finding("TD503", message, hint=hint))
    label = exported.filename or called
    try:
        document = parse_document(exported.edoc, label)
    except TmlError as error:
        return Refused(exported.id, error.findings[0])
    if _is_of_another(document, exported.id):
        message = f"the server sent {document.label} ({document.guid}) when it was asked for {exported.id}"
        hint = "export again; if it stays, something other than ThoughtSpot answers"
        return Refused(exported.id, Finding("TD530", message, hint=hint))
    return Fetched(document, exported.id if document.kind.owned else "")


def _is_of_another(document: Document, guid: str) -> bool:
    """Whether a text says that it is another object than the one it was sent as.

    What hangs on an object carries that one's GUID, or one that no search knows.
    """
    is_itself = document.kind.owned and bool(document.kind.rest_type)
    return is_itself and bool(document.guid and guid) and document.guid.lower() != guid.lower()
