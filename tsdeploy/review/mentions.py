"""Who may depend on whom in a whole commit, as far as the outlines of its files tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from tsdeploy.check.look_alikes import drawn
from tsdeploy.review.commit_files import CommitFiles
from tsdeploy.review.outline import Outline
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.entries import Entry
from tsdeploy.tml.references import Reference


class Mentions:
    """What the files of a commit are called, and what they mention."""

    def __init__(self, files: CommitFiles) -> None:
        self.files = files
        self._outlines: Sequence[Outline] = files.outlines()
        self._owners: dict[str, list[int]] = {}
        for number, (blob, outline) in enumerate(zip(files.blobs, self._outlines, strict=True)):
            for identity in outline.identities_at(blob.path):
                self._owners.setdefault(identity, []).append(number)

    def knows(self, reference: Reference) -> bool:
        """Whether something in the commit has the GUID or obj_id of a reference: then its name decides nothing."""
        return any(one and one in self._owners for one in (reference.obj_id, reference.guid))

    def meant(self, references: Iterable[Reference]) -> Iterator[Document]:
        """The documents that references may mean: by identity, or by name where nothing has the identity."""
        return self.files.documents(sorted(self.places(references)))

    def places(self, references: Iterable[Reference]) -> frozenset[int]:
        """The numbers of the files that references may mean, as ``meant`` has it; nothing is read."""
        wanted: set[str] = set()
        for reference in references:
            if self.knows(reference):
                wanted |= {reference.guid, reference.obj_id}
            elif reference.name:
                wanted |= {f"{kind}:{reference.name}" for kind in reference.place.targets}
        return frozenset(number for one in wanted - {""} for number in self._owners.get(one, ()))

    def is_called(self, kind: str, name: str) -> bool:
        """Whether something in the commit has a name."""
        return f"{kind}:{name}" in self._owners

    def owners(self, identities: Iterable[str], most: int | None = None) -> Iterator[Document]:
        """The documents that are called by one of these: a GUID, an obj_id, or ``kind:name``; so many of each."""
        return self.files.documents(sorted({n for one in identities for n in self._owners.get(one, [])[:most]}))

    def drawn_like(self, labels: Iterable[str], most: int) -> Iterator[Document]:
        """The documents whose ``kind:name`` looks like one of these, so many of each spelling."""
        wanted = {drawn(label) for label in labels}
        return self.owners((one for one in self._owners if drawn(one) in wanted), most)

    def mentioning(
        self, documents: Iterable[Described], known: Iterable[str], former: Iterable[str] = ()
    ) -> Iterator[Entry]:
        """The files that may depend on some documents; those whose paths are known already are left out.

        ``former`` are names that the documents had.
        """
        wanted = set(former)
        for document in documents:
            wanted |= called(document)
            if document.kind.name == "cohort":
                # An answer names its sets nowhere but in the text of its search; but it names their Model, as they do.
                wanted |= {one for used in document.references for one in (used.guid, used.obj_id, used.name) if one}
        passed = {self.files.number_of(path) for path in known}
        return self.files.entries(number for number in self._mentioning(wanted) if number not in passed)

    def sets_of(self, documents: Iterable[Described]) -> Iterator[Document]:
        """The sets that hang on one of some Models, which answers use like columns."""
        wanted = {name for document in documents for name in called(document)}
        return self.files.documents(n for n in self._mentioning(wanted) if self._outlines[n].is_set)

    def bound_to(self, tables: Iterable[tuple[str, str]]) -> Iterator[Document]:
        """The tables that are bound to tables of the warehouse, given by schema and name."""
        wanted = {(schema, name) for schema, name in tables if name}
        return self.files.documents(n for n, outline in enumerate(self._outlines) if outline.bound in wanted)

    def _mentioning(self, wanted: Collection[str]) -> Iterator[int]:
        names = frozenset(wanted)
        return (n for n, outline in enumerate(self._outlines) if not names.isdisjoint(outline.mentions))


def called(document: Described) -> frozenset[str]:
    """What others may call a document by."""
    return frozenset(one for one in (document.guid, document.obj_id, document.name) if one)
