"""What is read of the contents of blobs, in pieces that other processes can do: small when they are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tsdeploy.git_command import Blob
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.outline import NAMELESS, outline_of, read_document
from tsdeploy.tml.difference.change import Difference
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.entries import Packed, entry_of, pack
from tsdeploy.tml.processes import Crew

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Piece(Generic[A, B]):
    """Some of the blobs, or pairs of them, and what is to be found out about each."""

    objects: GitObjects
    find: Callable[[GitObjects, Sequence[A]], list[B]]
    wanted: Sequence[A]


def in_pieces(
    objects: GitObjects, find: Callable[[GitObjects, Sequence[A]], list[B]], wanted: Sequence[A], size: int
) -> list[Piece[A, B]]:
    """The work in pieces of a size."""
    return [Piece(objects, find, wanted[start : start + size]) for start in range(0, len(wanted), size)]


def read(crew: Crew, pieces: Sequence[Piece[A, B]]) -> Iterator[tuple[A, B]]:
    """Each of what was wanted, with what was found, in any order."""
    for number, found in crew.share(_do, pieces):
        yield from zip(pieces[number].wanted, found, strict=True)


def _do(piece: Piece[A, B]) -> list[B]:
    return piece.find(piece.objects, piece.wanted)


def find_outlines(objects: GitObjects, ids: Sequence[str]) -> list[Packed]:
    """The packed outlines of contents."""
    return [outline_of(content).pack() for content in objects.read(ids)]


def find_entries(objects: GitObjects, ids: Sequence[str]) -> list[Packed | None]:
    """The packed entries of documents, None for what is none. One that is called like its file is named NAMELESS."""
    documents = (read_document(content, NAMELESS) for content in objects.read(ids))
    return [pack(entry_of(document)) if document is not None else None for document in documents]


def find_differences(objects: GitObjects, pairs: Sequence[tuple[Blob, Blob]]) -> list[tuple[Difference, ...]]:
    """What differs between the two contents of each pair, both of which are documents."""
    contents = objects.read(blob.id for pair in pairs for blob in pair)
    return [_differences(pair, (next(contents), next(contents))) for pair in pairs]


def _differences(pair: tuple[Blob, Blob], contents: tuple[bytes, bytes]) -> tuple[Difference, ...]:
    before, after = (read_document(content, blob.path) for blob, content in zip(pair, contents, strict=True))
    return describe(before, after) if before is not None and after is not None else ()
