"""Read a folder of TML into entries: in several processes, and only the files that changed since the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tsdeploy.errors import Finding, TmlError
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.entries import Entry, Packed, entry_of, pack, unpack
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.folder import decode, duplicates, tml_files, unreadable

_CHUNK_BYTES = 1024 * 1024
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
    path: Path
    shown: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file holds: a packed entry, or why not."""

    digest: str
    packed: Packed | None
    findings: tuple[Finding, ...] = ()


def read_entries(folder: Path, *, shown: str = "", cache: EntryCache | None = None, processes: int = 1) -> EntrySet:
    """Read every TML file below a folder.

    With a cache, files whose bytes are known are not parsed, and the cache is brought up to date. With more than one
    process the caller's main module must be importable, as ``multiprocessing`` asks.
    """
    findings: list[Finding] = []
    stamps = (_stamp(path, (Path(shown) / path.relative_to(folder)).as_posix(), findings) for path in tml_files(folder))
    files = [file for file in stamps if file is not None]
    known = cache.load() if cache is not None else {}
    unknown = [file for file in files if file.digest not in known]
    for read in _parse_all(unknown, processes):
        findings += read.findings
        if read.packed is not None:
            known[read.digest] = read.packed
    if cache is not None and (unknown or len(known) > len(files)):
        cache.save({file.digest: known[file.digest] for file in files if file.digest in known})
    entries = tuple(unpack(known[file.digest], file.shown) for file in files if file.digest in known)
    return EntrySet(entries, tuple(findings))


def _stamp(path: Path, shown: str, findings: list[Finding]) -> _File | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        findings.append(unreadable(shown, error))
        return None
    return _File(path, shown, len(content), hashlib.sha256(content).hexdigest())


def _parse_all(files: Sequence[_File], processes: int) -> Iterator[_Read]:
    chunks = list(_chunks(files))
    if processes < 2 or len(chunks) < 2 or sum(file.size for file in files) < _PARALLEL_FROM:
        for file in files:
            yield _parse(file)
        return
    with ProcessPoolExecutor(min(processes, len(chunks)), mp_context=get_context("spawn")) as pool:
        for reads in pool.map(_parse_chunk, chunks):
            yield from reads


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
        document = parse_document(decode(file.path.read_bytes(), file.shown), file.shown)
    except TmlError as error:
        return _Read(file.digest, None, error.findings)
    return _Read(file.digest, pack(entry_of(document)))
