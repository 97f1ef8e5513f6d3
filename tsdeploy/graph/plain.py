"""The graph as plain data, for other programs."""

from __future__ import annotations

from typing import Any

from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf


def plain_of(graph: GraphOf[Described]) -> dict[str, Any]:
    """Objects, dependencies and links by key, cycles, and the parts that have nothing to do with each other.

    Names are as in the TML. ``level`` counts from 0; every object comes after the levels that it needs.
    """
    levels = graph.levels()
    order = sorted(graph.documents, key=lambda key: (levels[key], *graph.preference(key)))
    return {
        "objects": [_object(graph.documents[key], key, levels[key]) for key in order],
        "dependencies": [{"from": key, "to": to} for key in order for to in sorted(graph.dependencies[key])],
        "links": [{"from": key, "to": to} for key in order for to in sorted(graph.links.get(key, ()))],
        "cycles": [list(group) for group in graph.cycles()],
        "components": [list(group) for group in graph.components()],
    }


def _object(document: Described, key: str, level: int) -> dict[str, Any]:
    return {
        "key": key,
        "kind": document.kind.name,
        "name": document.name,
        "path": document.path,
        "guid": document.guid or None,
        "obj_id": document.obj_id or None,
        "level": level,
    }
