"""Who depends on whom among a set of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference, is_inner


@dataclass(frozen=True, slots=True)
class Index:
    """Documents by each of their identities."""

    by_guid: dict[str, Document]
    by_obj_id: dict[str, Document]
    by_name: dict[tuple[str, str], tuple[Document, ...]]

    def resolve(self, reference: Reference) -> tuple[Document, ...]:
        """The documents a reference may mean: by obj_id, else GUID, else name; several when a name is ambiguous.

        The order is the server's own. A dead GUID falls back to the name, as it does there.
        """
        for found in (self.by_obj_id.get(reference.obj_id), self.by_guid.get(reference.guid)):
            if found is not None:
                return (found,)
        if not reference.name or reference.block is None:
            return ()
        kinds = sorted(reference.place.targets)
        return tuple(found for kind in kinds for found in self.by_name.get((kind, reference.name), ()))


def index(documents: Iterable[Document]) -> Index:
    """Index documents by GUID, obj_id, and kind and name. Feedback is not found by its model's GUID."""
    by_guid: dict[str, Document] = {}
    by_obj_id: dict[str, Document] = {}
    by_name: dict[tuple[str, str], tuple[Document, ...]] = {}
    for document in documents:
        if document.kind.owned:
            if document.guid:
                by_guid[document.guid] = document
            if document.obj_id:
                by_obj_id[document.obj_id] = document
        name = (document.kind.name, document.name)
        by_name[name] = (*by_name.get(name, ()), document)
    return Index(by_guid, by_obj_id, by_name)


@dataclass(frozen=True, slots=True)
class Graph:
    """Documents and their dependencies, by document key. Hyperlinks are references but no dependencies."""

    documents: dict[str, Document]
    dependencies: dict[str, frozenset[str]]

    def dependents(self) -> dict[str, frozenset[str]]:
        """The reverse of the dependencies."""
        reverse: dict[str, set[str]] = {key: set() for key in self.documents}
        for key, needed in self.dependencies.items():
            for other in needed:
                reverse[other].add(key)
        return {key: frozenset(users) for key, users in reverse.items()}

    def ordered(self) -> list[Document]:
        """Every document after what it depends on; a cycle (tables that join each other) stays together.

        Within that, by phase, kind rank and label, so that the same input gives the same order.
        """
        done: dict[str, None] = {}
        for component in self._components():
            done.update(dict.fromkeys(component))
        place = {key: number for number, key in enumerate(done)}
        return sorted(self.documents.values(), key=lambda document: (document.kind.phase, place[document.key]))

    def _components(self) -> Iterator[list[str]]:
        """Strongly connected components, dependencies first (Tarjan's algorithm without recursion)."""
        finder = _Tarjan(self)
        for key in sorted(self.documents, key=self.preference):
            yield from finder.visit(key)

    def preference(self, key: str) -> tuple[int, str, str]:
        """What decides between objects that do not depend on each other."""
        document = self.documents[key]
        return (document.kind.rank, document.label, key)


def build_graph(documents: Iterable[Document]) -> Graph:
    """The graph of a closed or open set of documents; references that lead out of it are left out."""
    found = {document.key: document for document in documents}
    identities = index(found.values())
    dependencies = {key: frozenset(_needed(document, identities)) for key, document in found.items()}
    return Graph(found, dependencies)


def _needed(document: Document, identities: Index) -> Iterator[str]:
    for reference in document.references:
        if is_dependency(reference):
            for other in identities.resolve(reference):
                if other is not document:
                    yield other.key


def is_dependency(reference: Reference) -> bool:
    """Whether the server needs the referenced object to import this one. A hyperlink it does not follow."""
    is_link = reference.scalar is not None and reference.end > 0
    return not is_inner(reference) and not is_link


class _Tarjan:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._number: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: list[str] = []
        self._is_open: set[str] = set()

    def visit(self, start: str) -> Iterator[list[str]]:
        if start in self._number:
            return
        stack = [(start, self._enter(start))]
        while stack:
            key, children = stack[-1]
            child = next((other for other in children if other not in self._number), None)
            if child is not None:
                stack.append((child, self._enter(child)))
                continue
            stack.pop()
            yield from self._leave(key)
            if stack:
                parent = stack[-1][0]
                self._low[parent] = min(self._low[parent], self._low[key])

    def _enter(self, key: str) -> Iterator[str]:
        self._number[key] = self._low[key] = len(self._number)
        self._open.append(key)
        self._is_open.add(key)
        needed = self._graph.dependencies[key]
        return iter(sorted(needed, key=self._graph.preference))

    def _leave(self, key: str) -> Iterator[list[str]]:
        for other in self._graph.dependencies[key]:
            if other in self._is_open:
                self._low[key] = min(self._low[key], self._number[other])
        if self._low[key] != self._number[key]:
            return
        component = []
        while True:
            member = self._open.pop()
            self._is_open.discard(member)
            component.append(member)
            if member == key:
                break
        yield sorted(component, key=self._graph.preference)
