"""The TML files of a commit: all of them looked over once, and read when somebody asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tsdeploy.git_command import Blob
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.outline import Outline, name_at, read_document
from tsdeploy.review.reading import find_entries, find_outlines, in_pieces, read
from tsdeploy.tml.document import Document
from tsdeploy.tml.entries import Entry, Packed, unpack
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.processes import Crew

_LOOKED_OVER = 200
_READ = 40
"""Files in a piece of work."""


class _Known:
    """What is known of contents, by the ids that git gives them: outlines, and packed entries (None: no document)."""

    def __init__(self, cache: EntryCache | None) -> None:
        self._cache = cache
        self._kept = cache.load() if cache is not None else {}
        self.outlines: dict[str, Packed] = {id_: outline for id_, (outline, _) in self._kept.items()}
        self.entries: dict[str, Packed | None] = {id_: one[0] for id_, (_, one) in self._kept.items() if one}

    def keep(self, ids: Iterable[str]) -> None:
        """Replace what is cached by what is known of some contents, where that is another thing."""
        packed = {
            id_: [self.outlines[id_], [self.entries[id_]] if id_ in self.entries else []]
            for id_ in ids
            if id_ in self.outlines
        }
        if self._cache is not None and packed != self._kept:
            self._cache.save(packed)


class CommitFiles:
    """The files of a commit by number, in the order of git's own list."""

    def __init__(self, objects: GitObjects, blobs: Sequence[Blob], crew: Crew, cache: EntryCache | None = None) -> None:
        self.blobs = blobs
        self.objects = objects
        self._crew = crew
        self._known = _Known(cache)
        self._numbers = {blob.path: number for number, blob in enumerate(blobs)}
        self._documents: dict[int, Document | None] = {}

    def outlines(self) -> list[Outline]:
        """The outlines of all files."""
        ids = dict.fromkeys(blob.id for blob in self.blobs if blob.id not in self._known.outlines)
        self._known.outlines.update(read(self._crew, in_pieces(self.objects, find_outlines, [*ids], _LOOKED_OVER)))
        return [Outline.unpack(self._known.outlines[blob.id]) for blob in self.blobs]

    def keep(self) -> None:
        """Bring the cache up to date."""
        if self.blobs:
            self._known.keep(dict.fromkeys(blob.id for blob in self.blobs))

    def number_of(self, path: str) -> int | None:
        """The number of a file, None where there is none."""
        return self._numbers.get(path)

    def remember(self, documents: Iterable[Document]) -> None:
        """Take documents of this commit that somebody read already."""
        self._documents |= {self._numbers[document.path]: document for document in documents}

    def entries(self, numbers: Iterable[int]) -> Iterator[Entry]:
        """What files say of themselves and of others; files that are no documents are left out."""
        wanted = list(numbers)
        ids = list(dict.fromkeys(self.blobs[number].id for number in wanted))
        pieces = in_pieces(self.objects, find_entries, [one for one in ids if one not in self._known.entries], _READ)
        self._known.entries.update(read(self._crew, pieces))
        for number in wanted:
            blob = self.blobs[number]
            packed = self._known.entries[blob.id]
            if packed is not None:
                entry = unpack(packed, blob.path)
                yield replace(entry, name=name_at(entry.name, blob.path))

    def documents(self, numbers: Iterable[int], wanted: Callable[[bytes], bool] | None = None) -> Iterator[Document]:
        """The documents in files, of those whose contents are ``wanted``; files that are none are left out."""
        asked = list(numbers)
        unread = [number for number in asked if number not in self._documents]
        contents = self.objects.read(self.blobs[number].id for number in unread)
        for number, content in zip(unread, contents, strict=True):
            if wanted is None or wanted(content):
                self._documents[number] = read_document(content, self.blobs[number].path)
        return (document for number in asked if (document := self._documents.get(number)) is not None)
