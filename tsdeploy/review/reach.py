"""How far a change reaches: all that stands on what changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tsdeploy.review.mentions import Mentions
from tsdeploy.review.names import Names, callers_of, graph_of, keyed
from tsdeploy.tml.columns.offered import offers_columns
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import GraphOf

_ROUNDS = 12
"""How far users of users are followed; a real chain is connection, table, view, model, set, answer, alert."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The changed objects and all that stand on them; ``distances`` are those of the latter, 0 for where it begins.

    ``named`` are the keys of those that know an object by its former name alone, by its key.
    """

    graph: GraphOf[Described]
    dependents: Mapping[str, frozenset[str]]
    distances: Mapping[str, int]
    keys: Mapping[int, str]
    named: Mapping[str, frozenset[str]]

    def key_of(self, document: Document) -> str:
        """The key that one of the changed documents has in the graph."""
        return self.keys[id(document)]

    def users(self, document: Document) -> tuple[str, ...]:
        """The labels of those that use an object directly."""
        return tuple(sorted(self.graph.documents[key].label for key in self.dependents[self.key_of(document)]))

    def callers(self, document: Document) -> tuple[str, ...]:
        """The labels of those that know a renamed object by its former name alone."""
        return tuple(sorted(self.graph.documents[key].label for key in self.named.get(self.key_of(document), ())))


def find_reach(pairs: Iterable[DocumentPair], mentions: Mentions, *, quiet: Collection[int] = ()) -> Reach:
    """Follow the users of what changes through the files of the newer commit.

    ``quiet`` are the ids (as of ``id``) of pairs in which nothing differs that anybody made: nobody feels them.
    """
    changed = list(pairs)
    documents: dict[str, Described] = {pair.newest.path: pair.newest for pair in changed}
    roots = [pair.newest for pair in changed if id(pair) not in quiet and _is_followed(pair)]
    former = {pair.newest.path: name for pair in changed if (name := _former_name(pair, mentions))}
    frontier: list[Described] = [*roots]
    followed = set(roots)
    for _ in range(_ROUNDS):
        names = Names.of(keyed(frontier), former)
        had = [former[one.path] for one in frontier if one.path in former]
        mentioning = mentions.mentioning(frontier, documents, had) if frontier else ()
        found = [one for one in mentioning if names.may_be_used_by(one, mentions)]
        documents |= {one.path: one for one in found}
        # What changes itself is among the documents already; its users follow when something under it changes.
        others = [pair.newest for pair in changed if pair.newest not in followed]
        reached = [one for one in others if names.may_be_used_by(one, mentions)]
        followed.update(reached)
        frontier = [*found, *reached]
    whole = graph_of(keyed(documents.values()), mentions, former)
    keys = {id(document): key for key, document in whole.documents.items()}
    distances = whole.downstream(keys[id(root)] for root in roots)
    graph = whole.within({*distances, *(keys[id(pair.newest)] for pair in changed)})
    return Reach(graph, graph.dependents(), distances, keys, callers_of(graph, mentions, former))


def _former_name(pair: DocumentPair, mentions: Mentions) -> str:
    """The name that an object had, where it has another one now and nothing else took it; else ""."""
    if pair.before is None or pair.after is None or pair.before.name == pair.after.name:
        return ""
    return "" if mentions.is_called(pair.before.kind.name, pair.before.name) else pair.before.name


def _is_followed(pair: DocumentPair) -> bool:
    """Whether others feel it: answers and Liveboards are looked at, not built on, unless they go away."""
    if pair.before is None:
        return False
    return offers_columns(pair.newest) or pair.newest.kind.name == "connection" or pair.after is None
