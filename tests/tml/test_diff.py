"""What differs between versions, in places and values, not in lines."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, documents_below
from tests.tml.tml_texts import answer, document, documents, feedback, guid, liveboard, model, table
from tsdeploy.tml.compare import compare_contents
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.deltas import body_deltas
from tsdeploy.tml.difference.fields import field_change
from tsdeploy.tml.syntax import Plain


def _branches(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id", "z"]), inner, max_size=3)


class Change(NamedTuple):
    at: str
    before: Plain | None
    after: Plain | None
    verb: str


def diff(before: str, after: str, *, noise: bool = False) -> list[Change]:
    deltas = [one for one in body_deltas(document(before), document(after)) if noise or one.weight is not Weight.NOISE]
    fields = [field_change(delta) for delta in deltas]
    return [Change(one.at, one.before, one.after, delta.verb) for one, delta in zip(fields, deltas, strict=True)]


def columns(*names: str) -> str:
    items = "".join(f"  - name: {name}\n    type: {name.lower()}\n" for name in names)
    return f"table:\n  name: T\n  columns:\n{items}"


def test_the_same_is_no_change() -> None:
    assert diff(table("T", 1), table("T", 1)) == []


def test_another_identity_is_no_change() -> None:
    assert diff(table("T", 1), table("T", 2)) == []


def test_other_quotes_are_no_change() -> None:
    assert diff("answer:\n  name: x\n", 'answer: {"name": "x"}\n') == []


def test_another_order_of_columns_is_no_change() -> None:
    assert diff(columns("A", "B", "C"), columns("C", "A", "B")) == []


def test_another_order_of_keys_is_no_change() -> None:
    assert diff("answer:\n  a: 1\n  b: 2\n", "answer:\n  b: 2\n  a: 1\n") == []


def test_a_changed_value_is_named_by_its_place() -> None:
    (change,) = diff(table("T", 1), table("T", 1).replace("db: DEV", "db: PROD"))
    assert (change.at, change.before, change.after, change.verb) == ("db", "DEV", "PROD", "changed")


def test_a_list_item_is_named_by_its_key() -> None:
    (change,) = diff(columns("A", "B"), columns("A", "B").replace("type: b", "type: c"))
    assert (change.at, change.before, change.after) == ("columns[B].type", "b", "c")


def test_a_new_column_is_one_addition() -> None:
    (change,) = diff(columns("A"), columns("B", "A"))
    assert (change.at, change.verb, change.after) == ("columns[B]", "added", {"name": "B", "type": "b"})


def test_a_lost_column_is_one_removal() -> None:
    (change,) = diff(columns("A", "B"), columns("A"))
    assert (change.at, change.verb) == ("columns[B]", "removed")


def test_a_renamed_column_is_a_removal_and_an_addition() -> None:
    changes = diff(columns("A", "B"), columns("A", "Z"))
    assert [(change.verb, change.at) for change in changes] == [("removed", "columns[B]"), ("added", "columns[Z]")]


def test_items_without_a_unique_key_are_compared_by_position() -> None:
    (change,) = diff(columns("A", "A"), columns("A", "A", "A"))
    assert (change.at, change.verb) == ("columns[2]", "added")


def test_plain_lists_are_compared_by_position() -> None:
    (change,) = diff("answer:\n  x: [a, b]\n", "answer:\n  x: [a, c]\n")
    assert change == ("x[1]", "b", "c", "changed")


def test_a_scalar_that_becomes_a_mapping_is_one_change() -> None:
    (change,) = diff("answer:\n  x: a\n", "answer:\n  x: {b: c}\n")
    assert (change.before, change.after) == ("a", {"b": "c"})


@pytest.mark.parametrize(("noise", "count"), [(False, 0), (True, 1)])
def test_minted_guids_are_noise(noise: bool, count: int) -> None:
    before, after = (liveboard("L", 1, "S", 2, viz=viz) for viz in (5, 6))
    assert len(diff(before, after, noise=noise)) == count


@pytest.mark.parametrize(("noise", "count"), [(False, 0), (True, 1)])
def test_renumbered_feedback_is_noise(noise: bool, count: int) -> None:
    assert len(diff(feedback(1), feedback(1).replace("'1'", "'2'"), noise=noise)) == count


def test_a_reference_is_no_noise() -> None:
    (change,) = diff(answer("A", 1, "S", 2), answer("A", 1, "S", 3))
    assert (change.at, change.before, change.after) == ("tables[S].fqn", guid(2), guid(3))


@given(st.recursive(st.text("ab", max_size=2), _branches, max_leaves=6))
@settings(max_examples=60, deadline=None)
def test_nothing_differs_from_itself(body: object) -> None:
    text = json.dumps({"answer": {"x": body}})
    assert diff(text, text, noise=True) == []


@given(*(st.recursive(st.text("ab", max_size=2), _branches, max_leaves=6) for _ in range(2)))
@settings(max_examples=100, deadline=None)
def test_there_and_back_are_mirror_images(one: object, other: object) -> None:
    before, after = (json.dumps({"answer": {"x": body}}) for body in (one, other))
    there, back = diff(before, after), diff(after, before)
    assert {(change.at, str(change.before)) for change in there} == {(change.at, str(change.after)) for change in back}


def test_objects_are_paired_by_identity() -> None:
    before = documents([table("T", 1), table("U", 2), table("V", 3)])
    after = documents([table("W", 4), table("New name", 2), table("V", 3)])
    found = [
        (one.verb, one.label, [change.what for change in one.differences]) for one in compare_contents(before, after)
    ]
    assert found == [
        ("changed", "table:New name", ["object.renamed", "table.moved"]),
        ("removed", "table:T", []),
        ("added", "table:W", []),
    ]


def test_a_moved_file_is_no_difference() -> None:
    assert compare_contents([document(table("T", 1), "a.tml")], [document(table("T", 1), "b.tml")]) == ()


def test_a_change_of_layout_alone_is_a_change_of_nothing_but_the_writing() -> None:
    text = model("M", 1)
    (found,) = compare_contents([document(text)], [document(text + "\n")])
    assert (found.verb, [change.what for change in found.differences]) == ("changed", ["text.rewritten"])


def test_the_samples_do_not_differ_from_themselves() -> None:
    assert compare_contents(documents_below(RETAIL), documents_below(RETAIL)) == ()
