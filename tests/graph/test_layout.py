"""Where objects stand on the page: what is needed to the left, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import documents, model, table
from tsdeploy.graph.drawing import Drawing, draw
from tsdeploy.graph.layout import NODE_HEIGHT, NODE_WIDTH, lay_out
from tsdeploy.tml.graph import build_graph


def assert_readable(drawing: Drawing) -> None:
    places = lay_out(drawing)
    assert places.keys() == drawing.nodes.keys()
    for node in drawing.nodes.values():
        for key in node.needs:
            if drawing.nodes[key].level < node.level:
                assert places[key].x + NODE_WIDTH < places[node.key].x
    for a, b in combinations(places.values(), 2):
        assert abs(a.x - b.x) > NODE_WIDTH or abs(a.y - b.y) > NODE_HEIGHT


def test_the_samples_are_readable() -> None:
    assert_readable(draw(build_graph(documents_below(RETAIL))))


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=40))
@settings(deadline=None, max_examples=50)
def test_any_graph_is_readable(edges: list[tuple[int, int]]) -> None:
    texts = [table(f"T{n}", n, *((f"T{b}", b) for a, b in edges if a == n)) for n in range(1, 13)]
    assert_readable(draw(build_graph(documents(texts))))


def test_a_level_of_many_is_folded() -> None:
    models = [model(f"M{number}", number, ("T", 1)) for number in range(2, 502)]
    places = lay_out(draw(build_graph(documents([table("T", 1), *models]))))
    wide = max(place.x for place in places.values()) - min(place.x for place in places.values())
    high = max(place.y for place in places.values()) - min(place.y for place in places.values())
    assert 0.5 < wide / high < 2


def test_chains_side_by_side_do_not_cross() -> None:
    count = 6
    tables = [table(f"T{number}", number) for number in range(1, count + 1)]
    models = [model(f"M{count - number}", 100 + number, (f"T{number}", number)) for number in range(1, count + 1)]
    drawing = draw(build_graph(documents([*tables, *models])))
    places = lay_out(drawing)
    assert all(places[node.key].y == places[key].y for node in drawing.nodes.values() for key in node.needs)
