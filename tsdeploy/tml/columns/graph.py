"""Which documents break when columns are renamed or removed, at once and in consequence."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tsdeploy.tml.columns.reading import make_reader
from tsdeploy.tml.columns.scope import Offer
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Unknown, Use
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Breakage:
    """What breaks when columns go.

    ``gone`` are the columns that are no more, the removed ones first, nearest first, each with the use that took it
    along; None for the removed ones. ``uses`` are the places that name a column which is gone, in the same order.
    """

    gone: Mapping[ColumnRef, Use | None]
    uses: tuple[Use, ...]

    def chain(self, use: Use) -> tuple[Use, ...]:
        """How a use came to break: from a use of a removed column to the use itself."""
        found: list[Use] = []
        step: Use | None = use
        while step is not None:
            found.append(step)
            step = self.gone[step.column]
        return tuple(reversed(found))

    def is_direct(self, use: Use) -> bool:
        """Whether a use names one of the removed columns itself."""
        return self.gone[use.column] is None

    def by_document(self) -> dict[str, tuple[Use, ...]]:
        """The uses by the key of the document that breaks, nearest first."""
        found: dict[str, list[Use]] = {}
        for use in self.uses:
            found.setdefault(use.document, []).append(use)
        return {key: tuple(uses) for key, uses in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class ColumnGraph:
    """The columns of a set of documents, who uses them, and the names that mean nothing to their sources."""

    documents: Mapping[str, Document]
    offers: Mapping[str, Offer]
    users: Mapping[ColumnRef, tuple[Use, ...]]
    unknown: tuple[Unknown, ...]

    def broken_by(self, removed: Iterable[ColumnRef]) -> Breakage:
        """What breaks when columns are removed, or renamed without their users.

        What is built on a column that goes, goes with it: the column of a Model on a table's column, and so on. A
        join takes along the Models that use it by its name; a set, the answers that search for it.
        """
        gone: dict[ColumnRef, Use | None] = dict.fromkeys(removed)
        waiting = deque(gone)
        broken: list[Use] = []
        while waiting:
            for use in self.users.get(waiting.popleft(), ()):
                broken.append(use)
                if use.makes is not None and use.makes not in gone:
                    gone[use.makes] = use
                    waiting.append(use.makes)
        return Breakage(gone, tuple(broken))


def build_column_graph(documents: Mapping[str, Document]) -> ColumnGraph:
    """Read every use of columns in documents by key, such as those of a graph."""
    columns = index_columns(documents)
    reader = make_reader(columns)
    users: dict[ColumnRef, list[Use]] = {}
    unknown: list[Unknown] = []
    for key in documents:
        for found in reader.read(key):
            if isinstance(found, Unknown):
                unknown.append(found)
            elif not found.is_own:
                users.setdefault(found.column, []).append(found)
    return ColumnGraph(
        documents, columns.offers, {column: tuple(uses) for column, uses in users.items()}, tuple(unknown)
    )
