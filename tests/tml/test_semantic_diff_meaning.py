"""Texts that mean the same are told from texts that only look alike."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsdeploy.tml.difference import client_state
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.equivalent import condition, search
from tsdeploy.tml.difference.excerpt import excerpt, one_line

ID, OTHER_ID = "eb0d174a-ecc9-4be5-9424-7441c2e935a9", "11111111-ecc9-4be5-9424-7441c2e935a9"


def _text(tree: object) -> str:
    """A condition with parentheses around every part; a digit asks for more of them."""
    if isinstance(tree, str):
        return f"[T::{tree}] = 1"
    assert isinstance(tree, tuple)
    word, left, right, extra = tree
    inner = f"({_text(left)}) {word} ({_text(right)})"
    return f"{'(' * extra}{inner}{')' * extra}"


def _truth(tree: object, values: dict[str, bool]) -> bool:
    if isinstance(tree, str):
        return values[tree]
    assert isinstance(tree, tuple)
    word, left, right, _ = tree
    one, other = _truth(left, values), _truth(right, values)
    return (one and other) if word.lower() == "and" else (one or other)


_TREES = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.tuples(st.sampled_from(["and", "or", "AND"]), inner, inner, st.integers(0, 2)),
    max_leaves=5,
)


@given(_TREES, _TREES)
@settings(max_examples=300, deadline=None)
def test_conditions_of_one_meaning_are_true_together(one: object, other: object) -> None:
    if condition(_text(one)) == condition(_text(other)):
        for row in itertools.product([False, True], repeat=3):
            values = dict(zip("abc", row, strict=True))
            assert _truth(one, values) == _truth(other, values)


@given(st.text("()[]'\" aAndor=\\:.", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_meaning_that_is_its_own(text: str) -> None:
    assert condition(text) == condition(text)
    assert search(text) == search(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[A::x] = [B::y]", "( [A::x] = [B::y] )"),
        ("[A::x] = [B::y]", "[A::x] = ([B::y])"),
        ("[A::x] = 1 and [B::y] = 2", "([A::x] = 1) AND ([B::y] = 2)"),
        ("[A::x] = 1 and [B::y] = 2 and [C::z] = 3", "([A::x] = 1 and [B::y] = 2) and [C::z] = 3"),
        ("[A::x] = 1 or [B::y] = 2 and [C::z] = 3", "[A::x] = 1 or ([B::y] = 2 and [C::z] = 3)"),
        ("[A::x]  =\n [B::y]", "[A::x] = [B::y]"),
    ],
)
def test_conditions_that_mean_the_same(one: str, other: str) -> None:
    assert condition(one) == condition(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[A::x] = [B::y]", "[A::x] = [B::z]"),
        ("[A::x] = 1 and ([B::y] = 2 or [C::z] = 3)", "[A::x] = 1 and [B::y] = 2 or [C::z] = 3"),
        ("f ( [A::x] ) = 1", "f [A::x] = 1"),
        ("[A::x] = '( and )'", "[A::x] = 'and'"),
        ("( [A::x]", "[A::x]"),
        ("[A::x] = 'a'", "[A::x] = 'A'"),
        ("1 - (2 - 3) = [A::x]", "1 - 2 - 3 = [A::x]"),
    ],
)
def test_conditions_that_differ(one: str, other: str) -> None:
    assert condition(one) != condition(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("[A] [B]", "[B] [A]", True),
        ("[A].daily [B].'last week' sort by [A]", "[B].'last week'  [A].daily sort by [A]", True),
        ("[A] [B] sort by [A] [B]", "[A] [B] sort by [B] [A]", False),
        ("[A] [B] > 10", "[B] [A] > 10", False),
        ("top 10 [A] [B]", "top 10 [B] [A]", False),
        ("[A].x [B]", "[A] [B].x", False),
        ("[A] [A]", "[A]", False),
        (r"[A\] b] [C]", r"[C] [A\] b]", True),
        ("[A].'x [B]' [C]", "[C] [A].'x [B]'", True),
        ("[A].'x [B]'", "[B] [A].'x'", False),
    ],
)
def test_searches(one: str, other: str, same: bool) -> None:
    assert (search(one) == search(other)) is same


def state(**changes: object) -> str:
    whole: dict[str, object] = {
        "version": "V4DOT2",
        "chartProperties": {"legend": True},
        "axisProperties": [{"id": ID, "properties": {"linked": ["x"]}}],
        "mentions": {ID: 1},
        "seriesColors": [{"serieName": OTHER_ID, "color": "#fff"}],
        "widthState": [{"columnId": "x", "width": 1.5}],
    }
    return json.dumps({**whole, **changes})


@pytest.mark.parametrize(
    ("before", "after", "weight", "words"),
    [
        (state(), state(version="V4DOT1"), Weight.NOISE, ""),
        (state(), state().replace(ID, "22222222" + ID[8:]), Weight.NOISE, ""),
        (state(), state(axisProperties=[{"id": "22222222" + ID[8:]}]), Weight.CONTENT, "mentions"),
        (state(), state(widthState=[]), Weight.LAYOUT, "column widths"),
        (state(), state(seriesColors=[], widthState=[]), Weight.LAYOUT, "colors, column widths"),
        (state(), state(chartProperties={"legend": False}), Weight.CONTENT, "legend"),
        (state(), state(brandNew=1), Weight.CONTENT, "brandNew"),
        (state(), "", Weight.CONTENT, ""),
        (state(), "{not json", Weight.CONTENT, ""),
        ("[" * 100_000, "[" * 99_999, Weight.CONTENT, ""),
        ("[" * 500 + "]" * 500, "[" * 400 + "]" * 400, Weight.CONTENT, ""),
        ('{"a": 1}', '{"a": true}', Weight.CONTENT, "a"),
    ],
)
def test_client_state(before: str, after: str, weight: Weight, words: str) -> None:
    found, said = client_state.weigh(before, after)
    assert found is weight
    assert words in said


@given(st.text(max_size=60), st.text(max_size=60), st.integers(12, 40))
@settings(max_examples=200, deadline=None)
def test_excerpts_fit_and_show_the_first_difference(old: str, new: str, limit: int) -> None:
    cut = excerpt(old, new, limit)
    assert all(len(text) <= limit for text in cut)
    assert (cut[0] == cut[1]) == (one_line(old) == one_line(new))
