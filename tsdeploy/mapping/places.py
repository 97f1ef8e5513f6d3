"""Paths of properties, as rules write them: ``properties[key=warehouse].value``, ``columns[].properties.calendar``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence

_STEP = re.compile(r"\.?([^.\[\]=]+)|\[([0-9]{1,9})\]|\[([^\[\]=]+)=([^\[\]]*)\]|\[\]")


@dataclass(frozen=True, slots=True)
class Item:
    """Items of a list: the one at an index, those whose key has a value, or all."""

    index: int | None = None
    key: str = ""
    value: str = ""

    def has(self, number: int, node: Node) -> bool:
        """Whether an item is meant."""
        if self.index is not None:
            return number == self.index
        if not self.key:
            return True
        scalar = node.scalar(self.key) if isinstance(node, Mapping) else None
        return scalar is not None and scalar.value == self.value


Steps: TypeAlias = "tuple[str | Item, ...]"


def parse_path(text: str) -> Steps | None:
    """The steps of a path: keys, ``[]``, ``[3]`` and ``[key=value]``; None where the text is none."""
    steps: list[str | Item] = []
    done = 0
    while done < len(text):
        match = _STEP.match(text, done)
        if match is None:
            return None
        key, index, name, value = match.groups()
        if key is not None and bool(steps) != text.startswith(".", done):
            return None
        steps.append(key or Item(int(index) if index else None, name or "", value or ""))
        done = match.end()
    return tuple(steps) if steps else None


def find_scalars(node: Node, steps: Steps, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """The scalars that a path leads to, each with where it stands."""
    if not steps:
        if isinstance(node, Scalar):
            yield path, node
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        child = node.get(step) if isinstance(node, Mapping) else None
        if child is not None:
            yield from find_scalars(child, rest, (*path, step))
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if step.has(number, item):
                yield from find_scalars(item, rest, (*path, number))
