"""The graph in DOT, for Graphviz and what else reads it."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.graph.drawing import Drawing, Node
from tsdeploy.graph.palette import fill, sort_of

_ESCAPES = {"\\": "\\\\", '"': '\\"', "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def dot_of(drawing: Drawing) -> str:
    """A digraph in which an arrow points to what is needed, and a dotted one to what is only linked to."""
    return "".join(f"{line}\n" for line in _lines(drawing))


def quoted(text: str) -> str:
    """A quoted string. Graphviz reads backslashes and HTML entities inside."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _lines(drawing: Drawing) -> Iterator[str]:
    nodes = drawing.nodes
    yield "digraph tsdeploy {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, color="#666677"];'
    yield '  edge [color="#666677", arrowsize=0.7];'
    for node in nodes.values():
        yield f"  {node.id} [{_attributes(node)}];"
    for node in nodes.values():
        yield from (f"  {node.id} -> {nodes[key].id};" for key in node.needs)
    for node in nodes.values():
        yield from (f"  {node.id} -> {nodes[key].id} [style=dotted, constraint=false];" for key in node.links)
    yield "}"


def _attributes(node: Node) -> str:
    colour = fill(sort_of(node.kind))
    return f'label={quoted(node.label)}, tooltip={quoted(node.path or node.label)}, fillcolor="{colour}"'
