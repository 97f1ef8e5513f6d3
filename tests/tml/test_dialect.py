"""Scalars are written as ThoughtSpot writes them, and read back as the value that was meant."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tml.real_files import REAL_FILES, document_of, label, text_of
from tests.tml.yaml_documents import NASTY, mappings_of, values
from tsdeploy.tml import edit
from tsdeploy.tml.dialect import Dialect, json_text, key_text, scalar_text
from tsdeploy.tml.syntax import parse, to_plain, walk

_TYPED = re.compile(r"true|false|[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")
"""What the server writes plain because it is no string."""


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_every_scalar_of_a_real_file_is_reproduced(path: Path) -> None:
    text, document = text_of(path), document_of(path)
    for _, scalar in walk(document.root):
        if scalar.style or not _TYPED.fullmatch(scalar.value):
            made = edit.replace(text, scalar, scalar.value, document.dialect)
            assert made.text == text[made.start : made.end]


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_every_key_of_a_real_file_is_reproduced(path: Path) -> None:
    text, document = text_of(path), document_of(path)
    for _, mapping in mappings_of(document.root):
        for key, (scalar, _) in mapping.entries.items():
            assert key_text(key, document.dialect) == text[scalar.start : scalar.end]


@pytest.mark.parametrize(
    ("value", "jackson", "snakeyaml"),
    [
        ("Net Sales", "Net Sales", "Net Sales"),
        ("", '""', "''"),
        ("=", "=", "="),
        ("true", '"true"', "'true'"),
        ("on", '"on"', "'on'"),
        ("y", '"y"', "y"),
        ("1", '"1"', "'1'"),
        ("1.5", '"1.5"', "'1.5'"),
        ("[A::b] = [C::d]", '"[A::b] = [C::d]"', "'[A::b] = [C::d]'"),
        ("a, b", '"a, b"', "a, b"),
        ("${ts_db}", '"${ts_db}"', "${ts_db}"),
        ("a: b", '"a: b"', "'a: b'"),
        ("a #b", '"a #b"', "'a #b'"),
        ("it's", "it's", "it's"),
        ("'a", "'''a'", "'''a'"),
        ("*", "'*'", "'*'"),
        ("a\xa0b", "a\xa0b", "a\xa0b"),
        ("[a\xa0b]", '"[a\\_b]"', "'[a\xa0b]'"),
        ("a\tb", '"a\\tb"', '"a\\tb"'),
        ("😀", "😀", "😀"),
        ('"x"', "'\"x\"'", "'\"x\"'"),
    ],
)
def test_quotes_follow_the_dialect(value: str, jackson: str, snakeyaml: str) -> None:
    written = [scalar_text(value, dialect) for dialect in (Dialect.JACKSON, Dialect.SNAKEYAML)]
    assert written == [jackson, snakeyaml]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\n\nb\n\n", "|+\n  a\n\n  b\n\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
        ("\na", "|2-\n\n  a\n"),
        ("a \nb", '"a \\nb"'),
        ("a\n\tb", '"a\\n\\tb"'),
        ("a\r\nb", '"a\\r\\nb"'),
        ("a\u2028b\nc", '"a\\Lb\\nc"'),
    ],
)
def test_several_lines_become_a_block_where_they_can(value: str, text: str) -> None:
    assert scalar_text(value, Dialect.JACKSON, indent=2) == text


def test_a_block_takes_the_line_ends_of_its_file() -> None:
    assert scalar_text("a\nb", Dialect.JACKSON, indent=2, newline="\r\n") == "|-\r\n  a\r\n  b\r\n"


@pytest.mark.parametrize(
    ("key", "jackson", "snakeyaml"),
    [("y", '"y"', "y"), ("on", '"on"', "'on'"), ("name", "name", "name"), ("1", "1", "'1'"), ("a b", "a b", "a b")],
)
def test_keys_follow_the_dialect(key: str, jackson: str, snakeyaml: str) -> None:
    assert [key_text(key, dialect) for dialect in (Dialect.JACKSON, Dialect.SNAKEYAML)] == [jackson, snakeyaml]


@pytest.mark.parametrize("dialect", Dialect)
@given(value=values())
@settings(max_examples=150, deadline=None)
def test_any_value_reads_back(dialect: Dialect, value: str) -> None:
    text = scalar_text(value, dialect)
    assert to_plain(parse(f'{{"k": {text}}}' if dialect is Dialect.JSON else f"k: {text}\n", "x")) == {"k": value}


@pytest.mark.parametrize("dialect", Dialect)
@given(value=values())
@settings(max_examples=100, deadline=None)
def test_any_value_reads_back_in_flow_style(dialect: Dialect, value: str) -> None:
    text = f"[{{k: {scalar_text(value, dialect, flow=True)}, l: {scalar_text(value, dialect, flow=True)}}}]"
    assert to_plain(parse(text, "x")) == [{"k": value, "l": value}]


@pytest.mark.parametrize("dialect", [Dialect.JACKSON, Dialect.SNAKEYAML])
@pytest.mark.parametrize("nesting", ["k: ", "- ", "- k: ", "l:\n- ", "l:\n  - k: "])
@given(value=values())
@settings(max_examples=40, deadline=None)
def test_any_value_reads_back_as_a_block(dialect: Dialect, nesting: str, value: str) -> None:
    last = nesting.rpartition("\n")[2]
    indent = len(last) if last.endswith("- ") else len(last) - len(last.lstrip(" -")) + 2
    tree = parse(nesting + scalar_text(value, dialect, indent=indent), "x")
    assert [scalar.value for _, scalar in walk(tree)] == [value]


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("dialect", Dialect)
def test_a_nasty_value_reads_back(dialect: Dialect, value: str) -> None:
    text = scalar_text(value, dialect)
    assert to_plain(parse(f"[{text}]" if dialect is Dialect.JSON else f"- {text}\n", "x")) == [value]


@pytest.mark.parametrize("dialect", Dialect)
@given(key=values())
@settings(max_examples=100, deadline=None)
def test_any_key_reads_back(dialect: Dialect, key: str) -> None:
    text = f"{key_text(key, dialect)}: v"
    assert to_plain(parse(f"{{{text}}}" if dialect is Dialect.JSON else text, "x")) == {key: "v"}


@given(st.dictionaries(values(), values(), max_size=3))
@example({"a\u2028b": "c\x7f\x95"})
@settings(max_examples=100, deadline=None)
def test_json_is_json_and_yaml_alike(tree: dict[str, str]) -> None:
    text = json_text(tree)
    assert json.loads(text) == tree == to_plain(parse(text, "x"))
