"""Fetch selected objects as documents, in batches, each object once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.config.environment import IdentityForm
from tsdeploy.errors import Finding, TmlError
from tsdeploy.rest import ExportedObject, ExportOptions, ObjectRef, Session, export_tml
from tsdeploy.tml.document import Document, parse_document

BATCH_SIZE = 25


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A live object as a document; ``guid`` is the server's word, also where the text carries only an obj_id."""

    document: Document
    guid: str


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
    for start in range(0, len(objects), BATCH_SIZE):
        for exported in export_tml(session, objects[start : start + BATCH_SIZE], options):
            for item in _read(exported, findings):
                found.setdefault(item.document.key, item)
    return FetchResult(tuple(found.values()), tuple(dict.fromkeys(findings)))


def _read(exported: ExportedObject, findings: list[Finding]) -> Iterator[Fetched]:
    called = exported.name or exported.id or "an object without a name"
    if exported.edoc is None:
        message = f"the server would not export {called}: {exported.error_message}"
        findings.append(Finding("TD503", message, hint="give the user view access to it, or leave it out"))
        return
    label = exported.filename or called
    try:
        document = parse_document(exported.edoc, label)
    except TmlError as error:
        findings += error.findings
        return
    yield Fetched(document, exported.id if document.kind.owned else "")
