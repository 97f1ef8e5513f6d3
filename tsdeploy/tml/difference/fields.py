"""A difference as place and plain values."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.difference.deltas import Delta
from tsdeploy.tml.difference.lists import item_label, rule_of
from tsdeploy.tml.difference.secrecy import shown
from tsdeploy.tml.syntax import Node, Plain, Sequence


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference. ``at`` is where, with list items named by their natural key; a missing side is None."""

    at: str
    before: Plain | None
    after: Plain | None


def field_change(delta: Delta) -> FieldChange:
    """A delta as place and plain values; another order is told by the names of the items."""
    if delta.reordered:
        return FieldChange(delta.at, *(_labels(node, delta) for node in (delta.before, delta.after)))
    items = [delta.scopes[-1].before, delta.scopes[-1].after] if delta.scopes else [None, None]
    sides = zip((delta.before, delta.after), items, strict=True)
    return FieldChange(delta.at, *(None if node is None else shown(node, delta.pattern, item) for node, item in sides))


def _labels(node: Node | None, delta: Delta) -> Plain:
    rule = rule_of(delta.pattern)
    keys = rule.keys if rule else ()
    items = node.items if isinstance(node, Sequence) else []
    return [item_label(item, keys) or str(number) for number, item in enumerate(items)]
