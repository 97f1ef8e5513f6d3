"""Who depends on whom, and the order in which that can be deployed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import alert, answer, collection, documents, feedback, guid, liveboard, model, table
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Graph, build_graph, index


def labels(graph: Graph) -> list[str]:
    return [one.name for one in graph.ordered()]


def needed_by(graph: Graph, name: str) -> set[str]:
    (key,) = [key for key, one in graph.documents.items() if one.name == name]
    return {graph.documents[other].name for other in graph.dependencies[key]}


def test_a_chain_comes_from_its_end() -> None:
    texts = [liveboard("L", 4, "M", 3), answer("A", 5, "M", 3), model("M", 3, ("T", 1)), table("T", 1)]
    assert labels(build_graph(documents(texts))) == ["T", "M", "A", "L"]


def test_a_reference_is_resolved_by_obj_id_first() -> None:
    texts = [model("M", 3, ("U", "o")), table("T", "o"), table("U", 2)]
    assert needed_by(build_graph(documents(texts)), "M") == {"T"}


def test_a_name_is_enough() -> None:
    assert needed_by(build_graph(documents([model("M", 3, ("T", "")), table("T", 1)])), "M") == {"T"}


def test_a_dead_guid_falls_back_to_the_name() -> None:
    assert needed_by(build_graph(documents([model("M", 3, ("T", 99)), table("T", 1)])), "M") == {"T"}


def test_a_bare_name_is_a_dependency() -> None:
    texts = ["cohort:\n  name: C\n  worksheet: M\n", model("M", 3)]
    assert needed_by(build_graph(documents(texts)), "C") == {"M"}


def test_a_name_of_another_kind_is_no_dependency() -> None:
    assert needed_by(build_graph(documents([model("M", 3, ("T", "")), answer("T", 1, "M", 3)])), "M") == set()


def test_an_ambiguous_name_depends_on_all_it_may_mean() -> None:
    made = documents([model("M", 3, ("T", "")), table("T", 1), table("T", 2)])
    (reference,) = made[0].references
    assert [one.guid for one in index(made).resolve(reference)] == [guid(1), guid(2)]


def test_a_reference_that_leads_out_is_left_out() -> None:
    assert needed_by(build_graph(documents([model("M", 3, ("T", 1))])), "M") == set()


def test_a_link_is_no_dependency() -> None:
    link = f"https://x/#/pinboard/{guid(5)}"
    made = documents([liveboard("L", 4, "M", 3, note=link), liveboard("K", 5, "M", 3, note=f"/pinboard/{guid(4)}")])
    assert needed_by(build_graph(made), "L") == set()


def test_tables_that_join_each_other_stay_together() -> None:
    texts = [
        model("M", 9, ("A", 1)),
        table("A", 1, ("B", 2)),
        table("B", 2, ("A", 1)),
        table("C", 3),
        table("D", 4, ("A", 1)),
    ]
    order = labels(build_graph(documents(texts)))
    assert abs(order.index("A") - order.index("B")) == 1
    assert max(order.index("A"), order.index("B")) < order.index("D")


def test_phases_come_one_after_the_other() -> None:
    texts = [collection("C", 8, 4), alert(7, 4, 6), feedback(3), liveboard("L", 4, "M", 3, viz=6), model("M", 3)]
    order = [one.kind.name for one in build_graph(documents(texts)).ordered()]
    assert order == ["model", "liveboard", "nls_feedback", "monitor_alert", "collection"]


def test_a_collection_in_a_collection_comes_first() -> None:
    assert labels(build_graph(documents([collection("A", 1, 2), collection("B", 2)]))) == ["B", "A"]


def test_dependents_are_the_reverse() -> None:
    graph = build_graph(documents([model("M", 3, ("T", 1)), table("T", 1), answer("A", 4, "M", 3)]))
    assert graph.dependents() == {guid(1): {guid(3)}, guid(3): {guid(4)}, guid(4): frozenset()}


def test_feedback_is_not_what_its_guid_names() -> None:
    made = documents([feedback(3), model("M", 3), answer("A", 4, "M", 3)])
    assert needed_by(build_graph(made), "A") == {"M"}


def test_a_chain_of_thousands_is_no_recursion() -> None:
    texts = [table(f"T{number}", number, (f"T{number + 1}", number + 1)) for number in range(1, 3000)]
    assert len(build_graph(documents(texts)).ordered()) == 2999


EDGES = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=20)


def tables_of(edges: list[tuple[int, int]]) -> list[Document]:
    joined = [[(f"T{to}", to) for at, to in edges if at == number] for number in range(1, 9)]
    return documents(table(f"T{number}", number, *joins) for number, joins in enumerate(joined, 1))


def reachable(edges: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The transitive closure, by hand."""
    closure = set(edges)
    for middle in range(1, 9):
        closure |= {(a, d) for a, b in closure for c, d in closure if b == c == middle}
    return closure


@given(EDGES, st.randoms())
@settings(max_examples=100, deadline=None)
def test_dependencies_come_first_and_cycles_together(edges: list[tuple[int, int]], random: object) -> None:
    made = tables_of(edges)
    random.shuffle(made)  # type: ignore[attr-defined]
    order = [int(one.name[1:]) for one in build_graph(made).ordered()]
    closure = reachable(edges)
    for at, to in closure:
        if (to, at) not in closure:
            assert order.index(to) < order.index(at)
        else:
            between = order[min(map(order.index, (at, to))) : max(map(order.index, (at, to)))]
            assert all((other, at) in closure and (at, other) in closure for other in between if other != at)


@given(EDGES, st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_does_not_depend_on_the_order_of_files(edges: list[tuple[int, int]], random: object) -> None:
    made = tables_of(edges)
    first = labels(build_graph(made))
    random.shuffle(made)  # type: ignore[attr-defined]
    assert labels(build_graph(made)) == first


def test_the_samples_are_ordered_by_their_dependencies() -> None:
    graph = build_graph(documents_below(RETAIL))
    place = {one.key: number for number, one in enumerate(graph.ordered())}
    joins = {one.key for one in graph.documents.values() if one.kind.name == "table"}
    pairs = [(key, other) for key, needed in graph.dependencies.items() for other in needed]
    assert all(place[other] < place[key] for key, other in pairs if not {key, other} <= joins)


def test_every_reference_of_the_samples_resolves() -> None:
    made = documents_below(RETAIL)
    identities = index(made)
    kinds = {one.kind.name for one in made} - {"monitor_alert"}
    outer = [reference for one in made for reference in one.references if reference.place.targets & kinds]
    assert {len(identities.resolve(reference)) for reference in outer} == {1}
