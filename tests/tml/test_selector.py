"""Selectors name documents; globs match as people expect, and hostile ones finish."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.tml_texts import answer, document, guid, liveboard, model
from tsdeploy.tml.selector import glob_matches, matches

SALES = document(model("Sales Model", 1), "tml/model/Sales.model.tml")


@pytest.mark.parametrize(
    "selector",
    [
        "model:Sales*",
        "model:sales model",
        "model:*",
        "Sales Model",
        "*model",
        "S?les*",
        guid(1),
        guid(1).upper(),
        "path:tml/model/*",
        "path:*.model.tml",
        "*",
    ],
)
def test_a_selector_names_it(selector: str) -> None:
    assert matches(selector, SALES)


@pytest.mark.parametrize("selector", ["answer:Sales*", "Sales", "model:Sales", guid(2), "path:other/*", "obj_id:x", ""])
def test_a_selector_does_not_name_it(selector: str) -> None:
    assert not matches(selector, SALES)


def test_an_obj_id_is_matched() -> None:
    assert matches("obj_id:team.*", document(answer("A", "team.a", "S", 1)))


def test_a_pinboard_is_selected_as_a_liveboard() -> None:
    old = document(liveboard("Old", 1, "S", 2).replace("liveboard:", "pinboard:"))
    assert matches("liveboard:Old", old)


def test_a_colon_in_a_name_needs_no_escape() -> None:
    assert matches("Sales: 2026", document(answer('"Sales: 2026"', 1, "S", 2)))


@given(st.text("aAb*?", max_size=8), st.text("aAb", max_size=8))
@settings(max_examples=400, deadline=None)
def test_globs_match_as_fnmatch_does(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) == fnmatch.fnmatchcase(text.lower(), pattern.lower())


@given(st.text("[]!-^$.\\a", max_size=8))
@settings(max_examples=100, deadline=None)
def test_nothing_but_star_and_question_mark_is_special(text: str) -> None:
    assert glob_matches(text, text)


@pytest.mark.parametrize("pattern", ["a*" * 2000 + "b", "*" * 20_000 + "b", "?*" * 2000 + "b"])
def test_a_hostile_pattern_finishes(pattern: str) -> None:
    assert not glob_matches(pattern, "a" * 3000)
