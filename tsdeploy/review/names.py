"""Some documents by everything that others call them, so that their users are told from all who mention a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tsdeploy.review.mentions import Mentions
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf, is_dependency
from tsdeploy.tml.sets import searches_in

Former: TypeAlias = "Mapping[str, str]"
"""By path: the name that a document had, where nothing has it any more."""


@dataclass(frozen=True, slots=True)
class Names:
    """The keys of some documents by identity, and by kind and name; and what the sets among them are called."""

    identities: Mapping[str, str]
    names: Mapping[tuple[str, str], tuple[str, ...]]
    sets: frozenset[str]

    @classmethod
    def of(cls, documents: Mapping[str, Described], former: Former) -> Names:
        """Those of documents by key."""
        identities: dict[str, str] = {}
        names: dict[tuple[str, str], tuple[str, ...]] = {}
        for key, document in documents.items():
            for name in _names(document, former):
                names[document.kind.name, name] = (*names.get((document.kind.name, name), ()), key)
            if document.kind.owned:
                identities |= {one: key for one in (document.guid, document.obj_id) if one}
        sets = frozenset(name for kind, name in names if kind == "cohort")
        return cls(identities, names, sets)

    def may_be_used_by(self, document: Described, mentions: Mentions) -> bool:
        """Whether a document depends on one of them, or searches for something that a set is called."""
        return any(True for _ in self.used_by(document, mentions)) or not self.sets.isdisjoint(searched(document))

    def used_by(self, document: Described, mentions: Mentions) -> Iterator[str]:
        """The keys of those that a document refers to, in the order in which the server looks."""
        for reference in filter(is_dependency, document.references):
            key = self.identities.get(reference.obj_id) or self.identities.get(reference.guid)
            if key is not None:
                yield key
            elif reference.name and not mentions.knows(reference):
                for kind in reference.place.targets:
                    yield from self.names.get((kind, reference.name), ())


def searched(document: Described) -> Iterator[str]:
    """What the searches of a document name: columns, and sets."""
    return (name for search in searches_in(document) for name in search.names)


def keyed(documents: Iterable[Described]) -> dict[str, Described]:
    """Documents by key. Two files with one identity are a finding of the check; here both are looked at."""
    found: dict[str, Described] = {}
    for document in documents:
        found[document.key if document.key not in found else f"{document.key}@{document.path}"] = document
    return found


def callers_of(graph: GraphOf[Described], mentions: Mentions, former: Former) -> dict[str, frozenset[str]]:
    """The keys of those that call a document by a name which it had, and by nothing else; by its key."""
    renamed = {key: one for key, one in graph.documents.items() if one.path in former}
    users = graph.dependents() if renamed else {}
    return {
        key: frozenset(
            user
            for user in users[key]
            if _calls(graph.documents[user], document.kind.name, former[document.path], mentions)
        )
        for key, document in renamed.items()
    }


def _calls(document: Described, kind: str, name: str, mentions: Mentions) -> bool:
    """Whether a document calls something of a kind by its name alone; a set stands in the text of a search."""
    if kind == "cohort" and name in searched(document):
        return True
    named = (one for one in filter(is_dependency, document.references) if one.name == name)
    return any(kind in one.place.targets and not mentions.knows(one) for one in named)


def graph_of(documents: Mapping[str, Described], mentions: Mentions, former: Former) -> GraphOf[Described]:
    """Who depends on whom among some of a commit's documents.

    Unlike in a graph of all of them, an identity that is missing here may be that of a document left out.
    """
    names = Names.of(documents, former)
    needed = {key: set(names.used_by(document, mentions)) - {key} for key, document in documents.items()}
    words = {key: frozenset(searched(document)) for key, document in documents.items()} if names.sets else {}
    for key in [key for key, document in documents.items() if document.kind.name == "cohort"]:
        # An answer names its sets nowhere but in the text of its search, and shares their Model with them.
        called = _names(documents[key], former)
        users = [one for one, found in words.items() if one != key and not found.isdisjoint(called)]
        users = [one for one in users if _share(documents[one], documents[key], needed[one] & needed[key], mentions)]
        for user in users:
            needed[user].add(key)
    return GraphOf(documents, {key: frozenset(others) for key, others in needed.items()})


def _names(document: Described, former: Former) -> frozenset[str]:
    return frozenset((document.name, former.get(document.path, document.name)))


def _share(one: Described, other: Described, both: set[str], mentions: Mentions) -> bool:
    """Whether two stand on something together, be it among the documents (``both``) or left out of them."""
    return bool(both) or not _places(one, mentions).isdisjoint(_places(other, mentions))


def _places(document: Described, mentions: Mentions) -> frozenset[int]:
    return mentions.places(filter(is_dependency, document.references))
