"""Edits of mapping files: what was asked for changes, and every comment, blank line and other rule stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsdeploy.errors import ConfigError
from tsdeploy.mapping.edit import EMPTY, Addition, missing, with_addition, with_values, without_entry
from tsdeploy.tml.syntax import parse, to_plain

SHOWN = "environments/prod/mapping.yaml"
WRITTEN = """\
# Who is who.
version: 1

objects:  # bound by hand
  # the Model
  aaa: bbb

  ccc: ddd  # the Liveboard
# warehouse
tables:
- {from: DEV.SALES, to: PROD.SALES}  # all of it
"""


def plain(text: str) -> object:
    return to_plain(parse(text, SHOWN))


def objects(**pairs: str) -> Addition:
    return Addition({"objects": pairs})


def test_an_entry_goes_to_the_end_of_its_section() -> None:
    assert with_addition(WRITTEN, objects(eee="fff"), SHOWN) == WRITTEN.replace(
        "  ccc: ddd  # the Liveboard\n", "  ccc: ddd  # the Liveboard\n  eee: fff\n"
    )


def test_a_rule_goes_to_the_end_of_its_list() -> None:
    rule = {"from": {"db": "A"}, "to": {"db": "${b}"}}
    assert with_addition(WRITTEN, Addition(rules={"tables": [rule]}), SHOWN) == (
        WRITTEN + "- {from: {db: A}, to: {db: '${b}'}}\n"
    )


def test_a_new_section_stands_behind_a_blank_line() -> None:
    assert with_addition(EMPTY, objects(a="b"), SHOWN) == "version: 1\n\nobjects:\n  a: b\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1\nobjects: {}\n", "version: 1\nobjects:\n  a: b\n"),
        ("version: 1\nobjects: {}  # none yet", "version: 1\nobjects:  # none yet\n  a: b"),
        ("version: 1\nobjects:\ntext: []\n", "version: 1\nobjects:\n  a: b\ntext: []\n"),
        ("version: 1\nobjects: {x: y,  # one\n}\n", "version: 1\nobjects: {x: y, a: b,  # one\n}\n"),
        ("version: 1\r\nobjects:\r\n    x: y\r\n", "version: 1\r\nobjects:\r\n    x: y\r\n    a: b\r\n"),
        ("\ufeffversion: 1\nobjects:\n  x: y", "\ufeffversion: 1\nobjects:\n  x: y\n  a: b"),
        ('{"version": 1, "objects": {"x": "y"}}', '{"version": 1, "objects": {"x": "y", a: b}}'),
    ],
    ids=["empty", "empty with comment", "null", "flow", "CRLF and indent", "BOM, no last line break", "JSON"],
)
def test_an_entry_fits_the_way_the_section_is_written(before: str, after: str) -> None:
    assert with_addition(before, objects(a="b"), SHOWN) == after


def test_removing_takes_the_line_and_leaves_the_comments_of_others() -> None:
    assert without_entry(WRITTEN, "objects", "ccc", SHOWN) == WRITTEN.replace("  ccc: ddd  # the Liveboard\n", "")


def test_a_section_that_loses_its_last_entry_is_empty_and_valid() -> None:
    text = without_entry(without_entry(WRITTEN, "objects", "ccc", SHOWN), "objects", "aaa", SHOWN)
    assert "objects: {}  # bound by hand\n  # the Model\n" in text


@pytest.mark.parametrize(
    ("key", "after"),
    [("a", "{b: 2, # two\n c: 3}"), ("b", "{a: 1, # two\n c: 3}"), ("c", "{a: 1, b: 2, # two\n }")],
)
def test_flow_entries_lose_one_comma_and_no_comment(key: str, after: str) -> None:
    assert without_entry("objects: {a: 1, b: 2, # two\n c: 3}\n", "objects", key, SHOWN) == f"objects: {after}\n"


def test_values_are_replaced_where_they_stand() -> None:
    text = with_values(WRITTEN, [(("tables", 0, "to"), "${db}.SALES"), (("objects", "aaa"), "zzz")], SHOWN)
    assert text == WRITTEN.replace("PROD.SALES", "'${db}.SALES'").replace("aaa: bbb", "aaa: zzz")


def test_what_is_there_is_missing_no_more_and_what_differs_is_located() -> None:
    rule = {"from": "DEV.SALES", "to": "PROD.SALES"}
    lacking, findings = missing(WRITTEN, Addition({"objects": {"AAA": "xxx", "ccc": "ddd"}}, {"tables": [rule]}), SHOWN)
    assert not lacking
    assert [(one.code, str(one.location), one.at) for one in findings] == [("TD317", f"{SHOWN}:6:3", "objects.aaa")]


@pytest.mark.parametrize(
    "text", ["version: 1\nobjects: [a]\n", "version: 1\nobjects: a\n", "- a\n", "version: 1\n...\n"],
    ids=["list", "text", "no mapping", "end marker"],
)  # fmt: skip
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="TD311"):
        with_addition(text, objects(a="b"), SHOWN)


def test_an_entry_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(ConfigError, match="TD311"):
        without_entry(WRITTEN, "objects", "zzz", SHOWN)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12)
GAPS = st.sampled_from(["", "\n", "  # about the next\n", "\n  # one\n\n"])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A mapping file with comments and blank lines around its entries, and the entries."""
    quoted = {f"k{number}": f"v{number}" for number in range(draw(st.integers(0, 5)))}
    lines = "".join(
        f"{draw(GAPS)}  {key}: {value}{draw(st.sampled_from(['', '  # why']))}\n" for key, value in quoted.items()
    )
    tail = draw(st.sampled_from(["", "\n# end\n", "text:\n- {find: a, to: b}  # last\n"]))
    head = "objects:" + draw(st.sampled_from(["", "  # mine"])) if quoted else "objects: {}"
    return f"# top\nversion: 1\n{head}\n{lines}{tail}", quoted


@given(files(), st.dictionaries(NAMES, NAMES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_adding_any_names_keeps_every_byte_that_was_there(
    file: tuple[str, dict[str, str]], new: dict[str, str]
) -> None:
    text, there = file
    wanted = {key: value for key, value in new.items() if key not in there}
    made = with_addition(text, Addition({"objects": wanted}), SHOWN)
    before = plain(text)
    assert isinstance(before, dict)
    assert plain(made) == {**before, "objects": {**there, **wanted}}
    if there:
        lines = made.splitlines(keepends=True)
        old = text.splitlines(keepends=True)
        assert [line for line in lines if line in old][: len(old)] == old


@given(files(), st.data())
@settings(max_examples=100, deadline=None)
def test_adding_and_removing_again_gives_the_same_bytes(file: tuple[str, dict[str, str]], data: st.DataObject) -> None:
    text, there = file
    if not there:
        return
    key, value = data.draw(NAMES), data.draw(NAMES)
    if key not in there:
        assert without_entry(with_addition(text, objects(**{key: value}), SHOWN), "objects", key, SHOWN) == text


@given(files(), st.data())
@settings(max_examples=100, deadline=None)
def test_removing_keeps_every_other_line(file: tuple[str, dict[str, str]], data: st.DataObject) -> None:
    text, there = file
    if len(there) < 2:
        return
    key = data.draw(st.sampled_from(sorted(there)))
    gone = next(line for line in text.splitlines(keepends=True) if line.startswith(f"  {key}: "))
    assert without_entry(text, "objects", key, SHOWN) == text.replace(gone, "")
