"""Which of the objects that a search lists have TML of their own; the others are told of, not passed over."""

from __future__ import annotations

from typing import Final

from tsdeploy.errors import Finding, Severity
from tsdeploy.rest import ObjectHeader

_WITH_TML: Final = frozenset({"LOGICAL_TABLE", "ANSWER", "LIVEBOARD", "CONNECTION", "COLLECTION", "CUSTOM_ACTION"})
"""Types of objects that an export takes; people and groups have TML, too, and are no content (facts §6)."""

_COLUMN: Final = "LOGICAL_COLUMN"
_SET: Final = "COHORT"
_PARTS: Final = frozenset({_COLUMN, "LOGICAL_RELATIONSHIP"})


def is_exportable(header: ObjectHeader) -> bool:
    """Whether there is TML of an object itself."""
    return header.type in _WITH_TML or is_set(header)


def is_set(header: ObjectHeader) -> bool:
    """Whether a column is a set."""
    return header.type == _COLUMN and header.subtype.startswith(_SET)


def is_part(header: ObjectHeader) -> bool:
    """Whether it comes with the TML of its table: a join, or a column that is no set."""
    return header.type in _PARTS and not is_set(header)


def not_exported(header: ObjectHeader, severity: Severity = Severity.WARNING) -> Finding:
    """The finding for an object that was found and is not taken: it has no TML, or is of no kind that was asked for."""
    if is_exportable(header):
        kind = f"{header.type} {header.subtype}".strip()
        message = f"{header.name} ({header.id}) is of type {kind}, which no kind stands for: it is not exported"
        return Finding("TD529", message, hint="leave the kinds out of what is to be exported", severity=severity)
    message = f"{header.name} ({header.id}) is of type {header.type}, which has no TML: it is not exported"
    return Finding("TD526", message, hint="make it anew where it is needed", severity=severity)
