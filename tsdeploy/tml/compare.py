"""What differs between two sets of documents: objects added, removed and changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsdeploy.tml.diff import FieldChange, diff_documents
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class ObjectDiff:
    """One object that differs. ``verb`` is ``added``, ``removed`` or ``changed``."""

    verb: str
    label: str
    path: str
    fields: tuple[FieldChange, ...] = ()


def compare_contents(before: Iterable[Document], after: Iterable[Document]) -> tuple[ObjectDiff, ...]:
    """Objects are paired by identity, so that a moved file or a new name is no new object."""
    old = {document.key: document for document in before}
    new = {document.key: document for document in after}
    found = [_pair(old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]
    return tuple(sorted((item for item in found if item is not None), key=lambda item: (item.label, item.path)))


def _pair(before: Document | None, after: Document | None) -> ObjectDiff | None:
    if before is None or after is None:
        present = after or before
        assert present is not None
        return ObjectDiff("added" if before is None else "removed", present.label, present.path)
    if before.text == after.text:
        return None
    fields = diff_documents(before, after, noise=True)
    return ObjectDiff("changed", after.label, after.path, fields)
