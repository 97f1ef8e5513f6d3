"""A set that an answer uses by name is a dependency where that is sure, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tml.tml_texts import answer, documents, guid, liveboard, model
from tsdeploy.tml.entries import entry_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.sets import search_names

MODEL, OTHER_MODEL, SET, USER = 1, 2, 3, 4


def cohort(name: str, identity: int, of: int) -> str:
    return f'guid: {guid(identity)}\ncohort:\n  name: "{name}"\n  worksheet:\n    name: M\n    fqn: {guid(of)}\n'


def searching(query: str) -> str:
    return answer("A", USER, "M", MODEL) + f"  search_query: '{query}'\n"


def needs(*texts: str) -> frozenset[str]:
    return build_graph(documents([model("M", MODEL), model("N", OTHER_MODEL), *texts])).dependencies[guid(USER)]


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


def test_what_has_no_text_uses_no_set() -> None:
    made = documents([model("M", MODEL), cohort("Top", SET, MODEL), searching("[Top]")])
    graph = build_graph(entry_of(one) for one in made)
    assert graph.dependencies[guid(USER)] == {guid(MODEL)}


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)))
def test_every_escaped_name_is_read_back(names: list[str]) -> None:
    query = " ".join("[" + "".join(f"\\{letter}" for letter in name) + "]" for name in names)
    assert list(search_names(query)) == [name.rpartition("::")[2] for name in names]
