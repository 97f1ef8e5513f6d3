"""Diagrams for other programs: nothing in a name is read as anything but a name, and ids stay."""

from __future__ import annotations

import html
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden_files import assert_golden
from tests.graph.estates import NAMES, hostile, named
from tests.tml.real_files import RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import documents, guid, liveboard, model, table
from tsdeploy.graph import dot, mermaid
from tsdeploy.graph.drawing import Drawing, draw
from tsdeploy.tml.graph import build_graph

MERMAID_LINE = re.compile(
    r"flowchart LR"
    r'|  n[0-9a-f]{16}\["([\w _\-.,/#;]*)"\]:::sort\d'
    r"|  n[0-9a-f]{16} (?:-->|-\.->) n[0-9a-f]{16}"
    r"|  classDef sort\d fill:#[0-9a-f]{6},stroke:#667,color:#111"
)
DOT_NODE = re.compile(
    r'  (n[0-9a-f]{16}) \[label="((?:[^"\\]|\\.)*)", tooltip="(?:[^"\\]|\\.)*", fillcolor="#\w{6}"\];'
)


def samples() -> Drawing:
    return draw(build_graph(documents_below(RETAIL_OBJ_ID)))


def mermaid_labels(text: str) -> list[str]:
    found = [MERMAID_LINE.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    assert all(found), text
    labels = [match.group(1) for match in found if match and match.group(1) is not None]
    return [re.sub(r"#(\d+);", lambda code: chr(int(code.group(1))), label) for label in labels]


def dot_labels(text: str) -> list[str]:
    labels = [match.group(2) for match in map(DOT_NODE.fullmatch, text.split("\n")) if match]
    return [html.unescape(re.sub(r"\\(.)", r"\1", label)) for label in labels]


def test_the_samples_in_mermaid(request: pytest.FixtureRequest) -> None:
    assert_golden(request, "graph/retail-objid.mmd", mermaid.mermaid_of(samples()))


def test_the_samples_in_dot(request: pytest.FixtureRequest) -> None:
    assert_golden(request, "graph/retail-objid.dot", dot.dot_of(samples()))


def test_hostile_names_in_mermaid(request: pytest.FixtureRequest) -> None:
    drawing = hostile()
    text = mermaid.mermaid_of(drawing)
    assert mermaid_labels(text) == [node.label for node in drawing.nodes.values()]
    assert_golden(request, "graph/hostile.mmd", text)


@given(st.lists(NAMES, max_size=6))
@settings(deadline=None)
def test_any_name_is_only_a_label_in_mermaid(names: list[str]) -> None:
    drawing = named(*names)
    assert mermaid_labels(mermaid.mermaid_of(drawing)) == [node.label for node in drawing.nodes.values()]


@given(st.lists(NAMES, max_size=6))
@settings(deadline=None)
def test_any_name_is_only_a_label_in_dot(names: list[str]) -> None:
    drawing = named(*names)
    assert dot_labels(dot.dot_of(drawing)) == [node.label for node in drawing.nodes.values()]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_hostile_names() -> None:
    drawing = hostile()
    text = dot.dot_of(drawing)
    done = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert done.stderr == ""
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == len(drawing.nodes)


def test_ids_stay_when_other_objects_come_and_go() -> None:
    texts = [model("M", 3, ("T", 1)), table("T", 1)]
    few = draw(build_graph(documents(texts)))
    more = draw(build_graph(documents([table("New", 9), *texts, liveboard("L", 4, "M", 3)])))
    assert {key: more.nodes[key].id for key in few.nodes} == {key: node.id for key, node in few.nodes.items()}
    assert len({node.id for node in more.nodes.values()}) == 4


def test_a_dependency_that_is_also_linked_is_drawn_once() -> None:
    linked = model("M", 3, ("T", 1)) + f"  description: https://x/#/pinboard/{guid(1)}\n"
    drawing = draw(build_graph(documents([linked, table("T", 1)])))
    assert (drawing.edges, drawing.links) == (1, 0)
