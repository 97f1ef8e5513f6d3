"""Objects that are there already under another identity: of the same name, or for the same warehouse table."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding, Severity
from tsdeploy.export.selection import kind_of
from tsdeploy.plan.preflight.situation import Situation
from tsdeploy.rest import SearchQuery, search_metadata
from tsdeploy.transform.warehouse import target_location

_NAMED = frozenset({"LOGICAL_TABLE", "ANSWER", "LIVEBOARD"})


def check_names(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD518: what is to be created has a namesake, which is no error to the server and a duplicate to people."""
    wanted = [change for change in situation.created() if change.rendered.source.kind.rest_type in _NAMED]
    if not wanted:
        return
    names = tuple(dict.fromkeys(change.rendered.document().name for change in wanted))
    types = tuple(sorted({change.rendered.source.kind.rest_type for change in wanted}))
    there: dict[tuple[str, str], list[str]] = {}
    for header in search_metadata(situation.session, SearchQuery(types=types, identifiers=names)):
        there.setdefault((kind_of(header), header.name), []).append(header.id)
    for change in wanted:
        source, made = change.rendered.source, change.rendered.document()
        for guid in there.get((made.kind.name, made.name), ()):
            message = f"{situation.name} has another {made.label}, {guid}; this deploy would make a second one"
            hint = f"if it is the same object:  tsdeploy map bind {situation.name} {change.key} {guid}"
            yield change.key, Finding("TD518", message, source.at(0), hint=hint, severity=Severity.WARNING)


def check_tables(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD519: a connection has one Table for a warehouse table; a second one is refused."""
    for change in situation.created():
        location = target_location(change.rendered.source, situation.inputs.mapping)
        other = situation.inputs.known.tables.get(location, "") if location else ""
        if other and other != change.rendered.target.guid:
            message = f"{situation.name} has a Table for {location} already: {other}"
            hint = f"bind it:  tsdeploy map bind {situation.name} {change.key} {other}"
            yield change.key, Finding("TD519", message, change.rendered.source.at(0), hint=hint)
