"""Which sets (cohorts) an answer uses. TML names them nowhere but in the text of the search and in a list of names.

A word in brackets is a column, a formula, a parameter or a set. It is a set for sure only where exactly one set of
that name hangs on the answer's own data source, and neither that source nor the answer calls a column so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.entries import Entry
from tsdeploy.tml.references import Reference
from tsdeploy.tml.searches import Search, answer_path, searches_of
from tsdeploy.tml.syntax import Path

D = TypeVar("D", bound=Described)
D_co = TypeVar("D_co", bound=Described, covariant=True)


class Resolver(Protocol[D_co]):
    """What tells which documents a reference means."""

    def resolve(self, reference: Reference) -> tuple[D_co, ...]:
        """The documents that a reference may mean."""


def set_uses(documents: Iterable[D], identities: Resolver[D]) -> Iterator[tuple[D, D]]:
    """Pairs of a document and a set that one of its answers uses."""
    documents = list(documents)
    sets = _sets_by_source(documents, identities)
    if not sets:
        return
    for document in documents:
        sources = _sources(document, identities)
        for search in searches_in(document) if sources else ():
            found = sources.get(search.path, ())
            for name in search.names:
                used = [one for source in found for one in sets.get((id(source), name), ())]
                if len(used) == 1 and used[0] is not document and not any(_has_column(one, name) for one in found):
                    yield document, used[0]


def models_of_set(document: Described, identities: Resolver[D]) -> Iterator[D]:
    """The models that a set hangs on."""
    for reference in document.references:
        if reference.path[-1] in ("worksheet", "model") and "answer" not in reference.path:
            yield from identities.resolve(reference)


def _sets_by_source(documents: Iterable[D], identities: Resolver[D]) -> dict[tuple[int, str], list[D]]:
    """Sets by the model they hang on and their name."""
    found: dict[tuple[int, str], list[D]] = {}
    for document in documents:
        if document.kind.name == "cohort":
            for model in {id(model) for model in models_of_set(document, identities)}:
                found.setdefault((model, document.name), []).append(document)
    return found


def _sources(document: Described, identities: Resolver[D]) -> dict[Path, list[D]]:
    """The data sources of each answer in a document."""
    sources: dict[Path, list[D]] = {}
    for reference in document.references:
        answer = answer_path(reference.path)
        if answer:
            sources.setdefault(answer, []).extend(identities.resolve(reference))
    return sources


def searches_in(document: Described) -> tuple[Search, ...]:
    """The searches of a document, or those that its entry remembers."""
    if isinstance(document, Entry):
        return document.searches
    return searches_of(document) if isinstance(document, Document) else ()


def _has_column(document: Described, name: str) -> bool:
    if isinstance(document, Entry):
        return name in document.columns
    return isinstance(document, Document) and name in columns_of(document)
