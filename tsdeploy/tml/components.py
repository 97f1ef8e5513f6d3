"""How a graph falls into parts: cycles, levels, and pieces that have nothing to do with each other.

Every function takes the edges as key → keys it needs. The order of the keys decides where nothing else does, so
that the same input gives the same output. Nothing here recurses: a chain may be as long as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsdeploy.tml.closure import Edges, reverse


def strong_components(edges: Edges) -> list[tuple[str, ...]]:
    """Groups of keys that need each other, each after the groups it needs. Most groups have one key."""
    keys = list(edges)
    number = {key: place for place, key in enumerate(keys)}
    finder = _Tarjan([sorted(number[other] for other in others) for others in edges.values()])
    return [tuple(keys[place] for place in sorted(group)) for group in finder.groups()]


def levels(edges: Edges) -> dict[str, int]:
    """Key → the length of the longest way down from it: 0 needs nothing. Keys that need each other share a level."""
    level: dict[str, int] = {}
    for group in strong_components(edges):
        below = [level[other] for key in group for other in edges[key] if other in level]
        level.update(dict.fromkeys(group, max(below, default=-1) + 1))
    return level


def connected(edges: Edges) -> list[tuple[str, ...]]:
    """Groups of keys between which there is a way, whichever way the edges point."""
    back = reverse(edges)
    place = {key: number for number, key in enumerate(edges)}
    seen: set[str] = set()
    groups = []
    for start in edges:
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for key in group:
            fresh = {*edges[key], *back[key]} - seen
            seen |= fresh
            group += fresh
        groups.append(tuple(sorted(group, key=place.__getitem__)))
    return groups


class _Tarjan:
    """Tarjan's algorithm over keys that are numbers, with its own stack in place of recursion."""

    def __init__(self, edges: Sequence[Sequence[int]]) -> None:
        self._edges = edges
        self._entered = [0] * len(edges)
        self._low = [0] * len(edges)
        self._is_open = bytearray(len(edges))
        self._open: list[int] = []
        self._count = 0

    def groups(self) -> Iterator[list[int]]:
        for start in range(len(self._edges)):
            if not self._entered[start]:
                yield from self._visit(start)

    def _visit(self, start: int) -> Iterator[list[int]]:
        work = [(start, self._enter(start))]
        while work:
            key, rest = work[-1]
            child = self._next_unseen(key, rest)
            if child is not None:
                work.append((child, self._enter(child)))
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                self._low[parent] = min(self._low[parent], self._low[key])
            if self._low[key] == self._entered[key]:
                yield self._close(key)

    def _enter(self, key: int) -> Iterator[int]:
        self._count += 1
        self._entered[key] = self._low[key] = self._count
        self._open.append(key)
        self._is_open[key] = 1
        return iter(self._edges[key])

    def _next_unseen(self, key: int, rest: Iterator[int]) -> int | None:
        for child in rest:
            if not self._entered[child]:
                return child
            if self._is_open[child]:
                self._low[key] = min(self._low[key], self._entered[child])
        return None

    def _close(self, key: int) -> list[int]:
        group = []
        while True:
            member = self._open.pop()
            self._is_open[member] = 0
            group.append(member)
            if member == key:
                return group
