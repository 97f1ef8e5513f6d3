"""Connections and variables that a backup has and the target lacks: without them, no table can be restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.rest import ImportPolicy, Session, Status, import_tml, search_connections
from tsdeploy.rest.variables import create_variable, search_variables, set_variable


def missing_connections(session: Session, manifest: Manifest) -> tuple[BackedUp, ...]:
    """The connections of a backup that the target has neither by GUID nor by name."""
    there = search_connections(session)
    known = {one.id for one in there} | {one.name for one in there}
    connections = (one for one in manifest.objects.values() if one.kind == "connection")
    return tuple(one for one in connections if one.guid not in known and one.name not in known)


def restore_connections(session: Session, texts: Mapping[str, bytes], connections: Sequence[BackedUp]) -> list[Finding]:
    """Make connections as they were, except for their secrets, which no export has.

    ``texts`` are their TML, by path. A finding for each, TD535. Raises RestError TD536 for one that the server refuses,
    and UnknownOutcomeError.
    """
    findings = []
    for one in connections:
        (item,) = import_tml(session, [texts[one.path].decode("utf-8")], ImportPolicy.ALL_OR_NONE)
        if item.status in (Status.ERROR, Status.ABSENT) and not item.guid:
            message = f"connection {one.name} was refused: {item.message or 'no reason given'}"
            raise RestError(Finding("TD536", message, hint="make it by hand, with this name, and restore again"))
        message = f"connection {one.name} is there again, without its password or key"
        hint = "enter it in ThoughtSpot: backups hold no secrets"
        findings.append(Finding("TD535", message, hint=hint, severity=Severity.WARNING))
    return findings


def restore_variables(session: Session, wanted: Sequence[Mapping[str, object]]) -> list[Finding]:
    """Make the variables that are missing, with the values that the backup has; those that are there stay as they are.

    A finding TD536 for each that is refused or whose values are secret.
    """
    if not wanted:
        return []
    known = {one.name for one in search_variables(session)}
    findings = []
    for one in wanted:
        name = str(one["name"])
        if name in known:
            continue
        try:
            create_variable(session, name, str(one["type"]))
            for value in _values(one):
                set_variable(session, name, str(value.get("value", "")), str(value.get("org_identifier", "")))
        except RestError as error:
            message = f"variable {name} could not be restored: {error.findings[0].message}"
            findings.append(Finding("TD536", message, hint="make it by hand, and restore again"))
    return findings


def _values(variable: Mapping[str, object]) -> list[Mapping[str, object]]:
    values = variable.get("values")
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
