"""Who depends on whom among a set of documents: of a folder, of a git commit, or of what a server exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tsdeploy.tml.catalogue import Holds
from tsdeploy.tml.closure import reach, reverse
from tsdeploy.tml.components import connected, levels, strong_components
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference, is_inner
from tsdeploy.tml.sets import set_uses

D = TypeVar("D", bound=Described, covariant=True)


@dataclass(frozen=True, slots=True)
class IndexOf(Generic[D]):
    """Documents by each of their identities."""

    by_guid: Mapping[str, D]
    by_obj_id: Mapping[str, D]
    by_name: Mapping[tuple[str, str], tuple[D, ...]]

    def resolve(self, reference: Reference) -> tuple[D, ...]:
        """The documents a reference may mean: by obj_id, else GUID, else name; several when a name is ambiguous.

        The order is the server's own. A dead GUID falls back to the name, as it does there.
        """
        for found in (self.by_obj_id.get(reference.obj_id), self.by_guid.get(reference.guid)):
            if found is not None:
                return (found,)
        if not reference.name:
            return ()
        kinds = sorted(reference.place.targets)
        return tuple(found for kind in kinds for found in self.by_name.get((kind, reference.name), ()))

    def meant(self, document: Described, reference: Reference) -> tuple[D, ...]:
        """As ``resolve``, but a document that is called like what it refers to (a Model ``Sales`` on a table
        ``Sales``) does not mean itself where it may mean another. The source of a join is always the table itself.
        """
        found = self.resolve(reference)
        if len(found) < 2 or not any(other is document for other in found):
            return found
        is_source = reference.path[-1] == "source"
        return tuple(other for other in found if (other is document) is is_source)


def index(documents: Iterable[D]) -> IndexOf[D]:
    """Index documents by GUID, obj_id, and kind and name. Feedback is not found by its model's GUID."""
    by_guid: dict[str, D] = {}
    by_obj_id: dict[str, D] = {}
    by_name: dict[tuple[str, str], list[D]] = {}
    for document in documents:
        if document.kind.owned:
            if document.guid:
                by_guid[document.guid] = document
            if document.obj_id:
                by_obj_id[document.obj_id] = document
        by_name.setdefault((document.kind.name, document.name), []).append(document)
    return IndexOf(by_guid, by_obj_id, {name: tuple(found) for name, found in by_name.items()})


@dataclass(frozen=True, slots=True)
class GraphOf(Generic[D]):
    """Documents and their dependencies, by document key. Hyperlinks are ``links``, and no dependencies.

    Every key of ``documents`` is a key of ``dependencies``; neither it nor ``links`` leads out of the documents.
    """

    documents: Mapping[str, D]
    dependencies: Mapping[str, frozenset[str]]
    links: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def dependents(self) -> dict[str, frozenset[str]]:
        """The reverse of the dependencies."""
        return reverse(self.dependencies)

    def upstream(self, keys: Iterable[str], depth: int | None = None) -> dict[str, int]:
        """The keys and everything they depend on, at most ``depth`` steps away, each with its distance."""
        return reach(keys, self.dependencies, depth)

    def downstream(self, keys: Iterable[str], depth: int | None = None) -> dict[str, int]:
        """The keys and everything that depends on them, at most ``depth`` steps away, each with its distance."""
        return reach(keys, self.dependents(), depth)

    def levels(self) -> dict[str, int]:
        """Key → 0 for what depends on nothing, else one more than the highest level it depends on."""
        return levels(self._preferred())

    def cycles(self) -> list[tuple[str, ...]]:
        """Groups of keys that depend on each other, such as tables that join each other; what they need comes first."""
        return [group for group in strong_components(self._preferred()) if len(group) > 1]

    def components(self) -> list[tuple[str, ...]]:
        """Groups of keys that have nothing to do with each other; hyperlinks do not count."""
        return connected(self._preferred())

    def within(self, keys: Collection[str]) -> GraphOf[D]:
        """The same graph without the documents that are not among the keys."""
        kept = frozenset(keys)
        return GraphOf(
            {key: document for key, document in self.documents.items() if key in kept},
            {key: others & kept for key, others in self.dependencies.items() if key in kept},
            {key: others & kept for key, others in self.links.items() if key in kept and others & kept},
        )

    def ordered(self) -> list[D]:
        """Every document after what it depends on; a cycle (tables that join each other) stays together.

        Within that, by phase, kind rank and label, so that the same input gives the same order.
        """
        keys = [key for group in strong_components(self._preferred()) for key in group]
        return [self.documents[key] for key in sorted(keys, key=lambda key: self.documents[key].kind.phase)]

    def preference(self, key: str) -> tuple[int, str, str]:
        """What decides between objects that do not depend on each other."""
        document = self.documents[key]
        return (document.kind.rank, document.label, key)

    def _preferred(self) -> dict[str, frozenset[str]]:
        return {key: self.dependencies[key] for key in sorted(self.documents, key=self.preference)}


Index = IndexOf[Document]
"""Documents with their text, by identity."""

Graph = GraphOf[Document]
"""Documents with their text, and their dependencies."""


def build_graph(documents: Iterable[D]) -> GraphOf[D]:
    """The graph of a closed or open set of documents; references that lead out of it are left out.

    What a name may mean counts as a dependency, all candidates of it; so does a set that an answer uses by name.
    """
    found = _keyed(documents)
    keys = {id(document): key for key, document in found.items()}
    identities = index(found.values())
    needed: dict[str, set[str]] = {key: set() for key in found}
    linked: dict[str, frozenset[str]] = {}
    for key, document in found.items():
        needed[key].update(keys[id(other)] for other in _targets(document, identities, links=False))
        links = frozenset(keys[id(other)] for other in _targets(document, identities, links=True))
        if links:
            linked[key] = links
    for user, used in set_uses(found.values(), identities):
        needed[keys[id(user)]].add(keys[id(used)])
    return GraphOf(found, {key: frozenset(others) for key, others in needed.items()}, linked)


def _keyed(documents: Iterable[D]) -> dict[str, D]:
    """Documents by key. Two of one kind and name without any identity are told apart by their paths."""
    found: dict[str, D] = {}
    for document in documents:
        key = document.key
        if key in found and not (document.guid or document.obj_id):
            key = f"{key}@{document.path}"
        found[key] = document
    return found


def _targets(document: Described, identities: IndexOf[D], *, links: bool) -> Iterator[D]:
    for reference in document.references:
        if is_object_link(reference) if links else is_dependency(reference):
            yield from (other for other in identities.meant(document, reference) if other is not document)


def is_object_link(reference: Reference) -> bool:
    """Whether the reference is a hyperlink to an object, which the server does not follow."""
    return reference.place.holds is Holds.LINKS


def is_dependency(reference: Reference) -> bool:
    """Whether the server needs the referenced object to import this one. A hyperlink it does not follow."""
    return not is_inner(reference) and not is_object_link(reference)
