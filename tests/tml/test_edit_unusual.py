"""Forms of YAML that ThoughtSpot never writes: an edit comes out right, or is refused where it would not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.yaml_documents import mappings_of
from tsdeploy.errors import TmlError
from tsdeploy.tml import edit
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Mapping, Plain, Scalar, parse, to_plain, walk

PAIRS = [
    "? {key}\n: {value}",
    "? {key}",
    "{key}: {value}",
    "{key}:",
    "? |-\n  {key}\n: {value}",
    "# why?\n{key}: {value}",
]
FLOW_PAIRS = ["? {key} : {value}", "{key}", "? {key}", "{key}: {value}", '"{key}":{value}', "{key}-"]
NEW = ("new", "x, y")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A mapping of a few keys in block or flow style, alone, in a mapping or in a list."""
    block = draw(st.booleans())
    forms = draw(st.lists(st.sampled_from(PAIRS if block else FLOW_PAIRS), min_size=1, max_size=3))
    pairs = [form.format(key=key, value=f"v{key}") for key, form in zip("abc", forms, strict=False)]
    if not block:
        lone = len(pairs) == 1 and any(mark in pairs[0] for mark in "?:") and draw(st.booleans())
        return "root:\n- " + (f"[{pairs[0]}]" if lone else "{" + ", ".join(pairs) + "}") + "\n"
    lines = "\n".join(pairs).split("\n")
    first, rest = draw(st.sampled_from([("root:\n  ", "  "), ("root:\n- ", "  "), ("", "")]))
    return first + f"\n{rest}".join(lines) + draw(st.sampled_from(["", "\n"]))


def outcome(text: str, edits: Callable[[], Iterable[Edit]]) -> Plain | None:
    """The tree after an edit; None where it was refused, with a place."""
    try:
        return to_plain(parse(edit.apply(text, edits()), "x"))
    except TmlError as error:
        (finding,) = error.findings
        assert finding.code == "TD113", (finding, edit.apply(text, edits()))
        assert finding.location is not None
        assert finding.location.file == "x.tml"
        return None


def mapping_of(text: str) -> Mapping:
    """The innermost mapping."""
    return list(mappings_of(parse(text, "x")))[-1][1]


def changed(text: str, change: Callable[[dict[str, Plain]], dict[str, Plain]]) -> Plain:
    """The tree that an edit of the innermost mapping should give."""
    path, _ = list(mappings_of(parse(text, "x")))[-1]

    def at(tree: Plain, steps: tuple[str | int, ...]) -> Plain:
        if not steps:
            assert isinstance(tree, dict)
            return change(tree)
        if isinstance(tree, dict):
            return {key: at(value, steps[1:]) if key == steps[0] else value for key, value in tree.items()}
        assert isinstance(tree, list)
        return [at(value, steps[1:]) if number == steps[0] else value for number, value in enumerate(tree)]

    return at(to_plain(parse(text, "x")), path)


@settings(max_examples=600, deadline=None)
@given(texts(), st.data())
def test_an_edit_is_right_or_refused(text: str, data: st.DataObject) -> None:
    mapping = mapping_of(text)
    key = data.draw(st.sampled_from(list(mapping.nodes)))
    gone = data.draw(st.sets(st.sampled_from(list(mapping.nodes)), min_size=1))
    jackson = Dialect.JACKSON
    before = outcome(text, lambda: [edit.insert_before(text, mapping, key, NEW, jackson, file="x.tml")])
    after = outcome(text, lambda: [edit.insert_after(text, mapping, key, NEW, jackson, file="x.tml")])
    without = outcome(text, lambda: edit.delete(text, mapping, gone, file="x.tml"))
    assert before in (None, changed(text, lambda tree: {**tree, NEW[0]: NEW[1]}))
    assert after in (None, changed(text, lambda tree: {**tree, NEW[0]: NEW[1]}))
    assert without in (None, changed(text, lambda tree: {name: tree[name] for name in tree if name not in gone}))


@settings(max_examples=600, deadline=None)
@given(texts(), st.sampled_from(["x", "x, y", "-", "a: b", "two\nlines\n", ""]), st.data())
def test_a_new_value_or_key_is_right_or_refused(text: str, value: str, data: st.DataObject) -> None:
    mapping = mapping_of(text)
    key = data.draw(st.sampled_from(list(mapping.nodes)))
    scalar = mapping.nodes[key]
    assert isinstance(scalar, Scalar)
    found = outcome(text, lambda: [edit.replace(text, scalar, value, Dialect.JACKSON, file="x.tml")])
    assert found in (None, changed(text, lambda tree: {**tree, key: value}))
    renamed = outcome(text, lambda: [edit.rename_key(mapping.entries[key][0], "other", Dialect.JACKSON)])
    assert renamed == changed(text, lambda tree: {("other" if name == key else name): tree[name] for name in tree})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("? a\n: b\n", "x.tml:1:3"),
        ("k:\n- ? a\n  : b\n", "x.tml:2:5"),
        ("k: [a: b]\n", "x.tml:1:5"),
        ("k: {? a : b}\n", "x.tml:1:7"),
        ("a: really ?\n? b\n: c\n", "x.tml:2:3"),
        ("k: {a, b: c}\n", "x.tml:1:5"),
    ],
)
def test_a_refusal_names_the_place(text: str, place: str) -> None:
    mapping = mapping_of(text)
    with pytest.raises(TmlError) as refused:
        edit.insert_before(text, mapping, next(iter(mapping.nodes)), NEW, Dialect.JACKSON, file="x.tml")
    assert (refused.value.code, str(refused.value.findings[0].location)) == ("TD113", place)


@pytest.mark.parametrize("text", ["? a\n: b\n", "k: [a: b]\n", "k: {? a : b}\n", "? |-\n  a\n: b\n"])
def test_a_value_that_is_there_can_be_replaced_in_any_form(text: str) -> None:
    scalar = next(scalar for _, scalar in walk(parse(text, "x")))
    assert edit.apply(text, [edit.replace(text, scalar, "new", Dialect.JACKSON)]) == text.replace("b", "new")


def test_a_question_mark_in_a_value_or_a_comment_is_no_key() -> None:
    text = "a: really ?\n# why?\nb: c\n"
    added = edit.insert_before(text, mapping_of(text), "b", NEW, Dialect.JACKSON)
    assert edit.apply(text, [added]) == 'a: really ?\n# why?\nnew: "x, y"\nb: c\n'
