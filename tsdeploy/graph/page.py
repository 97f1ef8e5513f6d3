"""The graph as one HTML file that needs nothing else: no server, no network, nothing that could run but its own script.

Everything that comes from TML is data in a JSON block, and reaches the page as text nodes only. The content security
policy allows the one style and the one script by their hashes, no request to anywhere, and no HTML from strings.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from tsdeploy.graph.drawing import Drawing, Node
from tsdeploy.graph.layout import NODE_HEIGHT, NODE_WIDTH, Point, lay_out
from tsdeploy.graph.palette import sort_of
from tsdeploy.visible import json_text, shortened, visible

_NAME_CELLS = 23
"""What fits into a node, also where the font is a wide one."""
_IN_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a page is made of: what stands in its body, and the one style and the one script."""

    body: str
    style: str
    script: str


def page_of(drawing: Drawing, title: str) -> str:
    """The page. ``title`` is plain text."""
    return assembled(PageParts(_part("page.html"), _part("page.css"), _part("page.js")), title, page_data(drawing))


def assembled(parts: PageParts, title: str, data: Any) -> str:
    """A page that needs nothing else. ``title`` is plain text; ``data`` is what the script draws."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {source_hash(parts.script)}",
            f"style-src {source_hash(parts.style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    content = {
        "policy": escape(policy),
        "title": escape(visible(title)),
        "style": parts.style,
        "body": parts.body,
        "data": embedded(data),
        "script": parts.script,
    }
    done, rest = "", _part("frame.html")
    for name, text in content.items():
        # Front to back: what was put in is never searched for the next mark.
        before, _, rest = rest.partition(f"{{{{{name}}}}}")
        done += before + text
    return done + rest


def embedded(value: Any) -> str:
    """JSON that cannot end, or comment out, the script element that it stands in."""
    return json_text(value).translate(_IN_HTML)


def page_data(drawing: Drawing) -> dict[str, Any]:
    """What the script draws: sizes, kinds, nodes, and neighbours as numbers of nodes."""
    places = lay_out(drawing)
    number = {key: place for place, key in enumerate(drawing.nodes)}
    cycle_of = {key: group for group in drawing.cycles for key in group}
    return {
        "width": NODE_WIDTH,
        "height": NODE_HEIGHT,
        "kinds": [{"name": kind, "sort": sort_of(kind), "count": count} for kind, count in drawing.kinds().items()],
        "nodes": [
            {
                **_node(node, places[key]),
                "needs": [number[other] for other in node.needs],
                "usedBy": [number[other] for other in node.used_by],
                "links": [number[other] for other in node.links],
                "cycle": [number[other] for other in cycle_of.get(key, ())],
            }
            for key, node in drawing.nodes.items()
        ],
    }


def _node(node: Node, place: Point) -> dict[str, Any]:
    return {
        "id": node.id,
        "kind": node.kind,
        "sort": sort_of(node.kind),
        "name": node.name,
        "short": shortened(node.name, _NAME_CELLS),
        "path": node.path,
        "guid": node.guid,
        "objId": node.obj_id,
        "level": node.level,
        "x": place.x,
        "y": place.y,
    }


def _part(name: str) -> str:
    return (files("tsdeploy.graph") / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """A style or a script as a content security policy allows it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
