"""Text from outside cannot hide anything, and fits where it is put."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.visible import cells, json_text, shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sales", "Sales"),
        ("a\nb\r\n c\u2028d", "a b c d"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\U000e0041tag", "\\U000e0041tag"),
        ("filled\u3164\u2800\u115f", "filled\\u3164\\u2800\\u115f"),
        ("Größe 日本 🙂", "Größe 日本 🙂"),
    ],
)
def test_what_is_hidden_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_visible_text_is_printable_and_stays_as_it_is(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(text: str, limit: int) -> None:
    short = shortened(visible(text), limit)
    assert cells(short) <= limit
    assert short == visible(text) or short.endswith("…")


def test_wide_and_combining_characters_are_counted_as_terminals_do() -> None:
    assert [cells(text) for text in ("ab", "日本", "e\u0301")] == [2, 4, 1]


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_loses_nothing_and_shows_everything(value: object) -> None:
    for indent in (None, 2):
        text = json_text(value, indent)
        assert json.loads(text) == value
        assert text.replace("\n", "").isprintable()
