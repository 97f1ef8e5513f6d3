"""Puts back what a rendering changed: where a live object has what was sent, it gets what the source has there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence
from tsdeploy.transform.rewriting import Rewriting, Why

_IDENTITY = ("guid", "fqn", "obj_id")
_KEYS = ("id", "alias", "name", "key", "guid")
"""What tells the items of a list apart, the best first."""
_BLOCKS = ("|", ">")
_WHY = Why("as in the source")


@dataclass(frozen=True, slots=True, eq=False)
class Restoring:
    """One live object beside what was sent and what it was made from.

    ``settled`` are the starts of the nodes that need no rule.
    """

    source: Document
    sent: Document
    live: Document
    rewriting: Rewriting
    settled: set[int] = field(default_factory=set)

    def restore(self) -> None:
        """Put back all that is as it was sent."""
        self._node(self.source.root, self.sent.root, self.live.root)

    def _node(self, source: Node, sent: Node, live: Node) -> None:
        if isinstance(source, Scalar) and isinstance(sent, Scalar) and isinstance(live, Scalar):
            self._scalar(source, sent, live)
        elif isinstance(source, Mapping) and isinstance(sent, Mapping) and isinstance(live, Mapping):
            self._mapping(source, sent, live)
        elif isinstance(source, Sequence) and isinstance(sent, Sequence) and isinstance(live, Sequence):
            for at, number in _aligned(sent, live):
                self._node(source.items[at], sent.items[at], live.items[number])

    def _scalar(self, source: Scalar, sent: Scalar, live: Scalar) -> None:
        if live.value != sent.value:
            return
        self.settled.add(live.start)
        if source.value != sent.value:
            self.rewriting.restore(live, source.value, self._text(source, live))

    def _text(self, source: Scalar, live: Scalar) -> str | None:
        """The source's own spelling where it can stand in the live text as it is; None where it is to be written."""
        same_form = self.source.root.flow == self.live.root.flow and live.start < live.end
        is_block = source.style in _BLOCKS
        if not same_form or is_block != (live.style in _BLOCKS):
            return None
        if is_block and _indent(self.source.text, source.start) != _indent(self.live.text, live.start):
            return None
        return self.source.text[source.start : source.end]

    def _mapping(self, source: Mapping, sent: Mapping, live: Mapping) -> None:
        if _same_identity(sent, live):
            self.settled.add(live.start)
            self._keys(source, sent, live)
        for key, node in live.nodes.items():
            if key in sent.nodes and key in source.nodes:
                self._node(source.nodes[key], sent.nodes[key], node)

    def _keys(self, source: Mapping, sent: Mapping, live: Mapping) -> None:
        """Put back the keys that were removed, take away those that were added; in one line where one took the
        place of the other.
        """
        removed = [key for key in source.nodes if key not in sent.nodes]
        added = [key for key in sent.nodes if key not in source.nodes and key in live.nodes]
        for old, new in zip(removed, added, strict=False):
            before, after = source.nodes[old], live.nodes[new]
            self.rewriting.rename_key(live.entries[new][0], old, at=old, why=_WHY)
            if isinstance(before, Scalar) and isinstance(after, Scalar):
                self.rewriting.set(after, before.value, at=old, why=_WHY)
                self.settled.add(after.start)
            else:
                self._node(before, sent.nodes[new], after)
        for key in added[len(removed) :]:
            self.settled.add(live.nodes[key].start)
            self.rewriting.delete(live, key, at="", why=_WHY)
        for key in removed[len(added) :]:
            self._insert(source, live, key)

    def _insert(self, source: Mapping, live: Mapping, key: str) -> None:
        value = source.nodes[key]
        if key in live.nodes or not isinstance(value, Scalar):
            return
        order = list(source.nodes)
        before = [other for other in order[: order.index(key)] if other in live.nodes]
        entry = (key, value.value)
        if before:
            self.rewriting.insert_after(live, before[-1], entry, at="", why=_WHY)
        else:
            self.rewriting.insert_before(live, next(iter(live.nodes)), entry, at="", why=_WHY)


def _same_identity(sent: Mapping, live: Mapping) -> bool:
    """Whether a live block refers to what was sent in its place; by name where no identity was."""
    keys = [key for key in _IDENTITY if key in sent.nodes] or ["name"]
    return all(_value(sent, key) == _value(live, key) for key in keys)


def _aligned(sent: Sequence, live: Sequence) -> Iterable[tuple[int, int]]:
    """The items that are the same, by what tells them apart; where nothing does, by their order."""
    for key in _KEYS:
        before, after = ([_value(item, key) for item in items] for items in (sent.items, live.items))
        if all(before) and all(after) and len(set(before)) == len(before) and len(set(after)) == len(after):
            places = {value: number for number, value in enumerate(after)}
            return [(at, places[value]) for at, value in enumerate(before) if value in places]
    return [(at, at) for at in range(min(len(sent.items), len(live.items)))]


def _value(node: Node, key: str) -> str:
    scalar = node.scalar(key) if isinstance(node, Mapping) else None
    return scalar.value if scalar else ""


def _indent(text: str, index: int) -> int:
    start = text.rfind("\n", 0, index) + 1
    return len(text[start:index]) - len(text[start:index].lstrip(" "))
