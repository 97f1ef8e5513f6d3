"""The documents that differ between two commits, object by object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.errors import Finding
from tsdeploy.git_command import Blob
from tsdeploy.review.git_objects import FileChange, GitObjects
from tsdeploy.tml.compare import DocumentPair, pair_documents
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import FolderContent, read_documents


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The changed documents of both commits, paired; and by path what could not be read in either."""

    pairs: tuple[DocumentPair, ...]
    unread: tuple[Finding, ...] = ()
    unread_before: tuple[Finding, ...] = ()
    changes: tuple[FileChange, ...] = ()

    @property
    def after(self) -> tuple[Document, ...]:
        """The documents of the newer commit."""
        return tuple(pair.after for pair in self.pairs if pair.after is not None)

    @property
    def before(self) -> tuple[Document, ...]:
        """The documents of the older commit."""
        return tuple(pair.before for pair in self.pairs if pair.before is not None)

    def older_paths(self) -> dict[str, str]:
        """Where the files of the newer commit lay in the older one: by their objects, else as git tells."""
        files = ((one.after.path, one.before.path) for one in self.changes if one.after and one.before)
        objects = ((pair.after.path, pair.before.path) for pair in self.pairs if pair.after and pair.before)
        return dict((*files, *objects))

    def texts(self) -> Iterator[tuple[DocumentPair, tuple[Blob, Blob]]]:
        """The pairs whose texts differ, with the files that these are in."""
        before, after = self._blobs(one.before for one in self.changes), self._blobs(one.after for one in self.changes)
        for pair in self.pairs:
            if pair.before and pair.after and pair.before.text != pair.after.text:
                yield pair, (before[pair.before.path], after[pair.after.path])

    @staticmethod
    def _blobs(blobs: Iterable[Blob | None]) -> Mapping[str, Blob]:
        return {blob.path: blob for blob in blobs if blob is not None}


def read_sides(objects: GitObjects, older: str, newer: str) -> Sides:
    """What differs between two commits."""
    changes = objects.changes(older, newer)
    after = _documents(objects, (change.after for change in changes))
    read = {document.path for document in after.documents}
    before = _documents(objects, (change.before for change in changes))
    # What is there and cannot be read is no removed object: it is a finding.
    lost = {one.before.path for one in changes if one.before and one.after and one.after.path not in read}
    pairs = pair_documents((one for one in before.documents if one.path not in lost), after.documents)
    return Sides(tuple(pairs), after.findings, before.findings, changes)


def _documents(objects: GitObjects, blobs: Iterable[Blob | None]) -> FolderContent:
    wanted = [blob for blob in blobs if blob is not None]
    return read_documents(zip((blob.path for blob in wanted), objects.read(blob.id for blob in wanted), strict=True))
