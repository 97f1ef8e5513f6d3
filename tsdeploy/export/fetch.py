"""Fetch selected objects as documents, in batches, each object once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tsdeploy.config.environment import IdentityForm
from tsdeploy.errors import Finding, TmlError
from tsdeploy.export.batches import LeftOut, Refused, Skip, stream_exports
from tsdeploy.export.sizing import Sizing
from tsdeploy.rest import ExportedObject, ExportOptions, ObjectRef, Session
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
    return Fetched(document, exported.id if document.kind.owned else "")
