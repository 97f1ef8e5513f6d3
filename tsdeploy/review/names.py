"""Some documents by everything that others call them, so that their users are told from all who mention a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.review.mentions import Mentions
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf, is_dependency
from tsdeploy.tml.sets import searches_in


@dataclass(frozen=True, slots=True)
class Names:
    """The keys of some documents by identity, and by kind and name; and what the sets among them are called."""

    identities: Mapping[str, str]
    names: Mapping[tuple[str, str], tuple[str, ...]]
    sets: frozenset[str]

    @classmethod
    def of(cls, documents: Mapping[str, Described]) -> Names:
        """Those of documents by key."""
        identities: dict[str, str] = {}
        names: dict[tuple[str, str], tuple[str, ...]] = {}
        for key, document in documents.items():
            name = (document.kind.name, document.name)
            names[name] = (*names.get(name, ()), key)
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


def graph_of(documents: Mapping[str, Described], mentions: Mentions) -> GraphOf[Described]:
    """Who depends on whom among some of a commit's documents.

    Unlike in a graph of all of them, an identity that is missing here may be that of a document left out.
    """
    names = Names.of(documents)
    needed = {key: set(names.used_by(document, mentions)) - {key} for key, document in documents.items()}
    words = {key: frozenset(searched(document)) for key, document in documents.items()} if names.sets else {}
    for key in [key for key, document in documents.items() if document.kind.name == "cohort"]:
        # An answer names its sets nowhere but in the text of its search, and shares their Model with them.
        name = documents[key].name
        users = [one for one, found in words.items() if one != key and name in found and needed[one] & needed[key]]
        for user in users:
            needed[user].add(key)
    return GraphOf(documents, {key: frozenset(others) for key, others in needed.items()})
