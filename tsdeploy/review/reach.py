"""How far a change reaches: who uses what changes, and in whom something breaks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.review.mentions import Mentions
from tsdeploy.review.report import AffectedObject
from tsdeploy.tml.columns.graph import Breakage, ColumnGraph
from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.columns.reading import ColumnReader, make_reader
from tsdeploy.tml.columns.scope import Offer, make_offer
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Role, Use
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.difference.change import Phrase, Quoted
from tsdeploy.tml.difference.labels import items_at, text_at
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Graph, GraphOf, is_dependency

_ROUNDS = 12
"""How far users of users are followed; a real chain is connection, table, view, model, set, answer, alert."""
_OF_AN_ANSWER = (Role.ANSWER_COLUMN, Role.TABLE, Role.CHART)
"""What an answer does with what its search finds."""
_NEVER_AFFECTED = "collection"
"""A collection lists objects; what is in them is not its concern."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The changed objects and all that stand on them, and what breaks in these without the columns that go away."""

    graph: Graph
    dependents: Mapping[str, frozenset[str]]
    distances: Mapping[str, int]
    breakage: Breakage
    keys: Mapping[int, str]

    def key_of(self, document: Document) -> str:
        """The key that one of the documents has in the graph."""
        return self.keys[id(document)]

    def users(self, document: Document) -> tuple[str, ...]:
        """The labels of those that use an object directly."""
        return tuple(sorted(self.graph.documents[key].label for key in self.dependents[self.key_of(document)]))

    def used(self, column: ColumnRef) -> tuple[str, ...]:
        """The labels of the other objects that use a column which goes away."""
        keys = dict.fromkeys(use.document for use in self.breakage.uses if use.column == column)
        return tuple(sorted(self.graph.documents[key].label for key in keys))


def find_reach(pairs: Iterable[DocumentPair], mentions: Mentions, *, quiet: Collection[int] = ()) -> Reach:
    """Follow the users of what changes through the files of the newer commit.

    ``quiet`` are the ids (as of ``id``) of pairs in which nothing differs that anybody made: nobody feels them.
    """
    changed = list(pairs)
    documents = {pair.newest.path: pair.newest for pair in changed}
    roots = [pair.newest for pair in changed if id(pair) not in quiet and _is_followed(pair)]
    frontier: list[Document] = roots
    for _ in range(_ROUNDS):
        names = _Names.of(frontier)
        frontier = [one for one in mentions.mentioning(frontier, documents) if names.may_be_used_by(one, mentions)]
        documents |= {one.path: one for one in frontier}
        if not frontier:
            break
    whole = _graph(documents.values(), mentions)
    distances = whole.downstream(_keys(whole, roots))
    graph = whole.within({*distances, *_keys(whole, [pair.newest for pair in changed])})
    keys = {id(document): key for key, document in graph.documents.items()}
    return Reach(graph, graph.dependents(), distances, _breakage(changed, graph, keys, mentions), keys)


def _graph(documents: Iterable[Document], mentions: Mentions) -> Graph:
    """Who depends on whom among some of a commit's documents.

    Unlike in a graph of all of them, an identity that is missing here may be that of a document left out.
    """
    found: dict[str, Document] = {}
    for document in documents:
        # Two files with one identity are a finding of the check; here both are looked at.
        found[document.key if document.key not in found else f"{document.key}@{document.path}"] = document
    names = _Names.of(found.values())
    needed = {key: set(names.used_by(document, mentions)) - {key} for key, document in found.items()}
    for key, document in found.items():
        if document.kind.name == "cohort":
            # An answer names its sets nowhere but in the text of its search, and shares their Model with them.
            name = f"[{document.name}]"
            users = [one for one in found if one != key and needed[one] & needed[key] and name in found[one].text]
            for user in users:
                needed[user].add(key)
    return GraphOf(found, {key: frozenset(others) for key, others in needed.items()})


@dataclass(frozen=True, slots=True)
class _Names:
    """What some documents are called by those who refer to them, with their keys."""

    identities: Mapping[str, str]
    names: Mapping[tuple[str, str], tuple[str, ...]]
    sets: tuple[str, ...]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> _Names:
        identities: dict[str, str] = {}
        names: dict[tuple[str, str], tuple[str, ...]] = {}
        sets = []
        for document in documents:
            names[document.kind.name, document.name] = (
                *names.get((document.kind.name, document.name), ()),
                document.key,
            )
            if document.kind.owned:
                identities |= {one: document.key for one in (document.guid, document.obj_id) if one}
            if document.kind.name == "cohort":
                sets.append(f"[{document.name}]")
        return cls(identities, names, tuple(sets))

    def may_be_used_by(self, document: Document, mentions: Mentions) -> bool:
        """Whether a document depends on one of them, or names a set that is called so."""
        return any(True for _ in self.used_by(document, mentions)) or any(name in document.text for name in self.sets)

    def used_by(self, document: Document, mentions: Mentions) -> Iterator[str]:
        """The keys of those that a document refers to, in the order in which the server looks."""
        for reference in filter(is_dependency, document.references):
            key = self.identities.get(reference.obj_id) or self.identities.get(reference.guid)
            if key is not None:
                yield key
            elif reference.name and not mentions.knows(reference):
                for kind in reference.place.targets:
                    yield from self.names.get((kind, reference.name), ())


def affected_objects(reach: Reach, changed: Iterable[DocumentPair]) -> list[AffectedObject]:
    """Those that stand on something that changes, broken ones first, then near ones."""
    pairs = [pair for pair in changed if id(pair.newest) in reach.keys]
    labels = {reach.key_of(pair.newest): pair.newest.label for pair in pairs}
    gone = {pair.newest.path for pair in pairs if pair.after is None}
    broken = reach.breakage.by_document()
    breaks = {key: tuple(_sentences(key, uses, reach)) for key, uses in broken.items()}
    found = []
    for key, distance in reach.distances.items():
        document = reach.graph.documents[key]
        if document.path in gone or document.kind.name == _NEVER_AFFECTED or not (distance or key in breaks):
            continue
        uses = sorted(labels[other] for other in reach.graph.upstream([key]) if other in labels and other != key)
        lost: Iterator[Phrase] = (
            ("uses ", Quoted(reach.graph.documents[other].label), ", which is removed")
            for other in sorted(reach.graph.dependencies[key])
            if reach.graph.documents[other].path in gone
        )
        sentences = (*lost, *breaks.get(key, ()))
        found.append(
            AffectedObject(
                key,
                document.kind.name,
                document.name,
                document.path,
                distance,
                tuple(uses),
                tuple(dict.fromkeys(sentences)),
                tuple(dict.fromkeys(use.part for use in broken.get(key, ()) if use.part)),
                changed=key in labels,
            )
        )
    return sorted(found, key=lambda item: (not item.breaks, item.changed, item.distance, item.label, item.path))


def lost_columns(pair: DocumentPair) -> tuple[str, ...]:
    """The columns, formulas and parameters that an object has no more, or not by that name."""
    if pair.before is None or not _offers(pair.before):
        return ()
    kept = columns_of(pair.after) if pair.after else {}
    return tuple(name for name in columns_of(pair.before) if name not in kept)


def _is_followed(pair: DocumentPair) -> bool:
    """Whether others feel it: answers and Liveboards are looked at, not built on, unless they go away."""
    if pair.before is None:
        return False
    return _offers(pair.newest) or pair.newest.kind.name == "connection" or pair.after is None


def _offers(document: Document) -> bool:
    return document.kind.is_data or document.kind.name == "cohort"


def _keys(graph: Graph, documents: Iterable[Document]) -> list[str]:
    wanted = {id(document) for document in documents}
    return [key for key, document in graph.documents.items() if id(document) in wanted]


def _breakage(changed: Iterable[DocumentPair], graph: Graph, keys: Mapping[int, str], mentions: Mentions) -> Breakage:
    losers = {keys[id(pair.newest)]: pair for pair in changed if id(pair.newest) in keys and lost_columns(pair)}
    if not losers:
        return Breakage({}, ())
    gone = [ColumnRef(key, name) for key, pair in losers.items() for name in lost_columns(pair)]
    near = {key: graph.documents[key] for key in sorted(graph.downstream(losers))}
    # What they are built on besides, so that a name is not taken for that of something else that is called so.
    around = mentions.meant(one for document in near.values() for one in document.references if is_dependency(one))
    return _Columns.of({one.key: one for one in around} | near, near, losers).broken_by(gone)


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """The columns of the newer commit, and those that it has no more; uses are read where the names stand."""

    reader: ColumnReader
    unread: dict[str, Document]

    @classmethod
    def of(
        cls, documents: Mapping[str, Document], near: Mapping[str, Document], losers: Mapping[str, DocumentPair]
    ) -> _Columns:
        columns = index_columns(documents)
        before = {key: _united(key, pair) for key, pair in losers.items()}
        removed = {key for key, pair in losers.items() if pair.after is None}
        unread = {key: document for key, document in near.items() if key not in removed}
        return cls(make_reader(replace(columns, offers={**columns.offers, **before})), unread)

    def broken_by(self, gone: Sequence[ColumnRef]) -> Breakage:
        """What breaks without some columns. Documents that name none of what goes are not looked through."""
        users: dict[ColumnRef, list[Use]] = {}
        seen: set[str] = set()
        new = {column.column for column in gone}
        while True:
            seen |= new
            for use in self._uses_of(new):
                users.setdefault(use.column, []).append(use)
            index = self.reader.index
            graph = ColumnGraph(index.documents, index.offers, {one: tuple(uses) for one, uses in users.items()}, ())
            found = graph.broken_by(gone)
            new = {column.column for column in found.gone} - seen
            if not new:
                return found

    def _uses_of(self, names: Iterable[str]) -> Iterator[Use]:
        """Every use of columns in the documents that were not read yet and hold a word of one of the names."""
        words = re.compile("|".join(sorted({re.escape(_word(name)) for name in names})), re.IGNORECASE)
        for key in [key for key, document in self.unread.items() if words.search(document.text)]:
            del self.unread[key]
            found = self.reader.read(key)
            yield from (use for use in found if isinstance(use, Use) and not use.is_own)


def _word(name: str) -> str:
    """The longest part of a name that is written the same wherever it stands, quoted and escaped or not."""
    return max(re.findall(r"[A-Za-z0-9_]+", name), key=len, default="")


def _united(key: str, pair: DocumentPair) -> Offer:
    """What an object offers or offered; where both have a name, the newer one counts."""
    sides = [make_offer(key, document) for document in (pair.before, pair.after) if document is not None]
    return Offer(
        key,
        {name: column for side in sides for name, column in side.columns.items()},
        {name: known for side in sides for name, known in side.folded.items()},
    )


def _sentences(key: str, uses: Iterable[Use], reach: Reach) -> Iterator[Phrase]:
    """One for each visualization, and one for each place outside of any."""
    titles = _titles(reach.graph.documents[key])
    places: dict[_Place, dict[ColumnRef, None]] = {}
    for use in uses:
        made = use.makes.column if use.makes and not use.part else ""
        role = Role.SEARCH if use.role in _OF_AN_ANSWER else use.role
        places.setdefault(_Place(use.part, made, "" if made or use.part else role.value), {})[use.column] = None
    for place, columns in places.items():
        yield (*place.phrase(titles), *_listed(columns, reach))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where columns are used: in a visualization, to make another column, or in some other role."""

    part: str
    made: str
    role: str

    def phrase(self, titles: Mapping[str, str]) -> Phrase:
        if self.made:
            return (Quoted(self.made), " is built on ")
        if not self.part:
            return (f"its {self.role} uses ",)
        title = titles.get(self.part)
        called: Phrase = (Quoted(title, marks=True), " (", Quoted(self.part), ")") if title else (Quoted(self.part),)
        return ("visualization ", *called, " uses ")


def _listed(columns: Iterable[ColumnRef], reach: Reach) -> Phrase:
    """``A, B of model:Sales``: the columns by whose they are."""
    by_source: dict[str, list[str]] = {}
    for column in columns:
        by_source.setdefault(reach.graph.documents[column.document].label, []).append(column.column)
    parts: list[str | Quoted] = []
    for label, names in by_source.items():
        parts += (piece for name in names for piece in (", ", Quoted(name)))
        parts += (" of ", Quoted(label))
    return tuple(parts[1:])


def _titles(document: Document) -> dict[str, str]:
    """What the visualizations of a Liveboard are called, by their ids."""
    items = items_at(document.body, "visualizations")
    return {text_at(item, "id"): text_at(item, "answer.name") for item in items}
