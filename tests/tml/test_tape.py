"""Nodes made from a tape: everything that libyaml's events say, each node once, and only what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from tests.tml.real_files import REAL_FILES, label, text_of
from tests.tml.yaml_documents import Written, documents
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence, node_at, parse

TREE = "a: {x: 1, y: [2, {z: 3}]}\nb: |\n  c\n"


def root_of(text: str) -> Mapping:
    root = parse(text, "x.tml")
    assert isinstance(root, Mapping)
    return root


def said_by_events(text: str) -> list[tuple[object, ...]]:
    """Every scalar and every collection of a text without a BOM, in the order in which they begin."""
    found: list[list[object]] = []
    opened: list[list[object]] = []
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None
        if isinstance(event, yaml.ScalarEvent):
            found.append([event.value, start.index, end.index, event.style or ""])
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append([type(event).__name__, start.index, 0, event.flow_style])
            found.append(opened[-1])
        elif isinstance(event, yaml.CollectionEndEvent):
            opened.pop()[2] = end.index
    return [tuple(one) for one in found]


def said_by_nodes(node: Node) -> Iterator[tuple[object, ...]]:
    if isinstance(node, Scalar):
        yield node.value, node.start, node.end, node.style
    elif isinstance(node, Sequence):
        yield "SequenceStartEvent", node.start, node.end, node.flow
        for item in node.items:
            yield from said_by_nodes(item)
    else:
        yield "MappingStartEvent", node.start, node.end, node.flow
        for key, value in node.entries.values():
            yield from said_by_nodes(key)
            yield from said_by_nodes(value)


@given(documents())
@settings(max_examples=150, deadline=None)
def test_nodes_of_a_random_document_say_what_its_events_say(written: Written) -> None:
    text = written.text.lstrip("\ufeff")
    assert [*said_by_nodes(parse(text, "x.tml"))] == said_by_events(text)


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_nodes_of_a_real_file_say_what_its_events_say(path: Path) -> None:
    text = text_of(path).lstrip("\ufeff")
    assert [*said_by_nodes(parse(text, "x.tml"))] == said_by_events(text)


@pytest.mark.parametrize(
    "text",
    [
        '{a: , "b": c}',
        "? a\n  b\n: c\n",
        "? |\n  a\n: - b\n  - 'c'\n",
        "'a' : >-\n  b\n",
        '[a, "", ~]',
        "a:\n- b\n-\n- {}",
    ],
)
def test_nodes_of_odd_yaml_say_what_its_events_say(text: str) -> None:
    assert [*said_by_nodes(parse(text, "x.tml"))] == said_by_events(text)


def test_keys_behind_a_bom_stand_where_they_say() -> None:
    text = f"\ufeff{TREE}"
    keys = [key for key, _ in root_of(text).entries.values()]
    assert [text[key.start : key.end] for key in keys] == ["a", "b"]


def test_each_node_is_made_once_however_it_is_asked_for() -> None:
    root = root_of(TREE)
    second, first = root.get("b"), root.get("a")
    assert [*root.nodes.items()] == [("a", first), ("b", second)]
    assert [node for _, node in root.entries.values()] == [first, second]
    assert root.entries["a"][0] is root.entries["a"][0]
    assert (root.nodes, root.get("a"), root.scalar("b")) == (root.nodes, first, second)


def test_node_is_found_by_its_path() -> None:
    found = node_at(root_of(TREE), ("a", "y", 1, "z"))
    assert isinstance(found, Scalar)
    assert found.value == "3"


@pytest.mark.parametrize("path", [("c",), ("a", 0), ("a", "x", "q"), ("a", "y", 2), ("a", "y", "z"), ("b", 0)])
def test_a_path_that_leads_nowhere_has_no_node(path: tuple[str | int, ...]) -> None:
    assert node_at(root_of(TREE), path) is None


def test_the_empty_path_leads_to_the_root() -> None:
    root = root_of(TREE)
    assert node_at(root, ()) is root
