"""Lists in form fields: JSON, what Python prints, or one plain value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.sandbox.v1.forms import read_list

TEXTS = st.lists(st.text())


@given(TEXTS)
def test_json_lists_come_through(texts: list[str]) -> None:
    assert read_list(json.dumps(texts)) == texts


@given(TEXTS)
def test_what_python_prints_comes_through(texts: list[str]) -> None:
    assert read_list(str(texts)) == texts


@pytest.mark.parametrize("text", ["PINBOARD", "", "a,b"])
def test_a_plain_value_is_a_list_of_one(text: str) -> None:
    assert read_list(text) == ([text] if text else [])


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[__import__('os')]",
        "[open('/etc/passwd').read()]",
        "[1, 2",
        "[" * 100_000,
        "[" * 2000 + "]" * 2000 + "x",
        "[\x00]",
        "[" + "'x'," * 5_000_000 + "]",
    ],
    ids=["open", "import", "call", "cut", "deep", "nested", "null", "large"],
)
def test_what_is_no_list_is_refused_and_never_executed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_list(text)
