"""What the rules look at: all documents at once, what refers to what, and the environments they may go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsdeploy.check.columns import Columns, columns_of
from tsdeploy.check.release import Release
from tsdeploy.check.structure import Violation, violations_of
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import IndexOf, index
from tsdeploy.tml.syntax import Node


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The documents of a check and what is known of them.

    ``referred`` is the one document that an identity block means, by the id of the block's node; a block that means
    none or several is not in it. ``columns`` is there for every document that one can search on; ``releases`` are
    the environments that are looked at.
    """

    documents: tuple[Document, ...]
    index: IndexOf[Document]
    referred: dict[int, Document]
    columns: dict[Document, Columns]
    violations: tuple[Violation, ...]
    releases: tuple[Release, ...] = ()

    def referred_by(self, node: Node) -> Document | None:
        """The one document that an identity block means; None when it is in no file or ambiguous."""
        return self.referred.get(id(node))


def make_context(documents: Iterable[Document], releases: Iterable[Release] = ()) -> Context:
    """Look at documents once, for all rules."""
    everything = tuple(documents)
    identities = index(everything)
    return Context(
        documents=everything,
        index=identities,
        referred={
            id(reference.block): found[0]
            for document in everything
            for reference in document.references
            if reference.block is not None and len(found := identities.meant(document, reference)) == 1
        },
        columns={document: columns_of(document) for document in everything if document.kind.is_data},
        violations=tuple(violation for document in everything for violation in violations_of(document)),
        releases=tuple(releases),
    )
