"""The page in a real browser: it draws everything under its own policy, and hostile names do nothing."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser import Dom, needs_browser
from tests.browser import opened as opened_at
from tests.graph.estates import HOSTILE, hostile
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.graph.drawing import Drawing, Node, draw
from tsdeploy.graph.page import page_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.visible import visible

pytestmark = needs_browser


def opened(drawing: Drawing, folder: Path, selected: Node | None = None) -> tuple[Dom, str]:
    """The page's DOM after its script ran, and what the browser had to say about it."""
    file = folder / "graph.html"
    file.write_bytes(page_of(drawing, HOSTILE[0]).encode("utf-8"))
    address = file.as_uri() + (f"#{selected.id}" if selected else "")
    return opened_at(address, folder)


def test_the_samples_are_drawn_and_described(tmp_path: Path) -> None:
    drawing = draw(build_graph(documents_below(RETAIL)))
    (sales,) = [node for node in drawing.nodes.values() if node.label == "model:Retail Sales"]
    dom, said = opened(drawing, tmp_path, sales)
    nodes = [names.split() for names in dom.classes if re.match(r"node\b", names)]
    assert said == ""
    assert len(nodes) == len(drawing.nodes)
    assert sum("selected" in names for names in nodes) == 1
    assert sum("needs" in names for names in nodes) == len(sales.needs)
    assert sum("uses" in names for names in nodes) == len(sales.used_by)
    for text in (f"Depends on ({len(sales.needs)})", f"Used by ({len(sales.used_by)})", sales.path, sales.guid):
        assert text in dom.text


def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path) -> None:
    drawing = hostile()
    chosen = next(node for node in drawing.nodes.values() if node.name == visible(HOSTILE[0]))
    dom, said = opened(drawing, tmp_path, chosen)
    assert said == ""
    assert not {"img", "iframe", "b"} & set(dom.tags)
    assert dom.handlers == []
    assert dom.tags.count("script") == 2
    for node in drawing.nodes.values():
        assert node.label in dom.text
