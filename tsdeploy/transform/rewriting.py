"""Collects what is to change in one document, then splices it in: each scalar once, every other byte kept."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tsdeploy.errors import Location
from tsdeploy.mapping.model import Rule
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class Why:
    """Why something changes: in words, and the rule where one says so."""

    text: str
    rule: Location | None = None

    def __str__(self) -> str:
        return f"{self.text}, {self.rule}" if self.rule else self.text


def because(rule: Rule) -> Why:
    """A rule says so."""
    return Why(f"{str(rule).partition(':')[0]} rule", rule.location)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One thing that changed, and why. ``before`` or ``after`` is "" where a key was added or removed.

    ``start`` is the index in the source's text where it stands.
    """

    at: str
    before: str
    after: str
    why: Why
    start: int


class Rewriting:
    """The changes of one document. Setting a scalar twice composes: the second sees the first's value.

    A node is known by where it starts: there may be several objects for one scalar. ``settled`` are the starts of
    scalars that are right already; no rule changes them.
    """

    def __init__(self, document: Document, settled: AbstractSet[int] = frozenset()) -> None:
        self.document = document
        self._settled = settled
        self._values: dict[int, tuple[Scalar, str]] = {}
        self._spans: dict[int, dict[tuple[int, int], str]] = {}
        self._edits: list[edit.Edit] = []
        self._deleted: dict[int, tuple[Mapping, set[str]]] = {}
        self._gone: set[int] = set()
        self._notes: list[Rewrite] = []

    def value(self, scalar: Scalar) -> str:
        """The scalar's value as it will be."""
        return self._values.get(scalar.start, (scalar, scalar.value))[1]

    def set(self, scalar: Scalar, value: str, *, at: str, why: Why) -> None:
        """Give a scalar a value. One that was removed or settled stays so."""
        if scalar.start in self._gone or scalar.start in self._settled:
            return
        before = self.value(scalar)
        if value != before:
            self._values[scalar.start] = (scalar, value)
            self._note(at, before, value, why, scalar.start)

    def splice(self, scalar: Scalar, parts: Iterable[tuple[int, int, str]], *, at: str, why: Why) -> None:
        """Replace parts of a scalar's value, by their indexes in the source's value; to be done before any ``set``."""
        spans = self._spans.setdefault(scalar.start, {})
        spans.update({(start, end): text for start, end, text in parts})
        self.set(
            scalar, edit.apply(scalar.value, [edit.Edit(*span, text) for span, text in spans.items()]), at=at, why=why
        )

    def restore(self, scalar: Scalar, value: str, text: str | None) -> None:
        """Give a scalar a value again, as ``text`` spells it; as the dialect does where that is None."""
        if text is None:
            self._values[scalar.start] = (scalar, value)
        else:
            self._edits.append(edit.Edit(scalar.start, scalar.end, text))

    def delete(self, mapping: Mapping, key: str, *, at: str, why: Why) -> None:
        """Remove a key and its value."""
        key_scalar, node = mapping.entries[key]
        self._gone.add(node.start)
        self._deleted.setdefault(mapping.start, (mapping, set()))[1].add(key)
        before = node.value if isinstance(node, Scalar) else ""
        self._note(f"{at}.{key}".lstrip("."), before, "", why, key_scalar.start)

    def rename(self, mapping: Mapping, key: str, name: str, value: str, *, at: str, why: Why) -> None:
        """Replace a key and its scalar value by another key and value, in the same line."""
        key_scalar, node = mapping.entries[key]
        assert isinstance(node, Scalar)
        self._edits.append(edit.rename_key(key_scalar, name, self.document.dialect))
        self._values[node.start] = (node, value)
        self._note(f"{at}.{name}".lstrip("."), f"{key}: {node.value}", value, why, key_scalar.start)

    def rename_key(self, key: Scalar, name: str, *, at: str, why: Why) -> None:
        """Give a key another name."""
        self._edits.append(edit.rename_key(key, name, self.document.dialect))
        self._note(at, key.value, name, why, key.start)

    def insert_after(self, mapping: Mapping, after: str, entry: tuple[str, str], *, at: str, why: Why) -> None:
        """Put a new line behind an existing key."""
        document = self.document
        self._edits.append(
            edit.insert_after(document.text, mapping, after, entry, document.dialect, file=document.path)
        )
        self._note(f"{at}.{entry[0]}".lstrip("."), "", entry[1], why, mapping.entries[after][0].start)

    def insert_before(self, mapping: Mapping, before: str, entry: tuple[str, str], *, at: str, why: Why) -> None:
        """Put a new line in front of an existing key."""
        document = self.document
        self._edits.append(
            edit.insert_before(document.text, mapping, before, entry, document.dialect, file=document.path)
        )
        self._note(f"{at}.{entry[0]}".lstrip("."), "", entry[1], why, mapping.entries[before][0].start)

    def finish(self) -> tuple[str, tuple[Rewrite, ...]]:
        """The new text, and what changed in it."""
        document = self.document
        edits = list(self._edits)
        for mapping, keys in self._deleted.values():
            edits += edit.delete(document.text, mapping, keys, file=document.path)
        for scalar, value in self._values.values():
            if scalar.start not in self._gone:
                edits.append(edit.replace(document.text, scalar, value, document.dialect, file=document.path))
        return edit.apply(document.text, edits), tuple(self._notes)

    def _note(self, at: str, before: str, after: str, why: Why, start: int) -> None:
        self._notes.append(Rewrite(at, before, after, why, start))
