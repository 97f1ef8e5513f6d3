"""What goes into one call, and what waits for what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.deploy.batches import Batch, closures, make_batches
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.graph import Graph, build_graph
from tsdeploy.tml.kinds import Phase


def guid(number: int) -> str:
    """The GUID of the n-th object."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def table(number: int, joins: list[int] | None = None) -> Document:
    """A table, joined to others."""
    lines = [
        f"  - name: j{other}\n    destination:\n      name: T{other}\n      fqn: {guid(other)}" for other in joins or []
    ]
    joined = "  joins_with:\n" + "\n".join(lines) + "\n" if lines else ""
    return parse_document(f"guid: {guid(number)}\ntable:\n  name: T{number}\n{joined}", f"{number}.table.tml")


def answer(number: int, on: list[int]) -> Document:
    """An answer on tables or other answers."""
    lines = "".join(f"  - id: T{other}\n    name: T{other}\n    fqn: {guid(other)}\n" for other in on)
    text = f"guid: {guid(number)}\nanswer:\n  name: A{number}\n" + (f"  tables:\n{lines}" if on else "")
    return parse_document(text, f"{number}.answer.tml")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Tables with joins in any direction, and answers on tables and on answers before them."""
    tables = draw(st.integers(0, 12))
    joins = st.lists(st.integers(0, max(tables - 1, 0)), max_size=2)
    documents = [table(number, [other for other in draw(joins) if other != number]) for number in range(tables)]
    for number in range(tables, tables + draw(st.integers(0, 25))):
        documents.append(answer(number, draw(st.lists(st.integers(0, number - 1), max_size=2)) if number else []))
    return build_graph(documents)


def joined(graph: Graph) -> list[set[str]]:
    """Tables that need each other, directly."""
    return [
        {key, other}
        for key, others in graph.dependencies.items()
        for other in others
        if graph.documents[key].kind.name == graph.documents[other].kind.name == "table"
    ]


@given(graphs(), st.integers(1, 8))
def test_every_object_is_in_one_batch_after_what_it_needs(graph: Graph, size: int) -> None:
    batches = make_batches(graph, graph.documents, size)
    keys = [key for batch in batches for key in batch.keys]
    assert sorted(keys) == sorted(graph.documents)
    place = {key: batch.number for batch in batches for key in batch.keys}
    for batch in batches:
        assert all(need < batch.number for need in batch.needs)
        for key in batch.keys:
            assert {place[other] for other in graph.dependencies[key]} <= batch.needs | {batch.number}


@given(graphs(), st.integers(1, 8))
def test_joined_tables_are_never_torn_apart(graph: Graph, size: int) -> None:
    batches = make_batches(graph, graph.documents, size)
    for pair in joined(graph):
        assert any(pair <= set(batch.keys) for batch in batches)


@given(graphs(), st.integers(1, 8))
def test_batch_is_too_large_only_where_it_must_not_be_cut(graph: Graph, size: int) -> None:
    for batch in make_batches(graph, graph.documents, size):
        if len(batch.keys) > size:
            assert len(batch.parts) == 1


@given(graphs(), st.integers(1, 8))
def test_everything_is_validated_with_what_it_is_built_on(graph: Graph, size: int) -> None:
    batches = make_batches(graph, graph.documents, size)
    calls = closures(batches, graph)
    for batch in batches:
        assert any(set(graph.upstream(batch.keys)) <= set(call) for call in calls)
    assert not any(set(one) < set(other) for one in calls for other in calls)


def test_small_strangers_share_a_call_as_parts_of_their_own() -> None:
    graph = build_graph([table(number) for number in range(3)])
    (batch,) = make_batches(graph, graph.documents, 50)
    assert batch.parts == ((guid(0),), (guid(1),), (guid(2),))


def test_calls_of_one_level_do_not_wait_for_each_other() -> None:
    graph = build_graph([table(0), *(answer(number, [0]) for number in range(1, 30))])
    first, *others = make_batches(graph, graph.documents, 10)
    assert first.needs == frozenset()
    assert [batch.needs for batch in others] == [frozenset({0}), frozenset({0})]


def test_later_phase_waits_for_all_of_the_earlier() -> None:
    collection = parse_document("guid: c\ncollection:\n  name: C\n", "c.collection.tml")
    graph = build_graph([table(0), collection])
    assert make_batches(graph, graph.documents, 50) == (
        Batch(0, Phase.OBJECTS, ((guid(0),),)),
        Batch(1, Phase.COLLECTIONS, (("c",),), frozenset({0})),
    )
