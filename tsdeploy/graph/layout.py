"""Where each object stands on the page: levels from left to right, few crossings, no column too tall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from tsdeploy.graph.drawing import Drawing

NODE_WIDTH = 196
NODE_HEIGHT = 44
_ROW = 66
_GAP = 56
"""Between levels."""
_SUB_GAP = 24
"""Between the columns of one level."""
_MIN_ROWS = 16
_TALL = 1.8
"""Rows for each column where every level is folded, so that the whole is about as wide as it is high."""
_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """The upper left corner of a node, in pixels."""

    x: int
    y: int


def lay_out(drawing: Drawing) -> dict[str, Point]:
    """Key → place. What is needed stands to the left of what needs it; a level that is too tall is folded."""
    rows = max(_MIN_ROWS, ceil(sqrt(len(drawing.nodes)) * _TALL))
    places: dict[str, Point] = {}
    x = 0
    for level in _untangled(drawing):
        columns = _folded(level, rows)
        for column in columns:
            top = -len(column) * _ROW // 2
            places.update({key: Point(x, top + number * _ROW) for number, key in enumerate(column)})
            x += NODE_WIDTH + _SUB_GAP
        x += _GAP - _SUB_GAP
    return places


def _folded(level: Sequence[str], rows: int) -> list[Sequence[str]]:
    count = ceil(len(level) / rows)
    size = ceil(len(level) / count)
    return [level[start : start + size] for start in range(0, len(level), size)]


def _untangled(drawing: Drawing) -> list[list[str]]:
    """The keys of each level, ordered by where their neighbours stand; sweeps to the right and back in turn."""
    levels: list[list[str]] = [[] for _ in range(drawing.depth)]
    for key, node in drawing.nodes.items():
        levels[node.level].append(key)
    place = _places(levels)
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        for level in levels if rightwards else reversed(levels):
            nodes = (drawing.nodes[key] for key in level)
            wanted = {
                node.key: _middle(node.needs if rightwards else node.used_by, place, place[node.key]) for node in nodes
            }
            level.sort(key=wanted.__getitem__)
            place.update(_places([level]))
    return levels


def _places(levels: Iterable[Sequence[str]]) -> dict[str, float]:
    """Key → how far down in its level, from 0 to 1."""
    return {key: (number + 0.5) / len(level) for level in levels for number, key in enumerate(level)}


def _middle(keys: Iterable[str], place: dict[str, float], otherwise: float) -> float:
    found = [place[key] for key in keys]
    return sum(found) / len(found) if found else otherwise
