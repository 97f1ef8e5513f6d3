"""A document as lines for tools that compare lines: one for each value, list items by their natural keys."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.tml.difference.deltas import steps_text
from tsdeploy.tml.difference.lists import GUESSED_KEYS, Order, item_label, rule_of
from tsdeploy.tml.difference.secrecy import shown
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import ITEM, Pattern
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence


def listing(document: Document) -> Iterator[str]:
    """Each value as ``columns[Revenue].properties.aggregation: SUM``; further lines of a text follow, indented by bars.

    Nothing is left out. Lists whose order says nothing are sorted, so that reordering moves no line.
    """
    for key, (_, node) in document.root.entries.items():
        yield from _lines(node, (key,), (key,), None)


def _lines(node: Node, pattern: Pattern, steps: tuple[str, ...], item: Node | None) -> Iterator[str]:
    if isinstance(node, Mapping):
        if not node.entries:
            yield f"{steps_text(steps)}: {{}}"
        for key, (_, value) in node.entries.items():
            yield from _lines(value, (*pattern, key), (*steps, key), item)
    elif isinstance(node, Sequence):
        if not node.items:
            yield f"{steps_text(steps)}: []"
        for label, one in _labelled(node, pattern):
            yield from _lines(one, (*pattern, ITEM), (*steps, f"[{label}]"), one)
    else:
        first, *rest = str(shown(node, pattern, item)).split("\n")
        yield f"{steps_text(steps)}: {first}".rstrip()
        yield from (f"  | {line}".rstrip() for line in rest)


def _labelled(node: Sequence, pattern: Pattern) -> list[tuple[str, Node]]:
    """The items with what they are called: their key, their value where order says nothing, else their position."""
    rule = rule_of(pattern)
    keys = rule.keys if rule else GUESSED_KEYS
    free = rule is not None and rule.order is Order.FREE
    found = []
    for number, item in enumerate(node.items):
        label = item.value if free and isinstance(item, Scalar) else item_label(item, keys)
        found.append((label or str(number), item))
    return sorted(found, key=lambda pair: pair[0]) if free else found
