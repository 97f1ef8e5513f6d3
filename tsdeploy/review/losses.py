"""Which columns go away with a change, and what breaks without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.review.mentions import Mentions
from tsdeploy.review.reach import Reach
from tsdeploy.tml.columns.graph import Breakage, ColumnGraph
from tsdeploy.tml.columns.offered import columns_of, offers_columns
from tsdeploy.tml.columns.reading import ColumnReader, make_reader
from tsdeploy.tml.columns.scope import Offer, make_offer
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Use
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import is_dependency


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """What breaks without the columns that go away, and the documents that were read to tell, by key."""

    breakage: Breakage
    documents: Mapping[str, Document]

    def users(self, column: ColumnRef) -> tuple[str, ...]:
        """The labels of the objects that use a column which goes away."""
        keys = dict.fromkeys(use.document for use in self.breakage.uses if use.column == column)
        return tuple(sorted(self.documents[key].label for key in keys))

    def culprit(self, use: Use) -> str:
        """The key of the object that loses the column for want of which a use breaks."""
        return self.breakage.chain(use)[0].column.document


def lost_columns(pair: DocumentPair) -> tuple[str, ...]:
    """The columns, formulas and parameters that an object has no more, or not by that name, in whatever case."""
    if pair.before is None or not offers_columns(pair.before):
        return ()
    kept = {name.casefold() for name in columns_of(pair.after)} if pair.after else set()
    return tuple(name for name in columns_of(pair.before) if name.casefold() not in kept)


def find_losses(changed: Iterable[DocumentPair], reach: Reach, mentions: Mentions) -> Losses:
    """Follow the columns that go away through what stands on their objects.

    What offers columns is read first: what it takes along tells which words to look for in the rest.
    """
    losers = {reach.key_of(pair.newest): pair for pair in changed if lost_columns(pair)}
    if not losers:
        return Losses(Breakage({}, ()), {})
    search = _Search(reach, mentions, losers)
    near = sorted(reach.graph.downstream(losers))
    data = search.read(key for key in near if offers_columns(reach.graph.documents[key]))
    words = _words(column.column for column in search.broken(data).gone).pattern.encode("ascii")
    pattern = re.compile(words, re.IGNORECASE)
    users = search.read((key for key in near if key not in data), lambda content: bool(pattern.search(content)))
    documents = data | users
    return Losses(search.broken(documents), documents)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    reach: Reach
    mentions: Mentions
    losers: Mapping[str, DocumentPair]

    @property
    def gone(self) -> tuple[ColumnRef, ...]:
        return tuple(ColumnRef(key, name) for key, pair in self.losers.items() for name in lost_columns(pair))

    def read(self, keys: Iterable[str], wanted: Callable[[bytes], bool] | None = None) -> dict[str, Document]:
        """The documents of the graph by key; of those that do not change, the wanted ones."""
        graph, files = self.reach.graph.documents, self.mentions.files
        chosen = list(keys)
        here = {key: document for key in chosen if isinstance(document := graph[key], Document)}
        paths = {graph[key].path: key for key in chosen if key not in here}
        numbers = (number for path in paths if (number := files.number_of(path)) is not None)
        return here | {paths[document.path]: document for document in files.documents(numbers, wanted)}

    def broken(self, near: Mapping[str, Document]) -> Breakage:
        """What breaks in some documents."""
        # What they are built on besides, so that a name is not taken for that of something else that is called so.
        needed = (one for document in near.values() for one in document.references if is_dependency(one))
        around = {document.key: document for document in self.mentions.meant(needed)}
        return _Columns.of({**around, **near}, near, self.losers).broken_by(self.gone)


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
        words = _words(names)
        for key in [key for key, document in self.unread.items() if words.search(document.text)]:
            del self.unread[key]
            found = self.reader.read(key)
            yield from (use for use in found if isinstance(use, Use) and not use.is_own)


def _words(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted({re.escape(_word(name)) for name in names})), re.IGNORECASE)


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
