"""A set that an answer uses by name is a dependency where that is sure, and only there."""

from __future__ import annotations

import pytest

from tests.tml.tml_texts import answer, documents, guid, liveboard, model
from tsdeploy.tml.columns.names import escape
from tsdeploy.tml.entries import entry_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.searches import searches_of

MODEL, OTHER_MODEL, SET, USER = 1, 2, 3, 4


def cohort(name: str, identity: int, of: int) -> str:
    return f'guid: {guid(identity)}\ncohort:\n  name: "{name}"\n  worksheet:\n    name: M\n    fqn: {guid(of)}\n'


def searching(query: str) -> str:
    return answer("A", USER, "M", MODEL) + f"  search_query: '{query}'\n"


def needs(*texts: str) -> frozenset[str]:
    """What the user needs: the same by its document and by its entry in an index."""
    made = documents([model("M", MODEL), model("N", OTHER_MODEL), *texts])
    found = build_graph(made).dependencies
    assert found == build_graph(entry_of(one) for one in made).dependencies
    return found[guid(USER)]


@pytest.mark.parametrize("query", ["[Top Stores] [Sales]", "sum [Sales] by [M::Top Stores]", "[Sales] [Top\\ Stores]"])
def test_a_name_in_brackets_is_the_set_of_the_same_model(query: str) -> None:
    assert needs(cohort("Top Stores", SET, MODEL), searching(query)) == {guid(MODEL), guid(SET)}


@pytest.mark.parametrize("query", ["Top Stores", "[Top Stores 2]", "[Store].''[Top Stores]''", "[[Top Stores"])
def test_other_text_is_no_set(query: str) -> None:
    assert needs(cohort("Top Stores", SET, MODEL), searching(query)) == {guid(MODEL)}


def test_a_set_of_another_model_is_not_meant() -> None:
    assert needs(cohort("Top Stores", SET, OTHER_MODEL), searching("[Top Stores]")) == {guid(MODEL)}


def test_two_sets_of_one_name_are_not_sure() -> None:
    sets = (cohort("Top", SET, MODEL), cohort("Top", 5, MODEL))
    assert needs(*sets, searching("[Top]")) == {guid(MODEL)}


def test_a_column_of_the_same_name_is_a_column() -> None:
    columns = f"guid: {guid(MODEL)}\nmodel:\n  name: M\n  columns:\n  - name: Top\n"
    made = documents([columns, cohort("Top", SET, MODEL), searching("[Top]")])
    assert build_graph(made).dependencies[guid(USER)] == {guid(MODEL)}


def test_a_formula_of_the_answer_is_no_set() -> None:
    assert needs(cohort("Top", SET, MODEL), searching("[Top]") + "  formulas:\n  - name: Top\n") == {guid(MODEL)}


def test_a_listed_set_is_a_dependency() -> None:
    text = searching("[Sales]") + "  referenced_cohorts:\n  - Top\n"
    assert needs(cohort("Top", SET, MODEL), text) == {guid(MODEL), guid(SET)}


def test_a_visualization_uses_a_set() -> None:
    text = liveboard("L", USER, "M", MODEL) + "      search_query: '[Top]'\n"
    assert needs(cohort("Top", SET, MODEL), text) == {guid(MODEL), guid(SET)}


def test_a_set_does_not_use_itself() -> None:
    nested = f"  answer:\n    tables:\n    - name: M\n      fqn: {guid(MODEL)}\n    search_query: '[Top]'\n"
    graph = build_graph(documents([model("M", MODEL), cohort("Top", SET, MODEL) + nested]))
    assert graph.dependencies[guid(SET)] == {guid(MODEL)}


def test_a_search_without_names_is_not_kept() -> None:
    (one,) = documents([searching("top 10")])
    assert searches_of(one) == ()


@pytest.mark.parametrize("name", ["Top Stores", "[Deprecated] X", "it's", "a\\b", 'say "x"', "M::N", "Größe", "\u202e"])
def test_a_name_is_read_back_however_it_is_escaped(name: str) -> None:
    (one,) = documents([searching(f"[Sales] [{escape(name)}]".replace("'", "''"))])
    (search,) = searches_of(one)
    assert set(search.names) == {"Sales", name.rpartition("::")[2]}
