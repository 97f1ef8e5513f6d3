"""What differs between two sets of documents: objects added, removed and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tsdeploy.tml.difference.change import Difference, Weight, heaviest
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class ObjectDiff:
    """One object that differs. ``verb`` is ``added``, ``removed`` or ``changed``.

    ``path`` is its file, the new one of a moved file. ``differences`` have noise among them; there are none for an
    object that came or went.
    """

    verb: str
    label: str
    path: str
    differences: tuple[Difference, ...] = ()

    @property
    def weight(self) -> Weight:
        """The heaviest of its differences; an object that came or went is structure."""
        return heaviest(self.differences) if self.verb == "changed" else Weight.STRUCTURE


@dataclass(frozen=True, slots=True, eq=False)
class DocumentPair:
    """One object in two sets of documents; a missing side is None."""

    before: Document | None
    after: Document | None

    @property
    def newest(self) -> Document:
        """The object as it is, or as it was before it went."""
        found = self.after or self.before
        assert found is not None
        return found


def compare_contents(before: Iterable[Document], after: Iterable[Document]) -> tuple[ObjectDiff, ...]:
    """The objects that differ, sorted by label. See ``pair_documents`` for how they find each other."""
    return compare_pairs(pair_documents(before, after))


def compare_pairs(pairs: Iterable[DocumentPair]) -> tuple[ObjectDiff, ...]:
    """The pairs that differ, sorted by label."""
    found = (_compared(pair) for pair in pairs)
    return tuple(sorted((item for item in found if item is not None), key=lambda item: (item.label, item.path)))


def pair_documents(before: Iterable[Document], after: Iterable[Document]) -> list[DocumentPair]:
    """Pair documents by identity, so that a moved file or a new name is no new object.

    What no identity pairs is paired by kind and name where that is unambiguous: an object that was created again,
    or the same object of another environment.
    """
    olds, news = list(before), list(after)
    pairs: list[DocumentPair] = []
    for key in _KEYS:
        old_by_key, new_by_key = _unique(olds, key), _unique(news, key)
        found = [DocumentPair(old_by_key[name], new_by_key[name]) for name in old_by_key if name in new_by_key]
        pairs += found
        paired = {id(document) for pair in found for document in (pair.before, pair.after)}
        olds = [document for document in olds if id(document) not in paired]
        news = [document for document in news if id(document) not in paired]
    return [*pairs, *(DocumentPair(one, None) for one in olds), *(DocumentPair(None, one) for one in news)]


_KEYS: tuple[Callable[[Document], str], ...] = (
    lambda document: f"{document.key}\n{document.path}",
    lambda document: document.key,
    lambda document: f"{document.kind.name}\n{document.guid}" if document.guid else "",
    lambda document: f"{document.kind.name}\n{document.obj_id}" if document.obj_id else "",
    lambda document: document.label,
)


def _unique(documents: Iterable[Document], key: Callable[[Document], str]) -> dict[str, Document]:
    """Documents by a key that no other one has."""
    found: dict[str, Document | None] = {}
    for document in documents:
        name = key(document)
        if name:
            found[name] = None if name in found else document
    return {name: document for name, document in found.items() if document is not None}


def _compared(pair: DocumentPair) -> ObjectDiff | None:
    before, after, newest = pair.before, pair.after, pair.newest
    if before is None or after is None:
        return ObjectDiff("added" if before is None else "removed", newest.label, newest.path)
    if before.text == after.text:
        return None
    return ObjectDiff("changed", newest.label, newest.path, describe(before, after))
