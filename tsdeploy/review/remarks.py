"""A review as findings with places, for the formats in which hosts show remarks beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.review.report import AffectedObject, Review, ReviewedObject
from tsdeploy.review.risk import Judged, Risk
from tsdeploy.review.wording import plain_phrase

BREAKING, RISKY, BREAKS = "TD730", "TD731", "TD732"
_CODES = {Risk.BREAKING: (BREAKING, Severity.ERROR), Risk.RISKY: (RISKY, Severity.WARNING)}


def remarks(review: Review) -> tuple[Finding, ...]:
    """Breaking and risky changes, the objects that break, and the findings of the check, by file and line."""
    found = (
        *(finding for item in review.objects for finding in _changes(item)),
        *(_broken(item) for item in review.broken()),
        *review.findings,
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.order))


def _changes(item: ReviewedObject) -> Iterator[Finding]:
    if item.own_risk in _CODES:
        yield _finding(item.own_risk, f"{item.label} {item.verb}", Location(item.newest.path), plain_phrase(item.why))
    for change in item.changes:
        if change.risk in _CODES:
            text = f"{item.label}: {change.difference.sentence}"
            yield _finding(change.risk, text, _place(item, change), plain_phrase(change.why), change.difference.at)


def _finding(risk: Risk, message: str, where: Location | None, why: str, at: str = "") -> Finding:
    code, severity = _CODES[risk]
    return Finding(code, f"{message}. {why[:1].upper()}{why[1:]}" if why else message, where, at, "", severity)


def _place(item: ReviewedObject, change: Judged) -> Location | None:
    """Where a change stands in the newer text; the start of the file for what is gone from it."""
    found = change.difference
    gone = found.after is None and found.before is not None
    return item.newest.at(item.newest.body.start) if gone or found.location is None else found.location


def _broken(item: AffectedObject) -> Finding:
    more = f" and {len(item.breaks) - 1} more" if len(item.breaks) > 1 else ""
    message = f"{item.label} stops working: {plain_phrase(item.breaks[0])}{more}"
    return Finding(BREAKS, message, Location(item.path, 1, 1))
