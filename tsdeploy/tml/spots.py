"""A place in a document, and the way down from it: by keys, through the items of every list on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Node, Path, node_at, path_text
from tsdeploy.tml.tape import Value


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A value of a document, by its number on the tape, and the path that leads to it."""

    document: Document
    path: Path
    number: int

    @property
    def value(self) -> Value:
        """The value as the tape has it."""
        return self.document.root.tape.values[self.number]

    @property
    def text(self) -> str:
        """The value of a scalar, "" for anything else."""
        value = self.value
        return value if isinstance(value, str) else ""

    @property
    def at(self) -> str:
        """The path as people write it."""
        return path_text(self.path)

    @property
    def position(self) -> int:
        """Where it begins, as an index of the text."""
        return self.document.root.tape.starts[self.number]

    @property
    def node(self) -> Node:
        """The node that stands here."""
        node = node_at(self.document.root, self.path)
        assert node is not None
        return node

    def text_of(self, key: str) -> str:
        """The scalar under a key, "" where there is none."""
        values = self.document.root.tape.values
        number = _child(values[self.number], key)
        found = values[number] if number is not None else None
        return found if isinstance(found, str) else ""

    def get(self, key: str) -> Spot | None:
        """What stands under a key."""
        number = _child(self.value, key)
        return None if number is None else Spot(self.document, (*self.path, key), number)

    def each(self, *keys: str) -> Iterator[Spot]:
        """Everything below a chain of keys, and in the end the items of a list; what is no list is its own item."""
        values = self.document.root.tape.values
        value = values[self.number]
        if keys and isinstance(value, dict) and keys[0] not in value:
            # Most keys that are asked for are not there.
            return iter(())
        found = _items(values, self.path, self.number)
        for key in keys:
            children = (((*path, key), child) for path, n in found if (child := _child(values[n], key)) is not None)
            found = [item for path, number in children for item in _items(values, path, number)]
        return (Spot(self.document, path, number) for path, number in found)

    def finding(self, code: str, message: str, *, hint: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """A finding that points here."""
        return Finding(code, message, self.document.at(self.position), self.at, hint, severity)


def body(document: Document) -> Spot:
    """The content of a document."""
    found = spot_at(document, (document.kind.root,))
    assert found is not None
    return found


def spot_at(document: Document, path: Path) -> Spot | None:
    """The place that a path leads to, None where it leads nowhere."""
    values = document.root.tape.values
    number = 0
    for step in path:
        value = values[number]
        if isinstance(step, str):
            found = _child(value, step)
        else:
            found = value[step] if isinstance(value, list) and step < len(value) else None
        if found is None:
            return None
        number = found
    return Spot(document, path, number)


def _items(values: list[Value], path: Path, number: int) -> list[tuple[Path, int]]:
    value = values[number]
    if isinstance(value, list):
        return [((*path, position), item) for position, item in enumerate(value)]
    return [(path, number)]


def _child(value: Value, key: str) -> int | None:
    return value.get(key) if isinstance(value, dict) else None
