"""Closure, levels, components and cycles equal what naive code computes; large graphs need no recursion."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import answer, document, documents, guid, liveboard, model, table
from tsdeploy.tml.closure import Edges, reach, reverse
from tsdeploy.tml.components import connected, levels, strong_components
from tsdeploy.tml.graph import build_graph

SIZE = 8
KEYS = [str(number) for number in range(SIZE)]

Graph = dict[str, frozenset[str]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to 8 keys in any order, with any edges between them, to themselves too."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return {key: draw(st.frozensets(st.sampled_from(keys))) for key in keys}


def distances(edges: Edges) -> dict[tuple[str, str], int]:
    """Steps between each two keys by relaxing every pair; the slow way, and the plain one."""
    far = len(edges) + 1
    steps = {(a, b): 0 if a == b else 1 if b in edges[a] else far for a, b in product(edges, edges)}
    for middle, a, b in product(edges, edges, edges):
        steps[a, b] = min(steps[a, b], steps[a, middle] + steps[middle, b])
    return {pair: step for pair, step in steps.items() if step < far}


@given(graphs(), st.data(), st.none() | st.integers(0, SIZE))
@settings(deadline=None)
def test_closure_equals_the_naive_one(edges: Graph, data: st.DataObject, depth: int | None) -> None:
    starts = data.draw(st.lists(st.sampled_from(sorted(edges)), max_size=3)) if edges else []
    limit = SIZE if depth is None else depth
    wanted: dict[str, int] = {}
    for (a, b), steps in distances(edges).items():
        if a in starts and steps <= limit:
            wanted[b] = min(steps, wanted.get(b, steps))
    found = reach(starts, edges, depth)
    assert found == wanted
    assert list(found.values()) == sorted(found.values())


@given(graphs())
@settings(deadline=None)
def test_cycles_are_the_keys_that_reach_each_other(edges: Graph) -> None:
    steps = distances(edges)
    wanted = {frozenset(b for b in edges if (a, b) in steps and (b, a) in steps) for a in edges}
    found = strong_components(edges)
    assert {frozenset(group) for group in found} == wanted
    assert sorted(key for group in found for key in group) == sorted(edges)


@given(graphs())
@settings(deadline=None)
def test_components_come_after_what_they_need_and_keep_the_order_of_keys(edges: Graph) -> None:
    done: set[str] = set()
    for group in strong_components(edges):
        assert all(edges[key] <= done | set(group) for key in group)
        assert list(group) == [key for key in edges if key in group]
        done.update(group)


@given(graphs())
@settings(deadline=None)
def test_levels_are_the_longest_ways_down(edges: Graph) -> None:
    group_of = {key: group for group in strong_components(edges) for key in group}

    def longest(group: tuple[str, ...]) -> int:
        below = {group_of[other] for key in group for other in edges[key]} - {group}
        return 1 + max(map(longest, below)) if below else 0

    assert levels(edges) == {key: longest(group_of[key]) for key in edges}


@given(graphs())
@settings(deadline=None)
def test_connected_parts_equal_merged_pairs(edges: Graph) -> None:
    parts = {frozenset({key}) for key in edges}
    for key, needed in edges.items():
        touched = {part for part in parts if part & {key, *needed}}
        parts = (parts - touched) | {frozenset().union(*touched)}
    found = connected(edges)
    assert {frozenset(part) for part in found} == parts
    assert all(list(part) == [key for key in edges if key in part] for part in found)


@given(graphs())
@settings(deadline=None)
def test_the_reverse_of_the_reverse_is_the_graph(edges: Graph) -> None:
    assert reverse(reverse(edges)) == edges
    assert {(b, a) for a in edges for b in edges[a]} == {(a, b) for a, found in reverse(edges).items() for b in found}


def test_a_chain_of_a_hundred_thousand_needs_no_recursion() -> None:
    count = 100_000
    edges = {str(number): frozenset({str(number + 1)} if number < count - 1 else ()) for number in range(count)}
    assert levels(edges)["0"] == count - 1
    assert len(reach(["0"], edges)) == count
    assert len(connected(edges)) == 1


def test_ten_thousand_objects_with_a_hundred_thousand_dependencies() -> None:
    choose = Random(7)
    names = [(f"M{number}", number) for number in range(1, 10_001)]
    graph = build_graph(documents(model(*name, *choose.sample(names, 10)) for name in names))
    assert sum(map(len, graph.dependencies.values())) > 99_000
    assert len(graph.ordered()) == 10_000
    (cycle,) = graph.cycles()
    levels_of = graph.levels()
    assert len({levels_of[key] for key in cycle}) == 1
    assert len(graph.upstream([guid(1)])) > 9_900


def test_levels_and_depth_of_the_samples() -> None:
    graph = build_graph(documents_below(RETAIL))
    (store,) = [key for key, one in graph.documents.items() if one.label == "liveboard:Store Performance"]
    above = {graph.documents[key].label: steps for key, steps in graph.downstream([store]).items()}
    assert above == {
        "liveboard:Store Performance": 0,
        "monitor_alert:Weekly net sales below plan": 1,
        "collection:Retail Leadership": 1,
    }
    direct = {graph.documents[key].label for key in graph.upstream([store], depth=1)}
    assert direct == {"liveboard:Store Performance", "model:Retail Sales"}
    assert {graph.documents[key].kind.name for key, level in graph.levels().items() if level == 0} == {"connection"}
    assert len(graph.components()) == 1
    assert graph.cycles() == []


def test_tables_that_join_each_other_are_a_cycle() -> None:
    made = documents([table("A", 1, ("B", 2)), table("B", 2, ("A", 1)), table("C", 3, ("A", 1))])
    graph = build_graph(made)
    assert graph.cycles() == [(guid(1), guid(2))]
    assert graph.levels() == {guid(1): 0, guid(2): 0, guid(3): 1}


def test_a_hyperlink_is_an_edge_of_its_own_kind() -> None:
    note = f"https://x/#/pinboard/{guid(5)}"
    graph = build_graph(documents([liveboard("L", 4, "M", 3, note=note), liveboard("K", 5, "M", 3), model("M", 3)]))
    assert graph.links == {guid(4): {guid(5)}}
    assert graph.dependencies[guid(4)] == {guid(3)}
    assert graph.within([guid(4), guid(3)]).links == {}


def test_part_of_a_graph_leads_nowhere_else() -> None:
    graph = build_graph(documents([answer("A", 4, "M", 3), model("M", 3, ("T", 1)), table("T", 1)]))
    assert graph.within([guid(1), guid(3)]).dependencies == {guid(3): {guid(1)}, guid(1): frozenset()}


def test_a_model_that_is_called_like_its_table_does_not_mean_itself() -> None:
    graph = build_graph(documents([model("Sales", 3, ("Sales", "")), table("Sales", 1)]))
    assert graph.dependencies[guid(3)] == {guid(1)}


def test_the_source_of_a_join_is_the_table_itself() -> None:
    text = table("T", 1) + "  joins_with:\n  - source:\n      name: T\n"
    graph = build_graph(documents([text, table("T", 2)]))
    assert graph.dependencies[guid(1)] == frozenset()


def test_objects_without_identity_of_one_name_are_both_there() -> None:
    made = [document(table("T", ""), "a.tml"), document(table("T", ""), "b.tml"), document(model("M", 3, ("T", "")))]
    graph = build_graph(made)
    assert list(graph.documents) == ["table:T", "table:T@b.tml", guid(3)]
    assert graph.dependencies[guid(3)] == {"table:T", "table:T@b.tml"}
