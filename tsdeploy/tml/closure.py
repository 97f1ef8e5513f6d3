"""What can be reached in a graph, and how far away it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

Edges: TypeAlias = "Mapping[str, Collection[str]]"
"""Key → the keys it points to. Every key that is pointed to is a key of the mapping."""


def reach(starts: Iterable[str], edges: Edges, depth: int | None = None) -> dict[str, int]:
    """Every key that can be reached, the starts included, with its distance in steps; nearest first.

    ``depth`` is the largest distance that counts, None any. Raises KeyError for a start that is not in the graph.
    """
    distance = dict.fromkeys(starts, 0)
    frontier = list(distance)
    steps = 0
    while frontier and (depth is None or steps < depth):
        steps += 1
        found = dict.fromkeys(other for key in frontier for other in edges[key] if other not in distance)
        distance.update(dict.fromkeys(found, steps))
        frontier = list(found)
    return distance


def reverse(edges: Edges) -> dict[str, frozenset[str]]:
    """The same edges, pointing the other way."""
    back: dict[str, set[str]] = {key: set() for key in edges}
    for key, others in edges.items():
        for other in others:
            back[other].add(key)
    return {key: frozenset(others) for key, others in back.items()}
