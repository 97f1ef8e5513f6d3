"""Collects what is to change in one document, then splices it in: each scalar once, every other byte kept."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml import edit
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One thing that changed, and why. ``before`` or ``after`` is "" where a key was added or removed."""

    at: str
    before: str
    after: str
    why: str


class Rewriting:
    """The changes of one document. Setting a scalar twice composes: the second sees the first's value."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._values: dict[int, tuple[Scalar, str]] = {}
        self._edits: list[edit.Edit] = []
        self._deleted: dict[int, tuple[Mapping, set[str]]] = {}
        self._gone: set[int] = set()
        self._notes: list[Rewrite] = []

    def value(self, scalar: Scalar) -> str:
        """The scalar's value as it will be."""
        return self._values.get(id(scalar), (scalar, scalar.value))[1]

    def set(self, scalar: Scalar, value: str, *, at: str, why: str) -> None:
        """Give a scalar a value. One that was removed stays so."""
        if id(scalar) in self._gone:
            return
        before = self.value(scalar)
        if value != before:
            self._values[id(scalar)] = (scalar, value)
            self._notes.append(Rewrite(at, before, value, why))

    def delete(self, mapping: Mapping, key: str, *, at: str, why: str) -> None:
        """Remove a key and its value."""
        scalar = mapping.scalar(key)
        self._gone.add(id(scalar))
        self._deleted.setdefault(id(mapping), (mapping, set()))[1].add(key)
        self._notes.append(Rewrite(f"{at}.{key}".lstrip("."), scalar.value if scalar else "", "", why))

    def rename(self, mapping: Mapping, key: str, name: str, value: str, *, at: str, why: str) -> None:
        """Replace a key and its scalar value by another key and value, in the same line."""
        key_scalar, node = mapping.entries[key]
        assert isinstance(node, Scalar)
        self._edits.append(edit.rename_key(key_scalar, name, self.document.dialect))
        self._values[id(node)] = (node, value)
        self._notes.append(Rewrite(f"{at}.{name}".lstrip("."), f"{key}: {node.value}", value, why))

    def insert_after(self, mapping: Mapping, after: str, entry: tuple[str, str], *, at: str, why: str) -> None:
        """Put a new line behind an existing key."""
        document = self.document
        self._edits.append(edit.insert_after(document.text, mapping, after, entry, document.dialect))
        self._notes.append(Rewrite(f"{at}.{entry[0]}".lstrip("."), "", entry[1], why))

    def insert_first(self, mapping: Mapping, entry: tuple[str, str], *, at: str, why: str) -> None:
        """Put a new line in front of all keys."""
        document = self.document
        first = next(iter(mapping.entries))
        self._edits.append(edit.insert_before(document.text, mapping, first, entry, document.dialect))
        self._notes.append(Rewrite(f"{at}.{entry[0]}".lstrip("."), "", entry[1], why))

    def finish(self) -> tuple[str, tuple[Rewrite, ...]]:
        """The new text, and what changed in it."""
        document = self.document
        edits = list(self._edits)
        for mapping, keys in self._deleted.values():
            edits += edit.delete(document.text, mapping, keys)
        for scalar, value in self._values.values():
            edits.append(edit.replace(document.text, scalar, value, document.dialect))
        return edit.apply(document.text, edits), tuple(self._notes)
