"""What every rendering shows: the objects with their places in the order, and who needs, uses and links to whom."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf
from tsdeploy.visible import visible

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Node:
    """One object. ``needs``, ``used_by`` and ``links`` are keys, in the order of the drawing.

    ``id`` is made of the key alone, so that it stays when other objects come and go; it is a letter and hexadecimal
    digits. All text is visible text.
    """

    id: str
    key: str
    kind: str
    name: str
    path: str
    guid: str
    obj_id: str
    level: int
    needs: tuple[str, ...]
    used_by: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def label(self) -> str:
        """Kind and name: ``model:Sales``."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes by key, each after what it needs; and the groups of keys that need each other."""

    nodes: dict[str, Node]
    cycles: tuple[tuple[str, ...], ...]

    @property
    def edges(self) -> int:
        """How many dependencies there are."""
        return sum(len(node.needs) for node in self.nodes.values())

    @property
    def links(self) -> int:
        """How many pairs of objects are linked."""
        return sum(len(node.links) for node in self.nodes.values())

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return max((node.level for node in self.nodes.values()), default=-1) + 1

    def kinds(self) -> dict[str, int]:
        """Kind → how many objects are of it, those that others build on first."""
        counts: dict[str, int] = {}
        for node in self.nodes.values():
            counts[node.kind] = counts.get(node.kind, 0) + 1
        return counts


def draw(graph: GraphOf[Described]) -> Drawing:
    """The drawing of a graph."""
    levels = graph.levels()
    used_by = graph.dependents()
    order = sorted(graph.documents, key=lambda key: (levels[key], *graph.preference(key)))
    place = {key: number for number, key in enumerate(order)}

    def sort(keys: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(keys, key=place.__getitem__))

    nodes = {
        key: _node(
            graph, key, levels[key], (sort(graph.dependencies[key]), sort(used_by[key])), sort(_links(graph, key))
        )
        for key in order
    }
    return Drawing(nodes, tuple(graph.cycles()))


def node_id(key: str) -> str:
    """An id that depends on nothing but the key: a letter and hexadecimal digits."""
    return f"n{hashlib.sha256(key.encode('utf-8')).hexdigest()[:_ID_DIGITS]}"


def _links(graph: GraphOf[Described], key: str) -> Collection[str]:
    """What is only linked to: a dependency says more."""
    return graph.links.get(key, frozenset()) - graph.dependencies[key]


def _node(
    graph: GraphOf[Described],
    key: str,
    level: int,
    neighbours: tuple[tuple[str, ...], tuple[str, ...]],
    links: tuple[str, ...],
) -> Node:
    document = graph.documents[key]
    return Node(
        id=node_id(key),
        key=key,
        kind=visible(document.kind.name),
        name=visible(document.name),
        path=visible(document.path),
        guid=visible(document.guid),
        obj_id=visible(document.obj_id),
        level=level,
        needs=neighbours[0],
        used_by=neighbours[1],
        links=links,
    )
