"""Live objects that no search lists, because they hang on others: feedback, aliases, security rules, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

from tsdeploy.export.fetch import BATCH_SIZE, Fetched, export_options
from tsdeploy.plan.headers import Headers
from tsdeploy.rest import ExportedObject, ExportOptions, ObjectRef, Session, export_feedback, export_tml
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.transform.inputs import Rendered

_FEEDBACK = "nls_feedback"
_ALERT = "monitor_alert"
_RULES = frozenset({"column_alias", "column_security_rules"})
_KINDS = _RULES | {_FEEDBACK, _ALERT}


@dataclass(frozen=True, slots=True)
class Owners:
    """The GUIDs of the objects that are asked for what hangs on them: feedback, aliases and rules, alerts."""

    feedback: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(astuple(self))


def owners_of(rendered: Iterable[Rendered], headers: Headers) -> Owners:
    """Whom to ask for the documents of a release that hang on others; only those that are there."""
    found: dict[str, set[str]] = {_FEEDBACK: set(), _ALERT: set(), "": set()}
    for item in rendered:
        kind = item.source.kind.name
        if kind == _ALERT:
            found[kind].update(headers.by_guid(_watched(item.document())))
        elif kind == _FEEDBACK or kind in _RULES:
            found["" if kind in _RULES else kind].add(_owner(item.document(), headers))
    feedback, alerts, rules = (tuple(sorted(found[kind] - {""})) for kind in (_FEEDBACK, _ALERT, ""))
    return Owners(feedback, rules, alerts)


def fetch_attached(session: Session, owners: Owners) -> tuple[Fetched, ...]:
    """What hangs on the owners, each document once. What is not of these kinds is not even parsed."""
    associated = export_options("guid", associated=True)
    with_rules = replace(associated, feedback=False, aliases=True, security_rules=True)
    found: dict[tuple[str, str], Fetched] = {}
    exported = (
        *export_feedback(session, owners.feedback),
        *_exported(session, owners.rules, with_rules, _RULES),
        *_exported(session, owners.alerts, replace(associated, feedback=False), frozenset({_ALERT})),
    )
    for item in exported:
        if item.edoc is not None:
            document = parse_document(item.edoc, item.filename)
            if document.kind.name in _KINDS:
                found.setdefault((document.kind.name, document.key), Fetched(document, ""))
    return tuple(found.values())


def match_attached(rendered: Iterable[Rendered], fetched: Sequence[Fetched], headers: Headers) -> dict[str, Fetched]:
    """Document key of the release → what is live for it."""
    live = {_identity(item.document, headers): item for item in fetched}
    found = {}
    for item in rendered:
        if item.source.kind.name in _KINDS:
            wanted = item.document()
            if item.target.guid and wanted.kind.name == _ALERT:
                wanted = replace(wanted, guid=item.target.guid)
            match = live.get(_identity(wanted, headers))
            if match is not None:
                found[item.key] = match
    return found


def _exported(
    session: Session, guids: Sequence[str], options: ExportOptions, kinds: frozenset[str]
) -> Iterator[ExportedObject]:
    """What may be of some kinds, of all that comes along with the objects: told by the root key, before any parsing."""
    roots = tuple(f"{kind}:" for kind in kinds)
    for start in range(0, len(guids), BATCH_SIZE):
        references = [ObjectRef(guid) for guid in guids[start : start + BATCH_SIZE]]
        for item in export_tml(session, references, options):
            if item.edoc is None or any(root in item.edoc for root in roots):
                yield item


def _identity(document: Document, headers: Headers) -> tuple[str, str]:
    """An alert has a GUID of its own; everything else is the only one of its kind on its owner."""
    kind = document.kind.name
    return (kind, document.guid if kind == _ALERT else _owner(document, headers))


def _owner(document: Document, headers: Headers) -> str:
    """The GUID of the Model or table that a document belongs to; "" while it is not there."""
    if document.kind.name == _FEEDBACK:
        return _there(document.guid, document.obj_id, headers)
    for reference in document.references:
        if reference.place.targets & {"model", "worksheet", "table"}:
            found = _there(reference.guid, reference.obj_id, headers)
            if found:
                return found
    return ""


def _there(guid: str, obj_id: str, headers: Headers) -> str:
    header = headers.by_guid([guid]).get(guid) or headers.by_obj_id([obj_id]).get(obj_id)
    return header.id if header else ""


def _watched(alert: Document) -> Iterator[str]:
    for reference in alert.references:
        if reference.guid and reference.place.targets & {"liveboard", "answer"}:
            yield reference.guid
