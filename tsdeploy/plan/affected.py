"""Who else feels a plan: live objects that use what changes, whether git has them or not, and what breaks there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tsdeploy.errors import Finding, Severity
from tsdeploy.export.fetch import export_options, export_reference, fetch
from tsdeploy.export.selection import kind_of
from tsdeploy.plan.change import Action, Affected, Change
from tsdeploy.plan.live import Live
from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_dependents, search_metadata
from tsdeploy.tml.columns.graph import build_column_graph
from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.columns.use import ColumnRef, Use
from tsdeploy.tml.document import Document
from tsdeploy.transform.inputs import Inputs

_ROUNDS = 8
"""How far dependents of dependents are followed; a real chain is table, view, model, set, answer."""
_SHOWN = 5


def find_affected(session: Session, changes: Iterable[Change], live: Live) -> tuple[Affected, ...]:
    """The live objects that use a table, view or Model which is to be updated, by label.

    Those that are updated themselves are left out. What breaks is told for columns that go away; a column that only
    gets another name takes its users along.
    """
    everything = {change.rendered.target.guid: change for change in changes if change.live is not None}
    updated = {guid: change for guid, change in everything.items() if change.action is Action.UPDATE}
    data = {guid: change for guid, change in updated.items() if change.rendered.source.kind.is_data}
    uses = _users(session, data)
    strangers = {header.id: header for header in _headers(session, [guid for guid in uses if guid not in everything])}
    labels = {guid: change.label for guid, change in everything.items()}
    labels |= {guid: f"{kind_of(header) or header.type}:{header.name}" for guid, header in strangers.items()}
    lost = {ColumnRef(guid, name) for guid, change in data.items() for name in lost_columns(change)}
    breaks, unread = _breaks(session, lost, live, strangers, labels) if lost else ({}, frozenset[str]())
    found = []
    for guid, used in uses.items():
        if guid in updated or guid not in labels:
            continue
        kind, _, name = labels[guid].partition(":")
        because = tuple(sorted({labels[one] for one in used if one in labels}))
        found.append(Affected(guid, kind, name, guid in everything, because, breaks.get(guid, ()), guid in unread))
    return tuple(sorted(found, key=lambda item: (not item.breaks, item.label, item.guid)))


def breaking_findings(affected: Iterable[Affected], inputs: Inputs) -> Iterator[Finding]:
    """A warning TD510 for each object that would break, and for each of which nobody can tell."""
    for item in affected:
        if item.unread:
            message = f"whether {item.label} breaks in {inputs.environment} is not known: its TML cannot be read"
            hint = f"look at it there (GUID {item.guid}): it uses {', '.join(item.uses[:_SHOWN])}"
            yield Finding("TD510", message, severity=Severity.WARNING, hint=hint)
        if item.breaks:
            more = f" and {len(item.breaks) - _SHOWN} more" if len(item.breaks) > _SHOWN else ""
            where = "" if item.in_release else f", which is not in git (GUID {item.guid})"
            message = f"{item.label} breaks in {inputs.environment}{where}: {'; '.join(item.breaks[:_SHOWN])}{more}"
            hint = "keep the column until nothing uses it, or change its users in the same release"
            yield Finding("TD510", message, severity=Severity.WARNING, hint=hint)


def security_findings(changes: Iterable[Change], inputs: Inputs) -> Iterator[Finding]:
    """A warning TD522 for each update that changes who sees which rows."""
    for change in changes:
        found = [one for one in change.differences if "rls" in one.what or "column_security" in one.what]
        if change.action is Action.UPDATE and found:
            said = "; ".join(one.sentence for one in found[:_SHOWN])
            message = f"{change.label} changes who sees which rows in {inputs.environment}: {said}"
            hint = "let somebody who answers for the data look at it"
            yield Finding("TD522", message, found[0].location, hint=hint, severity=Severity.WARNING)


def lost_columns(change: Change) -> Iterator[str]:
    """The columns that the target has and the new text has not, those aside that only change their name."""
    assert change.live is not None
    before, after = columns_of(change.live.document), columns_of(change.rendered.document())
    renamed = {column.made_of for name, column in after.items() if name not in before}
    for name, column in before.items():
        if name not in after and (not column.made_of or column.made_of not in renamed):
            yield name


def _users(session: Session, data: Mapping[str, Change]) -> dict[str, set[str]]:
    """GUID of a user → GUIDs of what it uses, from the changed objects outward."""
    uses: dict[str, set[str]] = {}
    asked: set[str] = set()
    frontier = sorted(data)
    for _ in range(_ROUNDS):
        if not frontier:
            break
        asked.update(frontier)
        for guid, users in search_dependents(session, frontier).items():
            for user in users:
                uses.setdefault(user, set()).add(guid)
        frontier = sorted(uses.keys() - asked)
    return uses


def _headers(session: Session, guids: list[str]) -> Iterable[ObjectHeader]:
    return search_metadata(session, SearchQuery(identifiers=tuple(guids))) if guids else ()


def _breaks(
    session: Session,
    lost: set[ColumnRef],
    live: Live,
    strangers: Mapping[str, ObjectHeader],
    labels: Mapping[str, str],
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """GUID → what will not work, among the release's live objects and those that git does not have; and the GUIDs of
    those whose TML does not come.
    """
    documents: dict[str, Document] = {item.guid: item.document for item in live.objects.values() if item.guid}
    references = [export_reference(header) for header in strangers.values()]
    fetched = fetch(session, references, export_options("guid", associated=False))
    documents |= {item.guid: item.document for item in fetched.objects if item.guid in strangers}
    broken = build_column_graph(documents).broken_by(sorted(lost)).by_document()
    sentences = {guid: tuple(_sentences(uses, labels)) for guid, uses in broken.items()}
    return sentences, frozenset(strangers.keys() - documents.keys())


def _sentences(uses: Iterable[Use], labels: Mapping[str, str]) -> Iterator[str]:
    """One for each column and visualization, with all the places there."""
    roles: dict[tuple[ColumnRef, str], dict[str, None]] = {}
    for use in uses:
        roles.setdefault((use.column, use.part), {})[use.role.value] = None
    for (column, part), places in roles.items():
        where = f"{part} ({', '.join(places)})" if part else ", ".join(places)
        yield f"{labels.get(column.document, column.document)}::{column.column} is used in {where}"
