"""The graph as a Mermaid flowchart, for Markdown on GitHub and GitLab."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.graph.drawing import Drawing
from tsdeploy.graph.palette import fill, sort_of

MAX_EDGES = 500
"""What Mermaid draws by default, https://mermaid.js.org/config/schema-docs/config.html#maxedges."""
MAX_CHARACTERS = 50_000
"""Likewise, https://mermaid.js.org/config/schema-docs/config.html#maxtextsize."""

_PLAIN = frozenset(" _-.,/")


def mermaid_of(drawing: Drawing) -> str:
    """A flowchart in which an arrow points to what is needed, and a dotted one to what is only linked to."""
    return "".join(f"{line}\n" for line in _lines(drawing))


def _lines(drawing: Drawing) -> Iterator[str]:
    nodes = drawing.nodes
    yield "flowchart LR"
    for node in nodes.values():
        yield f'  {node.id}["{quoted(node.label)}"]:::sort{sort_of(node.kind)}'
    for node in nodes.values():
        yield from (f"  {node.id} --> {nodes[key].id}" for key in node.needs)
    for node in nodes.values():
        yield from (f"  {node.id} -.-> {nodes[key].id}" for key in node.links)
    for sort in sorted({sort_of(node.kind) for node in nodes.values()}):
        yield f"  classDef sort{sort} fill:{fill(sort)},stroke:#667,color:#111"


def quoted(text: str) -> str:
    """Text for a quoted label: all but letters, digits and a few signs as entity codes, which Mermaid decodes last.

    Mermaid reads Markdown, HTML, ``%%{directives}%%`` and its own brackets inside labels.
    """
    return "".join(
        character if character.isalnum() or character in _PLAIN else f"#{ord(character)};" for character in text
    )
