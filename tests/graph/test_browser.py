"""The page in a real browser: it draws everything under its own policy, and hostile names do nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.graph.estates import HOSTILE, hostile
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.graph.drawing import Drawing, Node, draw
from tsdeploy.graph.page import page_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.visible import visible

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
    "--window-size=1400,900",
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")


class Dom(HTMLParser):
    """Tags, classes and the text of elements of a page as the browser left it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.handlers: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.classes += [value or "" for name, value in attrs if name == "class"]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in ("script", "style"):
            self.text.append(data)


def opened(drawing: Drawing, folder: Path, selected: Node | None = None) -> tuple[Dom, str]:
    """The page's DOM after its script ran, and what the browser had to say about it."""
    file = folder / "graph.html"
    file.write_bytes(page_of(drawing, HOSTILE[0]).encode("utf-8"))
    address = file.as_uri() + (f"#{selected.id}" if selected else "")
    arguments = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", address]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=True, timeout=120)
    said = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return Dom(done.stdout), said


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
