"""Which items of a list are one item in three versions of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tsdeploy.tml.difference.align import align
from tsdeploy.tml.difference.lists import ListRule, Order, item_label
from tsdeploy.tml.syntax import Node, Scalar

Row: TypeAlias = "tuple[Node | None, Node | None, Node | None]"
"""One item in base, ours and theirs; None where it is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkedItems:
    """The items of a list in base, ours and theirs, one row an item: in our order, theirs behind their neighbours."""

    rows: tuple[Row, ...]

    @classmethod
    def of(
        cls, base: Sequence[Node], ours: Sequence[Node], theirs: Sequence[Node], rule: ListRule
    ) -> LinkedItems | None:
        """None where the items cannot be told apart, or both orders mean something and differ."""
        own, other = align(base, ours, rule), align(base, theirs, rule)
        if rule.order is Order.SHOWN and other.order is not None:
            return None
        if not rule.keys and any(not isinstance(item, Scalar) for item in (*base, *ours, *theirs)):
            return None
        own_of = {id(pair.before): pair.after for pair in own.pairs if pair.before is not None}
        base_of = {id(pair.after): pair.before for pair in other.pairs if pair.after is not None}
        if not rule.keys:
            own_of, base_of = _as_sets(base, ours), _as_sets(theirs, base)
        kept = {id(one) for one in own_of.values()}
        new = _by_label([one for one in ours if id(one) not in kept], rule)
        twins = {id(one): new.get(_label(one, rule)) for one in theirs if base_of.get(id(one)) is None}
        return cls(tuple(_rows(base, ours, theirs, own_of, base_of, twins)))


def _rows(
    base: Sequence[Node],
    ours: Sequence[Node],
    theirs: Sequence[Node],
    own_of: dict[int, Node | None],
    base_of: dict[int, Node | None],
    twins: dict[int, Node | None],
) -> Iterator[Row]:
    """Our items in our order; behind each, those that only they have and that follow it there."""
    old_of = {id(own): old for old in base if (own := own_of.get(id(old))) is not None}
    partner: dict[int, Node] = {}
    lonely: dict[int, list[Node]] = {}
    place = 0
    for one in theirs:
        old = base_of.get(id(one))
        match = own_of.get(id(old)) if old is not None else twins.get(id(one))
        if match is None:
            lonely.setdefault(place, []).append(one)
        else:
            place = id(match)
            partner[place] = one
    yield from ((base_of.get(id(one)), None, one) for one in lonely.get(0, ()))
    for item in ours:
        yield old_of.get(id(item)), item, partner.get(id(item))
        yield from ((base_of.get(id(one)), None, one) for one in lonely.get(id(item), ()))


def _as_sets(olds: Sequence[Node], news: Sequence[Node]) -> dict[int, Node | None]:
    """Plain values that are the same on both sides: id of the old one → the new one."""
    by_value = {one.value: one for one in news if isinstance(one, Scalar)}
    return {id(old): by_value.get(old.value) for old in olds if isinstance(old, Scalar)}


def _by_label(items: Sequence[Node], rule: ListRule) -> dict[str, Node]:
    return {label: item for item in items if (label := _label(item, rule))}


def _label(item: Node, rule: ListRule) -> str:
    return item.value if isinstance(item, Scalar) else item_label(item, rule.keys)
