"""All or nothing: files that are put back when what was to be done with them fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def undone_on_failure(paths: Iterable[Path]) -> Iterator[None]:
    """Put files, and whole folders, back as they were when the body raises. Links are neither followed nor kept."""
    watched = tuple(paths)
    before = {path: path.read_bytes() for path in _files(watched)}
    folders = {folder for path in watched for folder in (path, *path.parents) if folder.is_dir()}
    folders |= {path for top in watched for path in top.rglob("*") if path.is_dir()}
    try:
        yield
    except BaseException:
        _put_back(watched, before)
        _remove_empty(watched, folders)
        raise


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for top in paths:
        for path in (top, *top.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def _put_back(watched: tuple[Path, ...], before: dict[Path, bytes]) -> None:
    for path in list(_files(watched)):
        if path not in before:
            path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def _remove_empty(watched: tuple[Path, ...], folders: set[Path]) -> None:
    """The folders that are new, the deepest first."""
    found = {folder for top in watched for folder in (top, *top.parents, *top.rglob("*")) if folder.is_dir()}
    for folder in sorted(found - folders, key=lambda path: len(path.parts), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
