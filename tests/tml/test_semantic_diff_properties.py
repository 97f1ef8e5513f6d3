"""What holds for the difference of any two versions of any document."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tml.changed_documents import as_json, mutilated, scalars_of, shuffled, tree_of, with_values
from tests.tml.real_files import REAL_FILES, SAMPLE_FILES, document_of, label
from tsdeploy.cli.differences import text_lines
from tsdeploy.cli.differences_markdown import markdown_lines
from tsdeploy.tml.compare import compare_contents
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.deltas import Delta, body_deltas, root_deltas
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.difference.listing import listing
from tsdeploy.tml.difference.lists import Order, rule_of
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.syntax import Mapping, Node, Plain, Scalar, Sequence

_VOLATILE = frozenset(
    {
        "viz_guid",
        "group_guid",
        "view_guid",
        "cohort_guid",
        "parameters.id",
        "parameter_overrides.key",
        "value.id",
        "view_parameters.id",
        "tabs.id",
        "feedback.id",
        "monitor_alert.guid",
        "table_paths.id",
        "client_state",
        "client_state_v2",
    }
)
"""The last keys of places whose other value may be noise, written down apart from the code that judges them."""

_SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def is_volatile(pattern: tuple[str, ...]) -> bool:
    keys = [step for step in pattern if step != ITEM]
    return keys[-1] in _VOLATILE or ".".join(keys[-2:]) in _VOLATILE


def deltas_of(before: Document, after: Document) -> list[Delta]:
    return [*root_deltas(before, after), *body_deltas(before, after)]


def holds(node: Node | None, spans: set[int]) -> bool:
    """Whether one of the scalars that start at the spans is the node, or below it."""
    if node is None:
        return False
    return any(scalar.start in spans for _, scalar in scalars_of(node))


def leaves(node: Node | None, pattern: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Every scalar below a node, with its pattern and value."""
    return [] if node is None else [(path, scalar.value) for path, scalar in scalars_of(node, pattern)]


def list_patterns(tree: Plain, order: Order, pattern: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The lists of a document that have a rule with this order."""
    found: set[tuple[str, ...]] = set()
    if isinstance(tree, dict):
        for key, value in tree.items():
            found |= list_patterns(value, order, (*pattern, key))
    elif isinstance(tree, list):
        rule = rule_of(pattern)
        if rule is not None and rule.order is order:
            found.add(pattern)
        for item in tree:
            found |= list_patterns(item, order, (*pattern, ITEM))
    return found


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_nothing_differs_from_itself(path: Path) -> None:
    document = document_of(path)
    assert describe(document, document) == ()
    assert deltas_of(document, document_of(path)) == []


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_another_writing_of_the_same_is_noise(path: Path) -> None:
    document = document_of(path)
    (only,) = describe(document, as_json(tree_of(document)))
    assert (only.what, only.weight) == ("text.rewritten", Weight.NOISE)


@given(path=st.sampled_from(REAL_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_another_order_of_items_with_natural_keys_is_no_change(path: Path, source: random.Random) -> None:
    tree = tree_of(document_of(path))
    free = frozenset(list_patterns(tree, Order.FREE))
    before, after = as_json(tree), as_json(shuffled(tree, source, free))
    assert {difference.weight for difference in describe(before, after)} <= {Weight.NOISE}


@given(path=st.sampled_from(REAL_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_another_order_that_is_shown_is_layout_and_nothing_else(path: Path, source: random.Random) -> None:
    tree = tree_of(document_of(path))
    arranged = frozenset(list_patterns(tree, Order.SHOWN))
    after = shuffled(tree, source, arranged)
    differences = describe(as_json(tree), as_json(after))
    assert bool(differences) == (tree != after)
    assert {difference.weight for difference in differences} <= {Weight.LAYOUT, Weight.NOISE}


@given(path=st.sampled_from(REAL_FILES), source=st.randoms(use_true_random=False), count=st.integers(1, 6))
@_SLOW
def test_edited_values_are_what_differs_and_nothing_else(path: Path, source: random.Random, count: int) -> None:
    before = document_of(path)
    places = list(scalars_of(before.root))
    chosen = sorted(source.sample(range(len(places)), min(count, len(places))))
    after = with_values(before, {places[number][1]: f"edited {number}" for number in chosen})
    new_places = list(scalars_of(after.root))
    old_spans = {number: places[number][1].start for number in chosen}
    new_spans = {number: new_places[number][1].start for number in chosen}
    found = deltas_of(before, after)
    for delta in found:
        assert holds(delta.before, set(old_spans.values())) or holds(delta.after, set(new_spans.values())), delta.at
    for number in chosen:
        touching = [
            delta
            for delta in found
            if (holds(delta.before, {old_spans[number]}) and delta.after is None)
            or holds(delta.after, {new_spans[number]})
        ]
        assert touching, places[number][0]
        if not is_volatile(places[number][0]):
            assert any(delta.weight is not Weight.NOISE for delta in touching), places[number][0]


@given(path=st.sampled_from(REAL_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_the_old_version_with_all_differences_made_is_the_new_one(path: Path, source: random.Random) -> None:
    before = document_of(path)
    after = as_json(mutilated(tree_of(before), source))
    made = Counter(leaves(before.root, ()))
    for delta in deltas_of(before, after):
        if not delta.reordered:
            made.subtract(leaves(delta.before, delta.pattern))
            made.update(leaves(delta.after, delta.pattern))
    assert {leaf: count for leaf, count in made.items() if count} == Counter(leaves(after.root, ()))


@given(path=st.sampled_from(SAMPLE_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_each_place_is_covered_by_one_sentence(path: Path, source: random.Random) -> None:
    tree = tree_of(document_of(path))
    before, after = as_json(tree), as_json(mutilated(tree, source))
    covered = Counter(at for difference in describe(before, after) for at in difference.covers)
    assert covered == Counter(delta.at for delta in deltas_of(before, after))


@given(path=st.sampled_from(REAL_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_any_two_versions_can_be_described_and_printed(path: Path, source: random.Random) -> None:
    before = document_of(path)
    after = as_json(mutilated(tree_of(before), source), before.path)
    found = compare_contents([before], [after])
    for line in (*text_lines(found, noise=True), *markdown_lines(found, noise=True)):
        assert click.unstyle(line).isprintable()
    for difference in describe(before, after):
        assert difference.sentence
        assert difference.location is not None
    assert all("\n" not in line for line in listing(after))


@given(path=st.sampled_from(SAMPLE_FILES), source=st.randoms(use_true_random=False))
@_SLOW
def test_locations_stand_where_the_value_stands(path: Path, source: random.Random) -> None:
    before = document_of(path)
    places = list(scalars_of(before.body))
    _, scalar = source.choice(places)
    after = with_values(before, {scalar: "edited"})
    lines = after.text.split("\n")
    for delta in deltas_of(before, after):
        if isinstance(delta.after, Scalar) and delta.verb == "changed":
            (found,) = (one for one in describe(before, after) if delta.at in one.covers)
            assert found.location is not None
            assert lines[found.location.line - 1][found.location.column - 1 :].lstrip("'\"|->\n ").startswith("edited")


def test_every_kind_of_node_is_walked() -> None:
    document = as_json({"answer": {"a": ["b", {"c": "d"}]}})
    assert isinstance(document.body, Mapping)
    assert isinstance(document.body.get("a"), Sequence)
    assert [pattern for pattern, _ in scalars_of(document.body)] == [("a", ITEM), ("a", ITEM, "c")]
