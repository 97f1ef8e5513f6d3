"""A place in a document that rules walk from and point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.config.yaml_file import nearest
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence, path_text

_MAX_GUESSES = 500


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A node of a document and the path that leads to it."""

    document: Document
    path: Path
    node: Node

    @property
    def text(self) -> str:
        """The value of a scalar, "" for anything else."""
        return self.node.value if isinstance(self.node, Scalar) else ""

    @property
    def at(self) -> str:
        """The path as people write it."""
        return path_text(self.path)

    def get(self, key: str) -> Spot | None:
        """What stands under a key."""
        child = self.node.get(key) if isinstance(self.node, Mapping) else None
        return None if child is None else Spot(self.document, (*self.path, key), child)

    def text_of(self, key: str) -> str:
        """The scalar under a key, "" where there is none."""
        scalar = self.node.scalar(key) if isinstance(self.node, Mapping) else None
        return scalar.value if scalar else ""

    def items(self) -> Iterator[Spot]:
        """The items of a list; anything else is its own single item."""
        if isinstance(self.node, Sequence):
            for number, item in enumerate(self.node.items):
                yield Spot(self.document, (*self.path, number), item)
        else:
            yield self

    def each(self, *keys: str) -> Iterator[Spot]:
        """Everything below a chain of keys, through the items of every list on the way."""
        if not keys:
            yield from self.items()
            return
        for item in self.items():
            child = item.get(keys[0])
            if child is not None:
                yield from child.each(*keys[1:])

    def finding(self, code: str, message: str, *, hint: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """A finding that points here."""
        return Finding(code, message, self.document.at(self.node.start), self.at, hint, severity)


def body(document: Document) -> Spot:
    """The content of a document."""
    return Spot(document, (document.kind.root,), document.body)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known name (of a mapping, its values), unless there are so many that looking would take long."""
    names = list(known.values()) if isinstance(known, dict) else list(known)
    return nearest(word, names) if len(names) <= _MAX_GUESSES else ""
