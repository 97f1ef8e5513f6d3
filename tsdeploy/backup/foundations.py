"""Connections and variables that a backup has and the target lacks: without them, no table can be restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.backup.value_scopes import ValueScopes
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.rest import ImportPolicy, Session, Status, import_tml, search_connections
from tsdeploy.rest.variables import create_variable, search_variables, set_values


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


def restore_variables(
    session: Session, wanted: Sequence[Mapping[str, object]], scopes: ValueScopes | None = None
) -> list[Finding]:
    """Make the variables that are missing, with the values that the backup has; those that are there stay as they are.

    ``scopes`` say who is who in the target, where that is not as in the backup. A finding TD535 for each whose values
    are secret, TD536 for each that is refused, as a whole or some of its values.
    """
    known = {one.name for one in search_variables(session)} if wanted else frozenset()
    missing = (one for one in wanted if one.get("name") not in known)
    return [finding for one in missing if (finding := _restore_variable(session, one, scopes)) is not None]


def _restore_variable(session: Session, one: Mapping[str, object], scopes: ValueScopes | None) -> Finding | None:
    name, backed_up = str(one.get("name")), _values(one)
    placed = map(scopes.placed, backed_up) if scopes is not None else backed_up
    values = [value for value in placed if value is not None]
    secret = one.get("sensitive") is True
    try:
        create_variable(session, name, str(one.get("type")), sensitive=secret)
    except RestError as error:
        message = f"variable {name} could not be restored: {error.findings[0].message}"
        return Finding("TD536", message, hint="make it by hand, and restore again")
    if secret:
        message = f"variable {name} is there again, without its values"
        hint = "set them in ThoughtSpot: backups hold none of a sensitive variable"
        return Finding("TD535", message, hint=hint, severity=Severity.WARNING)
    try:
        if values:
            set_values(session, name, values)
    except RestError as error:
        message = f"variable {name} is there again, but not its values: {error.findings[0].message}"
        return Finding("TD536", message, hint="set them by hand: what is there, a restore leaves as it is")
    left = len(backed_up) - len(values)
    if left:
        message = f"variable {name} is there again, but not {left} of its values: who they are for is not known there"
        return Finding("TD536", message, hint="set them by hand; the mapping knows neither the group nor the Model")
    return None


def _values(variable: Mapping[str, object]) -> list[Mapping[str, object]]:
    values = variable.get("values")
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
