"""Read a folder of TML into entries: in several processes, and only the files that changed since the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, TmlError
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.entries import Entry, Packed, entry_of, pack, unpack
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.folder import decode, duplicates, tml_files, unreadable
from tsdeploy.tml.processes import share

_CHUNK_BYTES = 128 * 1024
"""What a process takes at a time."""
_PARALLEL_FROM = 4 * 1024 * 1024
"""Bytes to parse from which a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class EntrySet:
    """The entries of a folder, in path order, and the findings of the files that could not be read."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()

    def checked(self) -> tuple[Entry, ...]:
        """The entries. Raises TmlError with every finding when a file was unreadable or an identity doubled."""
        findings = (*self.findings, *duplicates(self.entries))
        if findings:
            raise TmlError(*findings)
        return self.entries


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. Without a cache nobody asks for its digest, which then is ""."""

    path: Path
    shown: str
    size: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was in a file: the digest of its bytes and a packed entry, or why there is none."""

    digest: str
    packed: Packed | None
    findings: tuple[Finding, ...] = ()


def read_entries(folder: Path, *, shown: str = "", cache: EntryCache | None = None, processes: int = 1) -> EntrySet:
    """Read every TML file below a folder.

    With a cache, files whose bytes are known are not parsed, and the cache is brought up to date. With more than one
    process the caller's main module must be importable, as ``multiprocessing`` asks.
    """
    known = cache.load() if cache is not None else {}
    files = [
        _look(path, (Path(shown) / path.relative_to(folder)).as_posix(), hashed=cache is not None)
        for path in tml_files(folder)
    ]
    entries = {file.shown: unpack(known[file.digest], file.shown) for file in files if file.digest in known}
    failed: dict[str, tuple[Finding, ...]] = {}
    unknown = [file for file in files if file.shown not in entries]
    for file, read in _parse_all(unknown, processes):
        if read.packed is None:
            failed[file.shown] = read.findings
            continue
        entries[file.shown] = unpack(read.packed, file.shown)
        if cache is not None:
            known[read.digest] = read.packed
    if cache is not None and (unknown or len(known) > len(files)):
        cache.save({file.digest: known[file.digest] for file in files if file.digest in known})
    return EntrySet(
        tuple(entries[file.shown] for file in files if file.shown in entries),
        tuple(finding for file in files for finding in failed.get(file.shown, ())),
    )


def _look(path: Path, shown: str, *, hashed: bool) -> _File:
    """The file as it is now. That it cannot be read is said when it is parsed."""
    try:
        if not hashed:
            return _File(path, shown, path.stat().st_size)
        content = path.read_bytes()
    except OSError:
        return _File(path, shown)
    return _File(path, shown, len(content), _digest(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _parse_all(files: list[_File], processes: int) -> Iterator[tuple[_File, _Read]]:
    """Every file and what is in it, in any order."""
    chunks = list(_chunks(files))
    worthwhile = sum(file.size for file in files) >= _PARALLEL_FROM
    for number, reads in share(_parse_chunk, chunks, min(processes, len(chunks)) if worthwhile else 1):
        yield from zip(chunks[number], reads, strict=True)


def _chunks(files: Iterable[_File]) -> Iterator[list[_File]]:
    chunk: list[_File] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += file.size
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _parse_chunk(files: list[_File]) -> list[_Read]:
    return [_parse(file) for file in files]


def _parse(file: _File) -> _Read:
    try:
        content = file.path.read_bytes()
        document = parse_document(decode(content, file.shown), file.shown)
    except OSError as error:
        return _Read("", None, (unreadable(file.shown, error),))
    except TmlError as error:
        return _Read("", None, error.findings)
    return _Read(_digest(content), pack(entry_of(document)))
