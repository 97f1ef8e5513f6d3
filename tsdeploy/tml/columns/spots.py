"""Walking down a document by keys, through the items of every list on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence

ANY = "*"
"""A step that stands for every key of a mapping."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A node and the path that leads to it."""

    path: Path
    node: Node

    @property
    def text(self) -> str:
        """The value of a scalar, "" for anything else."""
        return self.node.value if isinstance(self.node, Scalar) else ""

    def text_of(self, key: str) -> str:
        """The scalar under a key, "" where there is none."""
        scalar = self.node.scalar(key) if isinstance(self.node, Mapping) else None
        return scalar.value if scalar else ""

    def each(self, *keys: str) -> Iterator[Spot]:
        """Everything below a chain of keys."""
        for item in self._items():
            if not keys:
                yield item
            elif isinstance(item.node, Mapping):
                for child in item._children(item.node, keys[0]):
                    yield from child.each(*keys[1:])

    def key_spots(self) -> Iterator[Spot]:
        """The keys of a mapping, each as the scalar that it is."""
        if isinstance(self.node, Mapping):
            for text, (key, _) in self.node.entries.items():
                yield Spot((*self.path, text), key)

    def _items(self) -> Iterator[Spot]:
        """The items of a list; anything else is its own single item."""
        if isinstance(self.node, Sequence):
            for number, item in enumerate(self.node.items):
                yield Spot((*self.path, number), item)
        else:
            yield self

    def _children(self, node: Mapping, key: str) -> Iterator[Spot]:
        if key == ANY:
            for name, (_, child) in node.entries.items():
                yield Spot((*self.path, name), child)
            return
        found = node.get(key)
        if found is not None:
            yield Spot((*self.path, key), found)
