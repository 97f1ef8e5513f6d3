"""The page is one file that asks nobody for anything, and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph.estates import HOSTILE, NAMES, hostile, named
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.graph.drawing import draw
from tsdeploy.graph.page import embedded, page_data, page_of
from tsdeploy.tml.graph import build_graph


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page, with the text of scripts, styles and the title."""

    elements: list[Element] = field(default_factory=list)
    is_open: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.elements[-1].text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def skeleton(page: Page) -> list[tuple[str, list[str]]]:
    return [(element.tag, sorted(element.attributes)) for element in page.elements]


PLAIN = read(page_of(named("A", "B"), "plain"))


def policy(page: Page) -> dict[str, str]:
    (meta,) = [one for one in page.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    parts = (part.strip().partition(" ") for part in meta.attributes["content"].split(";"))
    return {name: value for name, _, value in parts}


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_the_one_script_and_style_and_nothing_else() -> None:
    data, script = PLAIN.all("script")
    (style,) = PLAIN.all("style")
    assert data.attributes == {"type": "application/json", "id": "data"}
    assert script.attributes == {}
    assert policy(PLAIN) == {
        "default-src": "'none'",
        "script-src": hash_of(script.text),
        "style-src": hash_of(style.text),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_nothing_is_loaded_and_no_handler_or_style_stands_in_an_attribute() -> None:
    names = {name for element in PLAIN.elements for name in element.attributes}
    assert not names & {"src", "srcset", "href", "style", "action", "data", "background", "poster"}
    assert not [name for name in names if name.startswith("on")]


def test_the_script_makes_no_html_from_text_and_no_request() -> None:
    script = PLAIN.all("script")[1].text
    forbidden = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "fetch(")
    assert [word for word in (*forbidden, "XMLHttpRequest", "WebSocket", "import(", "</") if word in script] == []


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_only_a_title(title: str) -> None:
    page = read(page_of(named("A", "B"), title))
    assert skeleton(page) == skeleton(PLAIN)


def test_hostile_names_are_only_data() -> None:
    drawing = hostile()
    text = page_of(drawing, "hostile")
    page = read(text)
    assert skeleton(page) == skeleton(PLAIN)
    assert json.loads(page.all("script")[0].text) == page_data(drawing)
    assert policy(page) == policy(PLAIN)
    assert text.replace("\n", "").isprintable()


@given(st.lists(NAMES, max_size=5), NAMES)
@settings(deadline=None)
def test_any_names_are_only_data(names: list[str], title: str) -> None:
    drawing = named(*names)
    page = read(page_of(drawing, title))
    assert skeleton(page) == skeleton(PLAIN)
    assert json.loads(page.all("script")[0].text) == page_data(drawing)


@given(st.recursive(NAMES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_embedded_json_loses_nothing_and_ends_no_element(value: object) -> None:
    text = embedded(value)
    assert json.loads(text) == value
    assert not set("<>&") & set(text)


def test_neighbours_are_numbers_of_nodes() -> None:
    data = page_data(draw(build_graph(documents_below(RETAIL))))
    nodes = data["nodes"]
    for number, node in enumerate(nodes):
        assert all(number in nodes[other]["usedBy"] for other in node["needs"])
        assert all(number in nodes[other]["needs"] for other in node["usedBy"])
    (sales,) = [node for node in nodes if (node["kind"], node["name"]) == ("table", "SALES")]
    assert [nodes[other]["name"] for other in sales["usedBy"]] == ["Retail Sales"]
