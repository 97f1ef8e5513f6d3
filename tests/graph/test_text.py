"""The tree: every object once in full, repeats and cycles marked, nothing wider than 80 columns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden_files import assert_golden
from tests.graph.estates import NAMES, hostile, named
from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import documents, model, table
from tsdeploy.graph.drawing import Drawing, draw
from tsdeploy.graph.text import WIDTH, text_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.visible import cells


def drawn(*texts: str) -> Drawing:
    return draw(build_graph(documents(texts)))


def test_the_samples_as_a_tree(request: pytest.FixtureRequest) -> None:
    assert_golden(request, "graph/retail.txt", text_of(draw(build_graph(documents_below(RETAIL)))))


def test_hostile_names_as_a_tree(request: pytest.FixtureRequest) -> None:
    assert_golden(request, "graph/hostile.txt", text_of(hostile()))


def test_tables_that_join_each_other_are_marked() -> None:
    tables = (table("A", 1, ("B", 2)), table("B", 2, ("A", 1)), table("C", 3))
    assert text_of(drawn(*tables, model("M", 4, ("A", 1), ("C", 3)))) == (
        "4 objects, 4 dependencies, 0 links, 2 levels\n"
        "\n"
        "model:M\n"
        "├─ table:A ⟲\n"
        "│  └─ table:B ⟲\n"
        "│     └─ table:A ⟲ ↑\n"
        "└─ table:C\n"
        "\n"
        "↑ shown above   ⟲ in a cycle\n"
        "\n"
        "Cycles, whose objects need each other and are published together:\n"
        "  - table:A\n"
        "    table:B\n"
    )


def test_a_cycle_that_nothing_uses_is_shown() -> None:
    text = text_of(drawn(table("A", 1, ("B", 2)), table("B", 2, ("A", 1))))
    assert "\ntable:A ⟲\n└─ table:B ⟲\n   └─ table:A ⟲ ↑\n" in text


def test_a_long_chain_goes_on_below() -> None:
    count = 200
    text = text_of(drawn(*(table(f"T{n}", n, (f"T{n + 1}", n + 1)) for n in range(1, count + 1))))
    assert max(map(cells, text.splitlines())) <= WIDTH
    assert "table:T15 ↓\n\ntable:T15\n└─ table:T16\n" in text
    assert f"table:T{count}\n" in text


def test_nothing_at_all() -> None:
    assert text_of(drawn()) == "0 objects, 0 dependencies, 0 links, 0 levels\n"


@given(st.lists(NAMES.filter(str.strip), min_size=1, max_size=8))
@settings(deadline=None)
def test_no_name_makes_a_line_wide_or_breaks_it(names: list[str]) -> None:
    lines = text_of(named(*names)).removesuffix("\n").split("\n")
    assert all(line.isprintable() and cells(line) <= WIDTH for line in lines)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=30))
@settings(deadline=None)
def test_every_object_is_shown_once_in_full(edges: list[tuple[int, int]]) -> None:
    texts = [table(f"T{n}", n, *((f"T{b}", b) for a, b in edges if a == n)) for n in range(1, 10)]
    drawing = drawn(*texts)
    lines = text_of(drawing).partition("\nCycles")[0].splitlines()[1:]
    shown = [line.lstrip("│├└─ ") for line in lines if ":T" in line]
    full = [line.split(" ")[0] for line in shown if "↑" not in line and "↓" not in line]
    assert sorted(full) == [f"table:T{n}" for n in range(1, 10)]
    in_a_cycle = {drawing.nodes[key].label for group in drawing.cycles for key in group}
    assert {line.split(" ")[0] for line in shown if "⟲" in line} == in_a_cycle
