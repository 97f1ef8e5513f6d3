"""What the rules look at: all documents at once, what refers to what, and the environments they may go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsdeploy.check.release import Release
from tsdeploy.check.structure import Violation, violations_of
from tsdeploy.tml.columns.reading import ColumnReader, make_reader
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import Unknown
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import IndexOf


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The documents of a check and what is known of them.

    ``columns`` knows who offers and who uses which column, by the path of a document; ``unknown`` are the names of
    columns that mean nothing. ``releases`` are the environments that are looked at.
    """

    documents: tuple[Document, ...]
    index: IndexOf[Document]
    columns: ColumnReader
    unknown: tuple[Unknown, ...]
    violations: tuple[Violation, ...]
    releases: tuple[Release, ...] = ()


def make_context(
    documents: Iterable[Document], releases: Iterable[Release] = (), *, subject: Iterable[Document] | None = None
) -> Context:
    """Look at documents once, for all rules. Each has a path of its own.

    ``subject`` are those among them whose columns and shape are in question; all of them where that is None.
    """
    everything = tuple(documents)
    questioned = everything if subject is None else tuple(subject)
    # By path, not as a graph has them: of two files with one identity both are looked at.
    reader = make_reader(index_columns({document.path: document for document in everything}))
    return Context(
        documents=everything,
        index=reader.index.identities,
        columns=reader,
        unknown=tuple(unknown for document in questioned for unknown in reader.unknown(document.path)),
        violations=tuple(violation for document in questioned for violation in violations_of(document)),
        releases=tuple(releases),
    )
