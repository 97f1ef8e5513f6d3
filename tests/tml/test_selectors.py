"""The selector grammar that every command shares: what is selected, and how it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import answer, document, documents, guid, liveboard, model, table
from tsdeploy.errors import Location, UsageError
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Graph, build_graph
from tsdeploy.tml.kinds import KIND_NAMES
from tsdeploy.tml.selector import asks_for_tags, matches, select

ESTATE = build_graph(
    [
        document(table("STORES", 1), "tml/table/stores.tml"),
        document(table("SALES", 2, ("STORES", 1)), "tml/table/sales.tml"),
        document(model("Sales", 3, ("SALES", 2)), "tml/model/sales.tml"),
        document(model("Stock", 4, ("STORES", 1)), "tml/model/stock.tml"),
        document(answer("Sales by Day", "team.day", "Sales", 3), "tml/answer/day.tml"),
        document(liveboard("Overview", 6, "Sales", 3), "tml/liveboard/overview.tml"),
    ]
)


def names(*selectors: str, graph: Graph = ESTATE, tags: dict[str, list[str]] | None = None) -> list[str]:
    return [graph.documents[key].name for key in select(selectors, graph, tags=tags)]


def refusals(*selectors: str, graph: Graph = ESTATE, tags: dict[str, list[str]] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(UsageError) as caught:
        select(selectors, graph, tags=tags)
    assert {finding.at for finding in caught.value.findings} <= set(selectors)
    return [(finding.code, finding.hint) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("selectors", "selected"),
    [
        ([], ["STORES", "SALES", "Sales", "Stock", "Sales by Day", "Overview"]),
        (["model:*"], ["Sales", "Stock"]),
        (["model:s?les"], ["Sales"]),
        (["sales"], ["SALES", "Sales"]),
        ([guid(2)], ["SALES"]),
        ([f"guid:{guid(2).upper()}"], ["SALES"]),
        (["obj_id:team.*"], ["Sales by Day"]),
        (["obj_id:*"], ["Sales by Day"]),
        (["path:tml/model/*"], ["Sales", "Stock"]),
        (["pinboard:Over*"], ["Overview"]),
        (["name:Sales*"], ["SALES", "Sales", "Sales by Day"]),
        (["+model:Sales"], ["STORES", "SALES", "Sales"]),
        (["model:Sales+"], ["Sales", "Sales by Day", "Overview"]),
        (["+model:Sales+"], ["STORES", "SALES", "Sales", "Sales by Day", "Overview"]),
        (["model:Stock", "answer:*"], ["Stock", "Sales by Day"]),
        (["!table:*"], ["Sales", "Stock", "Sales by Day", "Overview"]),
        (["!table:*", "!model:Sales+"], ["Stock"]),
        (["+model:*", "!table:STORES"], ["SALES", "Sales", "Stock"]),
        (["!table:STORES", "+model:*"], ["SALES", "Sales", "Stock"]),
        (["!+model:Sales"], ["Stock", "Sales by Day", "Overview"]),
        (["model:Sales", "!model:Sales"], []),
    ],
)
def test_what_is_selected(selectors: list[str], selected: list[str]) -> None:
    assert names(*selectors) == selected


@pytest.mark.parametrize("name", ["+Sales", "!Sales", "a: b", "model:Sales", guid(3), "name:x", "+!x"])
def test_a_name_that_looks_like_something_else_is_reached_by_its_prefix(name: str) -> None:
    graph = build_graph([document(model(f'"{name}"', 1)), document(table("T", 2))])
    assert names(f"name:{name}", graph=graph) == [name]
    assert names(f"model:{name}", graph=graph) == [name]
    assert names(f"!name:{name}", graph=graph) == ["T"]
    assert matches(f"name:{name}", graph.documents[guid(1)])


def test_a_last_plus_is_written_as_a_question_mark() -> None:
    graph = build_graph(documents([model("C++", 1), model("C", 2)]))
    assert names("C+?", graph=graph) == ["C++"]


def test_tags_are_given_from_outside() -> None:
    tags = {guid(3): ["release", "Finance"], guid(6): ["draft"]}
    assert names("tag:rel*", tags=tags) == ["Sales"]
    assert names("tag:FINANCE+", "!tag:draft", tags=tags) == ["Sales", "Sales by Day"]


def test_a_kind_that_this_version_does_not_know_can_be_selected() -> None:
    graph = build_graph(documents([f"guid: {guid(1)}\nhologram:\n  name: H\n", table("T", 2)]))
    assert names("hologram:*", graph=graph) == ["H"]


def test_an_unknown_kind_names_the_nearest() -> None:
    assert refusals("modle:Sales") == [
        ("TD010", "did you mean model:Sales ? a name that holds a colon is written  name:modle:Sales")
    ]
    assert refusals("!+Model:Sales+")[0][1].startswith("did you mean !+model:Sales+ ?")


def test_a_name_with_a_colon_says_how_to_write_it() -> None:
    assert refusals("Q3 2026: Sales") == [("TD010", "a name that holds a colon is written  name:Q3 2026: Sales")]


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("model:Stokc", "did you mean model:Stock ?"),
        ("Overveiw", "did you mean liveboard:Overview ?"),
        ("by day", "did you mean answer:Sales by Day ?"),
        ("path:tml/model/sale.tml", "did you mean path:tml/model/sales.tml"),
        ("obj_id:team.dya", "did you mean obj_id:team.day ?"),
        (guid(5), "did you mean "),
        ("zzz", "tsdeploy graph  lists what is there"),
        ("!zzz", "tsdeploy graph  lists what is there"),
    ],
)
def test_a_selector_that_selects_nothing_names_what_is_near(selector: str, hint: str) -> None:
    ((code, found),) = refusals(selector)
    assert code == "TD011"
    assert found.startswith(hint)


def test_a_tag_that_nothing_has_names_the_nearest() -> None:
    assert refusals("tag:relaese", tags={guid(3): ["release"]}) == [("TD011", "did you mean tag:release ?")]
    assert refusals("tag:x", tags={}) == [("TD011", "tsdeploy graph  lists what is there")]


@pytest.mark.parametrize("selector", ["tag:x", "!tag:x", "+tag:x", "!+tag:x+"])
def test_selectors_that_ask_for_tags(selector: str) -> None:
    assert asks_for_tags(["model:*", selector])
    assert not asks_for_tags(["model:*", selector.replace("tag:", "name:tag:")])


def test_tags_that_are_not_known_are_no_empty_selection() -> None:
    assert [code for code, _ in refusals("tag:release")] == ["TD012"]


@pytest.mark.parametrize("selector", ["", "+", "!", "!+", "model:", "++", "name:", "+name:+"])
def test_a_selector_that_names_nothing_is_refused(selector: str) -> None:
    assert [code for code, _ in refusals(selector)] == ["TD013"]


def test_all_errors_come_at_once_and_say_where() -> None:
    origin = Location("environments/prod/environment.yaml", 4, 3)
    with pytest.raises(UsageError) as caught:
        select(["modle:x", "model:*", "nothing", "!tag:x"], ESTATE, origin=origin)
    assert [finding.code for finding in caught.value.findings] == ["TD010", "TD011", "TD012"]
    assert {finding.location for finding in caught.value.findings} == {origin}
    assert caught.value.exit_code == 2


SAMPLES = build_graph(documents_below(RETAIL))


@given(st.lists(st.sampled_from([f"{kind}:*" for kind in sorted({d.kind.name for d in SAMPLES.documents.values()})])))
@settings(max_examples=50, deadline=None)
def test_selected_and_excluded_are_two_halves(selectors: list[str]) -> None:
    excluded = select([f"!{selector}" for selector in selectors], SAMPLES)
    selected = select(selectors, SAMPLES) if selectors else ()
    assert {*selected, *excluded} == set(SAMPLES.documents)
    assert not {*selected} & {*excluded}


@given(st.text(max_size=12), st.sampled_from(["", "name:", *(f"{kind}:" for kind in KIND_NAMES[:3])]))
@settings(max_examples=200, deadline=None)
def test_any_text_selects_or_is_refused(text: str, prefix: str) -> None:
    try:
        assert set(select([prefix + text], SAMPLES)) <= set(SAMPLES.documents)
    except UsageError as error:
        assert error.findings


@given(st.sampled_from(sorted(SAMPLES.documents)))
def test_every_object_is_selected_by_each_of_its_names(key: str) -> None:
    one: Document = SAMPLES.documents[key]
    for selector in (one.label, f"name:{one.name}", f"path:{one.path}", *([one.guid] if one.guid else [])):
        assert key in select([selector], SAMPLES)
