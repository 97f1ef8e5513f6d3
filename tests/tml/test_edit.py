"""Edits change what they name and not one byte more, in any layout of the file."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import REAL_FILES, document_of, label, text_of
from tests.tml.yaml_documents import Written, documents, mapping_at, mappings_of, values, with_value
from tsdeploy.tml import edit
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.references import is_guid
from tsdeploy.tml.syntax import Mapping, Scalar, parse, to_plain, walk

DIALECTS = st.sampled_from([Dialect.JACKSON, Dialect.SNAKEYAML])


def root_of(text: str) -> Mapping:
    root = parse(text, "x.tml")
    assert isinstance(root, Mapping)
    return root


def replaced(text: str, value: str, dialect: Dialect = Dialect.JACKSON) -> str:
    """The text with its first scalar replaced."""
    scalar = next(scalar for _, scalar in walk(parse(text, "x.tml")))
    return edit.apply(text, [edit.replace(text, scalar, value, dialect)])


def without(text: str, *keys: str, at: str = "") -> str:
    """The text without some keys of a mapping: the root, or the one whose path is given."""
    mapping = next(found for path, found in mappings_of(parse(text, "x")) if ".".join(map(str, path)) == at)
    return edit.apply(text, edit.delete(text, mapping, keys))


@given(documents(), st.data())
@settings(max_examples=80, deadline=None)
def test_replacing_scalars_changes_exactly_these(written: Written, data: st.DataObject) -> None:
    sites = list(walk(parse(written.text, "x")))
    chosen = data.draw(st.lists(st.sampled_from(sites), max_size=5, unique_by=id)) if sites else []
    expected, edits = written.tree, []
    for path, scalar in chosen:
        value = data.draw(values())
        expected = with_value(expected, path, value)
        edits.append(edit.replace(written.text, scalar, value, data.draw(DIALECTS)))
    assert to_plain(parse(edit.apply(written.text, edits), "x")) == expected


@given(documents(), st.data())
@settings(max_examples=40, deadline=None)
def test_replacing_changes_only_the_lines_of_the_sites(written: Written, data: st.DataObject) -> None:
    text, sites = written.text, list(walk(parse(written.text, "x")))
    chosen = data.draw(st.lists(st.sampled_from(sites), max_size=3, unique_by=id)) if sites else []
    edits = [edit.replace(text, scalar, "new", Dialect.JACKSON) for _, scalar in chosen]
    allowed = {line for _, scalar in chosen for line in lines_of(text, scalar)}
    assert changed_lines(text, edit.apply(text, edits)) <= allowed


def lines_of(text: str, scalar: Scalar) -> range:
    last = max(scalar.end - 1, scalar.start)
    return range(text.count("\n", 0, scalar.start), text.count("\n", 0, last) + 2)


def changed_lines(before: str, after: str) -> set[int]:
    old, new = before.split("\n"), after.split("\n")
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return {line for tag, start, end, _, _ in blocks if tag != "equal" for line in range(start, max(end, start + 1))}


@given(documents())
@settings(max_examples=50, deadline=None)
def test_no_edits_change_nothing(written: Written) -> None:
    assert edit.apply(written.text, []) == written.text


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_replacing_every_guid_of_a_real_file_keeps_the_rest(path: Path) -> None:
    text, document = text_of(path), document_of(path)
    sites = [site for site in walk(document.root) if site[0][-1] in ("guid", "fqn", "viz_guid", "name", "db")]
    new = edit.apply(text, [edit.replace(text, scalar, "new", document.dialect) for _, scalar in sites])
    before, after = text.split("\n"), new.split("\n")
    changed = sum(old != now for old, now in zip(before, after, strict=True))
    assert changed == len(sites)


@given(documents(), st.data())
@settings(max_examples=80, deadline=None)
def test_deleting_keys_removes_exactly_these(written: Written, data: st.DataObject) -> None:
    path, mapping = data.draw(st.sampled_from(mappings_of(parse(written.text, "x"))))
    gone = data.draw(st.sets(st.sampled_from(sorted(mapping.entries)))) if mapping.entries else set()
    tree = to_plain(parse(written.text, "x"))
    for key in gone:
        del mapping_at(tree, path)[key]
    text = edit.apply(written.text, edit.delete(written.text, mapping, gone))
    assert to_plain(parse(text, "x")) == tree


@given(documents(), st.data(), values())
@settings(max_examples=80, deadline=None)
def test_inserting_a_key_adds_exactly_it(written: Written, data: st.DataObject, value: str) -> None:
    found = [(path, mapping) for path, mapping in mappings_of(parse(written.text, "x")) if mapping.entries]
    path, mapping = data.draw(st.sampled_from(found))
    key, put = data.draw(st.sampled_from(sorted(mapping.entries))), data.draw(st.booleans())
    insert = edit.insert_before if put else edit.insert_after
    made = edit.apply(written.text, [insert(written.text, mapping, key, ("new", value), data.draw(DIALECTS))])
    tree = to_plain(parse(written.text, "x"))
    mapping_at(tree, path)["new"] = value
    assert to_plain(parse(made, "x")) == tree


@given(documents(), st.data())
@settings(max_examples=40, deadline=None)
def test_renaming_a_key_keeps_its_value(written: Written, data: st.DataObject) -> None:
    found = [(path, mapping) for path, mapping in mappings_of(parse(written.text, "x")) if mapping.entries]
    path, mapping = data.draw(st.sampled_from(found))
    key = data.draw(st.sampled_from(sorted(mapping.entries)))
    made = edit.apply(written.text, [edit.rename_key(mapping.entries[key][0], "on", data.draw(DIALECTS))])
    tree = to_plain(parse(written.text, "x"))
    inside = mapping_at(tree, path)
    inside["on"] = inside.pop(key)
    assert to_plain(parse(made, "x")) == tree


REPLACED = {
    "plain": ("a: x\n", "v", "a: v\n"),
    "quotes that are no longer needed": ('a: "x, y"\n', "v", "a: v\n"),
    "quotes that are needed now": ("a: x\n", "[v]", 'a: "[v]"\n'),
    "empty value": ("a:\n", "v", "a: v\n"),
    "empty value with a comment": ("a: # c\n", "v", "a: v # c\n"),
    "empty value by a block": ("a:\nb: c\n", "v\nw", "a: |-\n  v\n  w\nb: c\n"),
    "empty value at the end": ("a:", "v", "a: v"),
    "empty list item": ("- \n", "v", "- v \n"),
    "bare dash": ("-\n- x\n", "v", "- v\n- x\n"),
    "block by a line": ("a: |-\n  x\n  y\nb: c\n", "z", "a: z\nb: c\n"),
    "block by a block": ("a: |-\n  x\nb: c\n", "y\nz\n", "a: |\n  y\n  z\nb: c\n"),
    "line by a block": ("a: x\nb: c\n", "y\nz", "a: |-\n  y\n  z\nb: c\n"),
    "line by a block, CRLF": ("a: x\r\nb: c\r\n", "y\nz", "a: |-\r\n  y\r\n  z\r\nb: c\r\n"),
    "line by a block, in a list": ("- a: x\n  b: c\n", "y\nz", "- a: |-\n    y\n    z\n  b: c\n"),
    "line by a block, list item": ("l:\n  - x\n  - c\n", "y\nz", "l:\n  - |-\n    y\n    z\n  - c\n"),
    "no block in front of a comment": ("a: x # c\n", "y\nz", 'a: "y\\nz" # c\n'),
    "no block in flow style": ("a: {b: x}\n", "y\nz", 'a: {b: "y\\nz"}\n'),
    "no block in flow style over lines": ("a: {b: x\n  }\n", "y\nz", 'a: {b: "y\\nz"\n  }\n'),
    "no block in flow style, own line": ("a: {\n  b: x\n  }\n", "y\nz", 'a: {\n  b: "y\\nz"\n  }\n'),
    "no block without its key in the line": ("a:\n    x\nb: c\n", " y\nz", 'a:\n    " y\\nz"\nb: c\n'),
    "comma in flow style": ("a: {b: x, c: d}\n", "v, w", 'a: {b: "v, w", c: d}\n'),
    "BOM": ("\ufeffa: x\n", "v", "\ufeffa: v\n"),
    "CRLF": ("a: x\r\nb: c\r\n", "v", "a: v\r\nb: c\r\n"),
    "no final newline": ("a: x", "v", "a: v"),
    "emoji": ("a: 😀 # 😀\n", "😀😀", "a: 😀😀 # 😀\n"),
}


@pytest.mark.parametrize(("text", "value", "expected"), REPLACED.values(), ids=REPLACED)
def test_replace(text: str, value: str, expected: str) -> None:
    assert replaced(text, value) == expected


@pytest.mark.parametrize(
    "text", ["-   a: x\n", "-   x\n", "- -x: x\n", "a:\n    x\n", "- - x\n", "l:\n- x\n", "\ufeffa: x\n", "? a\n: x\n"]
)
@pytest.mark.parametrize("value", [" x\ny", "\nx", "x\n\n y\n\n"])
def test_a_block_reads_back_in_any_layout(text: str, value: str) -> None:
    assert [scalar.value for _, scalar in walk(parse(replaced(text, value), "x"))] == [value]


def test_json_stays_json() -> None:
    assert replaced('{\n  "a": "x"\n}\n', "y\n\u2028", Dialect.JSON) == '{\n  "a": "y\\n\\u2028"\n}\n'


DELETED = {
    "first key": ("a: 1\nb: 2\n", ["a"], "", "b: 2\n"),
    "middle key": ("a: 1\nb: 2\nc: 3\n", ["b"], "", "a: 1\nc: 3\n"),
    "last key": ("a: 1\nb: 2\n", ["b"], "", "a: 1\n"),
    "last key, no final newline": ("a: 1\nb: 2", ["b"], "", "a: 1\n"),
    "key that is not there": ("a: 1\n", ["z"], "", "a: 1\n"),
    "first key of a list item": ("l:\n- a: 1\n  b: 2\n- c: 3\n", ["a"], "l.0", "l:\n- b: 2\n- c: 3\n"),
    "first keys of a list item": ("- a: 1\n  b: 2\n  c: 3\n", ["a", "b"], "0", "- c: 3\n"),
    "last key of a list item": ("- a: 1\n  b: 2\n- c: 3\n", ["b"], "0", "- a: 1\n- c: 3\n"),
    "key with a block": ("a: |\n  x\n\n  y\nb: 2\n", ["a"], "", "b: 2\n"),
    "last key with a block": ("a: 1\nb: |\n  x\n", ["b"], "", "a: 1\n"),
    "key with a mapping": ("a:\n  x: 1\n  y: 2\nb: 2\n", ["a"], "", "b: 2\n"),
    "key with a comment": ("a: 1 # x\nb: 2\n", ["a"], "", "b: 2\n"),
    "key without a value": ("a: 1\nb:\nc: 3\n", ["b"], "", "a: 1\nc: 3\n"),
    "all keys": ("a:\n  b: 1\n  c: 2\nd: 3\n", ["b", "c"], "a", "a: {}\nd: 3\n"),
    "all keys, CRLF": ("a:\r\n  b: 1\r\nd: 3\r\n", ["b"], "a", "a: {}\r\nd: 3\r\n"),
    "all keys of a list item": ("- a: 1\n  b: 2\n- c: 3\n", ["a", "b"], "0", "- {}\n- c: 3\n"),
    "all keys at the end, no final newline": ("a:\n  b: 1", ["b"], "a", "a: {}"),
    "all keys of the root": ("a: 1\nb: 2\n", ["a", "b"], "", "{}\n"),
    "all keys of the root behind a BOM": ("\ufeffa: 1\n", ["a"], "", "\ufeff{}\n"),
    "all keys below a comment": ("# x\na: 1\n", ["a"], "", "# x\n{}\n"),
    "all keys behind a comment": ("a: # x\n  b: 1\n", ["b"], "a", "a: # x\n  {}\n"),
    "first key behind a BOM": ("\ufeffa: 1\nb: 2\n", ["a"], "", "\ufeffb: 2\n"),
    "CRLF": ("a: 1\r\nb: 2\r\n", ["a"], "", "b: 2\r\n"),
    "flow, first": ("a: {b: 1, c: 2}\n", ["b"], "a", "a: {c: 2}\n"),
    "flow, last": ("a: {b: 1, c: 2}\n", ["c"], "a", "a: {b: 1}\n"),
    "flow, middle": ("a: {b: 1, c: 2, d: 3}\n", ["c"], "a", "a: {b: 1, d: 3}\n"),
    "flow, all but the middle": ("a: {b: 1, c: 2, d: 3}\n", ["b", "d"], "a", "a: {c: 2}\n"),
    "flow, all": ("a: {b: 1, c: 2}\n", ["b", "c"], "a", "a: {}\n"),
    "JSON": ('{\n  "a": 1,\n  "b": 2\n}\n', ["b"], "", '{\n  "a": 1\n}\n'),
}


@pytest.mark.parametrize(("text", "keys", "at", "expected"), DELETED.values(), ids=DELETED)
def test_delete(text: str, keys: list[str], at: str, expected: str) -> None:
    assert without(text, *keys, at=at) == expected


INSERTED = {
    "in front": ("a: 1\n", True, "k: v\na: 1\n"),
    "behind": ("a: 1\nb: 2\n", False, "a: 1\nk: v\nb: 2\n"),
    "in front, BOM": ("\ufeffa: 1\n", True, "\ufeffk: v\na: 1\n"),
    "behind, no final newline": ("a: 1", False, "a: 1\nk: v"),
    "behind, CRLF": ("a: 1\r\n", False, "a: 1\r\nk: v\r\n"),
    "in front, CRLF": ("a: 1\r\n", True, "k: v\r\na: 1\r\n"),
    "behind a block": ("a: |\n  x\nb: 2\n", False, "a: |\n  x\nk: v\nb: 2\n"),
    "behind a mapping": ("a:\n  x: 1\nb: 2\n", False, "a:\n  x: 1\nk: v\nb: 2\n"),
    "behind a list": ("a:\n- x\nb: 2\n", False, "a:\n- x\nk: v\nb: 2\n"),
    "behind an empty value": ("a:\nb: 2\n", False, "a:\nk: v\nb: 2\n"),
    "behind a comment": ("a: 1 # x\n", False, "a: 1 # x\nk: v\n"),
    "flow, behind": ("{a: 1, b: 2}\n", False, "{a: 1, k: v, b: 2}\n"),
    "flow, in front": ("{a: 1}\n", True, "{k: v, a: 1}\n"),
}


@pytest.mark.parametrize(("text", "in_front", "expected"), INSERTED.values(), ids=INSERTED)
def test_insert(text: str, in_front: bool, expected: str) -> None:
    insert = edit.insert_before if in_front else edit.insert_after
    made = insert(text, root_of(text), "a", ("k", "v"), Dialect.JACKSON)
    assert edit.apply(text, [made]) == expected


def test_inserting_into_a_list_item_keeps_its_column() -> None:
    text = "l:\n  - a: 1\n  - b: 2\n"
    item = mappings_of(parse(text, "x"))[1][1]
    made = edit.insert_after(text, item, "a", ("k", "v"), Dialect.JACKSON)
    assert edit.apply(text, [made]) == "l:\n  - a: 1\n    k: v\n  - b: 2\n"


@pytest.mark.parametrize("edits", [[Edit(0, 3, "x"), Edit(2, 4, "y")], [Edit(0, 4, ""), Edit(1, 2, "")]])
def test_overlapping_edits_are_a_mistake(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        edit.apply("abcdef", edits)


def test_edits_that_touch_do_not_overlap() -> None:
    assert edit.apply("abcd", [Edit(2, 4, "y"), Edit(0, 2, "x"), Edit(2, 2, "-")]) == "x-y"


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_mapping_every_guid_and_back_gives_the_same_bytes(path: Path) -> None:
    text = text_of(path)
    there = remapped(text, lambda guid: str(uuid.UUID(int=uuid.UUID(guid).int ^ MASK)))
    assert remapped(there, lambda guid: str(uuid.UUID(int=uuid.UUID(guid).int ^ MASK))) == text
    assert there == text or there.count("\n") == text.count("\n")


MASK = 0x0F0F0F0F_0F0F_0F0F_0F0F_0F0F0F0F0F0F


def remapped(text: str, mapping: Callable[[str], str]) -> str:
    """Every GUID that stands at a place of the catalogue, mapped."""
    found = parse_document(text, "x")
    scalars = {}
    for reference in found.references:
        scalar = reference.block.scalar("fqn") if reference.block is not None else reference.scalar
        if scalar is not None and reference.end == 0 and is_guid(scalar.value):
            scalars[id(scalar)] = scalar
    root = found.root.scalar("guid")
    if root is not None:
        scalars[id(root)] = root
    edits = [edit.replace(text, one, mapping(one.value), found.dialect) for one in scalars.values()]
    return edit.apply(text, edits)
