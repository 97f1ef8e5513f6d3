"""Reading YAML with positions: exact spans, no coercion, and a located error for whatever is no TML."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import REAL_FILES, label, text_of
from tests.tml.yaml_documents import Written, documents
from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml import syntax
from tsdeploy.tml.lines import locate
from tsdeploy.tml.syntax import Mapping, Scalar, parse, path_text, to_plain, walk


def only_scalar(text: str) -> Scalar:
    ((_, scalar),) = walk(parse(text, "x.tml"))
    return scalar


def refusal(text: str) -> Finding:
    with pytest.raises(TmlError) as caught:
        parse(text, "x.tml")
    (finding,) = caught.value.findings
    return finding


SCALARS = {
    "plain": ("a: Net Sales\n", "Net Sales"),
    "single quoted": ("a: 'it''s'\n", "'it''s'"),
    "double quoted": ('a: "x\\"y"\n', '"x\\"y"'),
    "literal block": ("a: |\n  x\n  y\n", "|\n  x\n  y\n"),
    "literal, chomped": ("a: |-\n  x\n", "|-\n  x\n"),
    "literal, kept line breaks": ("a: |+\n  x\n\n\n", "|+\n  x\n\n\n"),
    "literal, indentation given": ("a: |2-\n   x\n", "|2-\n   x\n"),
    "folded block": ("a: >\n  x\n  y\n", ">\n  x\n  y\n"),
    "plain over two lines": ("a: x\n  y\n", "x\n  y"),
    "quoted over two lines": ('a: "x\n  y"\n', '"x\n  y"'),
    "trailing comment": ("a: x # y\n", "x"),
    "emoji in front": ("# 😀😀\na: 😀b\n", "😀b"),
    "NBSP": ("a: x\xa0y\n", "x\xa0y"),
    "escaped NBSP": ('a: "x\\_y"\n', '"x\\_y"'),
    "escaped U+2028": ('a: "x\\Ly"\n', '"x\\Ly"'),
    "raw U+2028 in quotes": ('a: "x\u2028y" # z\n', '"x\u2028y"'),
    "CRLF": ("# x\r\na: x\r\n", "x"),
    "CRLF, block": ("# x\r\na: |\r\n  x\r\n", "|\r\n  x\r\n"),
    "lone CR": ("# x\ra: x\r", "x"),
    "BOM": ("\ufeffa: x\n", "x"),
    "two BOMs": ("\ufeff\ufeffa: x\n", "x"),
    "BOM, emoji and CRLF": ("\ufeff# 😀\r\na: x\r\n", "x"),
    "no final newline": ("a: x", "x"),
    "document start": ("---\na: x\n...\n", "x"),
    "flow": ("a: {b: x}\n", "x"),
    "JSON": ('{"a": "x"}', '"x"'),
    "JSON, no blank": ('{"a":"x"}', '"x"'),
    "empty": ("a:\n", ""),
    "empty, comment": ("a: # x\n", ""),
    "empty list item": ("- \n", ""),
    "surrogate escapes": ('a: "\\ud83d\\ude00" # x\n', '"\\ud83d\\ude00"'),
    "surrogate escapes behind a BOM": ('\ufeffa: "\\ud83d\\ude00"\n', '"\\ud83d\\ude00"'),
}


@pytest.mark.parametrize(("text", "span"), SCALARS.values(), ids=SCALARS)
def test_the_span_of_a_scalar_is_exact(text: str, span: str) -> None:
    scalar = only_scalar(text)
    assert text[scalar.start : scalar.end] == span


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_every_span_of_a_real_file_reads_as_its_value(path: Path) -> None:
    text = text_of(path)
    for _, scalar in walk(parse(text, "x.tml")):
        assert _alone(text[scalar.start : scalar.end], scalar.style) == scalar.value


def _alone(span: str, style: str) -> object:
    """A scalar's text read by itself. A block says its own indentation."""
    lines = span.split("\n")
    if style == "|":
        margin = next((len(line) - len(line.lstrip()) for line in lines[1:] if line), 0)
        span = "\n".join([lines[0].replace("2", ""), *(line[margin - 1 :] for line in lines[1:])])
    return yaml.load(span, Loader=yaml.CBaseLoader)


@given(documents())
@settings(max_examples=80, deadline=None)
def test_a_document_reads_as_what_was_written(written: Written) -> None:
    assert to_plain(parse(written.text, "x.tml")) == written.tree


@pytest.mark.parametrize(
    "value", ["=", "on", "y", "no", "017", "1_000", "0x1f", "1.50", "2020-01-01", "12:30:45", "null", "~", "true", "<<"]
)
def test_a_plain_value_stays_text(value: str) -> None:
    assert to_plain(parse(f"oper: {value}\n", "x.tml")) == {"oper": value}


@pytest.mark.parametrize("key", ["on", "y", "n", "=", "017", "2020-01-01", "null", "<<", "true"])
def test_a_plain_key_stays_text(key: str) -> None:
    assert to_plain(parse(f"{key}: x\n", "x.tml")) == {key: "x"}


def test_surrogate_escapes_become_one_character() -> None:
    assert only_scalar('a: "\\ud83d\\ude00"\n').value == "😀"


def test_surrogate_escapes_in_a_key_become_one_character() -> None:
    root = parse('{"\\ud83d\\ude00": "x"}', "x.tml")
    assert isinstance(root, Mapping)
    assert ([*root.nodes], root.entries["😀"][0].value) == (["😀"], "😀")


def test_a_line_of_300_kilobytes() -> None:
    text = 'a: "' + "x" * 300_000 + '"\nb: y\n'
    spans = {path: text[scalar.start : scalar.end] for path, scalar in walk(parse(text, "x.tml"))}
    assert (len(spans["a",]), spans["b",]) == (300_002, "y")


def test_mappings_and_lists_know_where_they_are() -> None:
    text = "a: {b: c}\nd: [e]\n"
    root = parse(text, "x.tml")
    assert isinstance(root, Mapping)
    inner = [root.entries[key][1] for key in "ad"]
    assert [text[node.start : node.end] for node in inner] == ["{b: c}", "[e]"]


def test_a_key_without_a_scalar_gives_no_scalar() -> None:
    root = parse("a: {b: c}\n", "x.tml")
    assert isinstance(root, Mapping)
    assert (root.scalar("a"), root.scalar("z"), root.get("z")) == (None, None, None)


REFUSED = {
    "tab as indentation": ("a:\n\tb: c\n", "TD102", 2, 1),
    "quote never closed": ('a: "b\n', "TD102", 2, 1),
    "value behind a value": ("a: b: c\n", "TD102", 1, 5),
    "DEL": ("a: b\nc: é\x7f\n", "TD102", 2, 5),
    "C1 control character": ("a: b\n\nc: d\x95e\n", "TD102", 3, 5),
    "NUL": ("a: \0\n", "TD102", 1, 4),
    "control character behind a BOM": ("\ufeffa: \x01\n", "TD102", 1, 4),
    "lone surrogate": ("a: b\nc: \ud800\n", "TD102", 2, 4),
    "half a surrogate escape": ('a: "\\ud800"\n', "TD102", 1, 4),
    "half a surrogate escape in a key": ('a: b\n"\\ud800": c\n', "TD102", 2, 1),
    "list as a key": ("a: b\n? [c]\n: d\n", "TD102", 2, 3),
    "mapping as a key": ("? {a: b}\n: c\n", "TD102", 1, 3),
    "empty": ("", "TD104", 0, 0),
    "only a comment": ("# nothing\n", "TD104", 0, 0),
    "only a document start": ("---\n", "TD104", 0, 0),
    "two documents": ("a: b\n---\nc: d\n", "TD105", 2, 1),
    "duplicate key": ("a: b\nc: d\na: e\n", "TD106", 3, 1),
    "duplicate key, quoted otherwise": ("a: b\n'a': c\n", "TD106", 2, 1),
    "duplicate key on the line of a BOM": ("\ufeff{a: b, a: c}\n", "TD106", 1, 8),
    "duplicate key behind U+2028": ('a: "b\u2028c"\nd: e\na: f\n', "TD106", 3, 1),
    "duplicate key behind a BOM": ("\ufeffa: b\nx:\n  c: d\n  c: e\n", "TD106", 4, 3),
    "anchor": ("a: b\nc: &x d\n", "TD108", 2, 4),
    "anchor on a list": ("a: &x [b]\n", "TD108", 1, 4),
    "anchor on a key": ("&x a: b\n", "TD108", 1, 1),
    "anchor on a list for a key": ("? &x [a]\n: b\n", "TD108", 1, 3),
    "tag on a key": ("!x a: b\n", "TD108", 1, 1),
    "alias for a key": ("*x : b\n", "TD108", 1, 1),
    "alias in a list": ("- *x\n", "TD108", 1, 3),
    "alias": ("a: *x\n", "TD108", 1, 4),
    "tag": ("a: !!python/object b\n", "TD108", 1, 4),
    "tag on a mapping": ("a: !x {b: c}\n", "TD108", 1, 4),
    "billion laughs": ("a: &a [x, x]\nb: &b [*a, *a]\n", "TD108", 1, 4),
    "flow lists too deep": ("[" * 5000, "TD109", 1, 129),
    "flow mappings too deep": ("{a: " * 5000, "TD109", 1, 513),
    "block lists too deep": ("- " * 5000, "TD109", 1, 257),
}


@pytest.mark.parametrize(("text", "code", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_tml_is_refused_where_it_stands(text: str, code: str, line: int, column: int) -> None:
    finding = refusal(text)
    assert (finding.code, finding.location) == (code, Location("x.tml", line, column))


@pytest.mark.parametrize("text", [text for text, *_ in REFUSED.values()], ids=REFUSED)
def test_every_refusal_says_what_to_do(text: str) -> None:
    assert refusal(text).hint


def test_a_file_above_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_CHARACTERS", 2 << 20)
    finding = refusal(" " * ((2 << 20) + 1))
    assert (finding.code, "2 MiB" in finding.message, str(finding.location)) == ("TD109", True, "x.tml")


def test_128_levels_are_read() -> None:
    assert parse("[" * 128 + "]" * 128, "x.tml")


@pytest.mark.parametrize("text", ["[" * 200_000, "{" * 200_000, "- " * 200_000, "? " * 200_000, "[{" * 100_000])
def test_hostile_nesting_ends_in_an_error(text: str) -> None:
    assert refusal(text).code in ("TD102", "TD109")


def test_hostile_nesting_behind_a_surrogate_escape_ends_in_an_error() -> None:
    assert refusal('a: "\\ud83d\\ude00"\nb: ' + "[" * 20_000).code == "TD109"


@given(st.text(max_size=60) | st.text("ab:-?[]{},&*!|>'\"%#\\ud8\n\r\t \ufeff\u2028😀", max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text, "x.tml")
    except TmlError as error:
        assert "TD102" <= error.code <= "TD109"


@given(st.text("ab:-?[]{},|>'\" \n\r\ufeff😀\u2028", max_size=40))
@settings(max_examples=400, deadline=None)
def test_spans_never_overlap_and_stay_in_the_text(text: str) -> None:
    try:
        spans = [(scalar.start, scalar.end) for _, scalar in walk(parse(text, "x.tml"))]
    except TmlError:
        return
    ends = [0, *(end for _, end in spans)]
    assert all(before <= start <= end <= len(text) for before, (start, end) in zip(ends, spans, strict=False))


def test_locate_counts_from_one() -> None:
    assert locate("ab\ncd", 4, "x") == Location("x", 2, 2)


def test_a_path_is_shown_as_people_write_it() -> None:
    assert path_text(("model", "model_tables", 2, "fqn")) == "model.model_tables[2].fqn"
