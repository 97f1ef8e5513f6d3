"""The single places where two versions of a document differ: scalars that changed, items that came or went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tsdeploy.tml.difference.align import align
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.lists import Order, rule_of
from tsdeploy.tml.difference.vocabulary import THINGS
from tsdeploy.tml.difference.volatile import RENAMED_KEYS, Volatile
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import ITEM, Pattern
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A list item on the way to a place: its pattern, its natural key or position, and both versions of it."""

    pattern: Pattern
    label: str
    before: Node | None
    after: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """One place that differs. A missing side is None; ``weight`` is None where the place itself decides.

    ``steps`` are the pattern's steps with list items by their keys, without the object's root key. ``reordered``
    lists hold the same items.
    """

    pattern: Pattern
    steps: tuple[str, ...]
    before: Node | None
    after: Node | None
    scopes: tuple[Scope, ...] = ()
    weight: Weight | None = None
    reordered: bool = False

    @property
    def verb(self) -> str:
        """``added``, ``removed``, ``changed`` or ``reordered``."""
        if self.reordered:
            return "reordered"
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def at(self) -> str:
        """The place as people write it: ``columns[Revenue].properties.aggregation``."""
        return steps_text(self.steps)

    @property
    def node(self) -> Node:
        """The node where a reader should look: the new one, or the old one of what is gone."""
        node = self.after if self.after is not None else self.before
        assert node is not None
        return node


def steps_text(steps: tuple[str, ...]) -> str:
    """Steps as people write them."""
    return "".join(step if step.startswith("[") else f".{step}" for step in steps).lstrip(".")


@dataclass(frozen=True, slots=True, eq=False)
class _Spot:
    pattern: Pattern
    steps: tuple[str, ...]
    scopes: tuple[Scope, ...] = ()

    def key(self, key: str) -> _Spot:
        return replace(self, pattern=(*self.pattern, key), steps=(*self.steps, key))

    def item(self, label: str, before: Node | None, after: Node | None) -> _Spot:
        pattern = (*self.pattern, ITEM)
        scope = Scope(pattern, label, before, after)
        return _Spot(pattern, (*self.steps, f"[{label}]"), (*self.scopes, scope))


def body_deltas(before: Document, after: Document) -> tuple[Delta, ...]:
    """Where two versions of an object differ, its identity and flags left out."""
    root = after.kind.root
    return tuple(_Comparison(before, after).compare(_Spot((root,), ()), before.body, after.body))


def root_deltas(before: Document, after: Document) -> tuple[Delta, ...]:
    """Where the identity and the flags beside the content differ, and whether it became another kind of object."""
    comparison = _Comparison(before, after)
    spot = _Spot((), ())
    old, new = before.root.entries, after.root.entries
    found = []
    for key in dict.fromkeys((*old, *new)):
        if key not in (before.kind.root, after.kind.root):
            sides = (entries[key][1] if key in entries else None for entries in (old, new))
            found += [_weighed(delta, before, after) for delta in comparison.compare(spot.key(key), *sides)]
    if before.kind.root != after.kind.root:
        same = before.kind.name == after.kind.name
        keys = old[before.kind.root][0], new[after.kind.root][0]
        found.append(Delta(("kind",), ("kind",), *keys, weight=Weight.NOISE if same else None))
    return tuple(found)


def _weighed(delta: Delta, before: Document, after: Document) -> Delta:
    """An identity that appears beside the other one, which stayed, is the server's doing."""
    other = {"guid": "obj_id", "obj_id": "guid"}.get(delta.pattern[0])
    if other is None or delta.verb == "changed":
        return delta
    stayed = getattr(before, other) and getattr(before, other) == getattr(after, other)
    return replace(delta, weight=Weight.NOISE) if stayed else delta


class _Comparison:
    def __init__(self, before: Document, after: Document) -> None:
        self._volatile = Volatile(before, after)

    def compare(self, spot: _Spot, old: Node | None, new: Node | None) -> Iterator[Delta]:
        if old is None or new is None:
            yield from self._missing(spot, old, new)
        elif isinstance(old, Scalar) and isinstance(new, Scalar):
            if old.value != new.value:
                weight = self._volatile.weigh(spot.pattern, old, new, _parents(spot))
                yield Delta(spot.pattern, spot.steps, old, new, spot.scopes, weight)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self._mappings(spot, old, new)
        elif isinstance(old, Sequence) and isinstance(new, Sequence):
            yield from self._items(spot, old, new)
        else:
            same = self._volatile.is_one_for_list(spot.pattern, old, new)
            weight = Weight.NOISE if same else None
            yield Delta(spot.pattern, spot.steps, old, new, spot.scopes, weight)

    def _missing(self, spot: _Spot, old: Node | None, new: Node | None) -> Iterator[Delta]:
        node = old if old is not None else new
        assert node is not None
        is_item = spot.pattern[-1] == ITEM
        empty = not is_item and self._volatile.is_missing_or_default(spot.pattern, node)
        if isinstance(node, Sequence) and not empty and THINGS.find((*spot.pattern, ITEM)) is not None:
            # The last join goes with its list: what goes is the join.
            yield from self._items(spot, old, new)
        else:
            yield Delta(spot.pattern, spot.steps, old, new, spot.scopes, Weight.NOISE if empty else None)

    def _mappings(self, spot: _Spot, old: Mapping, new: Mapping) -> Iterator[Delta]:
        renamed = _renamed_keys(old, new)
        back = {new_key: old_key for old_key, new_key in renamed.items()}
        for key in dict.fromkeys((*(renamed.get(key, key) for key in old.entries), *new.entries)):
            was = back.get(key, key)
            inner = spot.key(key)
            if was != key:
                yield Delta(
                    inner.pattern, inner.steps, old.entries[was][0], new.entries[key][0], spot.scopes, Weight.NOISE
                )
            yield from self.compare(inner, old.get(was), new.get(key))

    def _items(self, spot: _Spot, old: Node | None, new: Node | None) -> Iterator[Delta]:
        """Items of two lists; a list that is not there has none."""
        before, after = (node.items if isinstance(node, Sequence) else () for node in (old, new))
        alignment = align(before, after, rule_of(spot.pattern))
        for pair in alignment.pairs:
            yield from self.compare(spot.item(pair.label, pair.before, pair.after), pair.before, pair.after)
        if alignment.order is not None:
            weight = Weight.NOISE if alignment.order is Order.FREE else Weight.LAYOUT
            yield Delta(spot.pattern, spot.steps, old, new, spot.scopes, weight, reordered=True)


def _renamed_keys(old: Mapping, new: Mapping) -> dict[str, str]:
    """Keys of the old mapping that stand in the new one under the name a release gave them."""
    pairs = (*RENAMED_KEYS.items(), *((now, was) for was, now in RENAMED_KEYS.items()))
    return {
        was: now
        for was, now in pairs
        if was in old.entries and now in new.entries and was not in new.entries and now not in old.entries
    }


def _parents(spot: _Spot) -> tuple[Node | None, ...]:
    return (spot.scopes[-1].before, spot.scopes[-1].after) if spot.scopes else ()
