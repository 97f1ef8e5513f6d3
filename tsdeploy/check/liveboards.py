"""A Liveboard names its visualizations and groups in its layout, groups, filters and styles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.check.context import Context
from tsdeploy.check.guess import did_you_mean
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.spots import Spot, body


def find_missing_visualizations(context: Context) -> Iterator[Finding]:
    """Tiles, groups, filters and styles of a visualization or group that is not there."""
    for liveboard in _liveboards(context):
        tiles = frozenset(spot.text for spot in liveboard.each("visualizations", "id"))
        groups = frozenset(spot.text for spot in liveboard.each("groups", "id"))
        for tile in _tiles(liveboard):
            yield from _missing(tile, tiles | groups, "visualization", Severity.ERROR)
        for member in liveboard.each("groups", "visualizations"):
            yield from _missing(member, tiles | groups, "visualization", Severity.ERROR)
        for layout in _layouts(liveboard):
            for group in layout.each("group_layouts", "id"):
                yield from _missing(group, groups, "group", Severity.ERROR)
        for loose in _loose_ends(liveboard):
            yield from _missing(loose, tiles | groups, "visualization", Severity.WARNING)


def find_doubled_visualizations(context: Context) -> Iterator[Finding]:
    """Visualizations and groups of one Liveboard with the same id."""
    for liveboard in _liveboards(context):
        first: dict[str, Spot] = {}
        for spot in (*liveboard.each("visualizations", "id"), *liveboard.each("groups", "id")):
            other = first.setdefault(spot.text, spot)
            if other is not spot:
                hint = f"the other one is at {other.at}; give one of the two an id of its own"
                yield spot.finding("TD151", f"id {spot.text} stands twice", hint=hint)


def _liveboards(context: Context) -> Iterator[Spot]:
    return (body(document) for document in context.documents if document.kind.name == "liveboard")


def _layouts(liveboard: Spot) -> Iterator[Spot]:
    yield from liveboard.each("layout")
    yield from liveboard.each("layout", "tabs")


def _tiles(liveboard: Spot) -> Iterator[Spot]:
    for layout in _layouts(liveboard):
        yield from layout.each("tiles", "visualization_id")
        yield from layout.each("group_layouts", "tiles", "visualization_id")


def _loose_ends(liveboard: Spot) -> Iterator[Spot]:
    """Places that the server passes over when what they name is gone."""
    for holder in (liveboard, *liveboard.each("groups"), *liveboard.each("layout", "tabs")):
        yield from holder.each("filters", "excluded_visualizations")
    yield from liveboard.each("style", "overrides", "object_id")


def _missing(where: Spot, known: Iterable[str], what: str, severity: Severity) -> Iterator[Finding]:
    if where.text and where.text not in known:
        hint = did_you_mean(where.text, known) or "remove the entry, or bring back what it names"
        yield where.finding("TD150", f"there is no {what} {where.text} here", hint=hint, severity=severity)
