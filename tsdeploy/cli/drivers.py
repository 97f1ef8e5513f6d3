"""``tsdeploy diff`` as git calls it. git stops at an error, so whatever cannot be read is shown as it is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from tsdeploy.cli.differences import object_lines
from tsdeploy.cli.output import safe
from tsdeploy.errors import Finding, TmlError, UsageError
from tsdeploy.tml.compare import ObjectDiff, compare_contents
from tsdeploy.tml.difference.listing import listing
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.folder import decode

_NOTHING = ("/dev/null", "nul")
_UNMERGED = 1
_COUNTS = (7, 9)


def print_textconv(file: str) -> None:
    """A file as lines that git can compare."""
    content = Path(file).read_bytes()
    try:
        document = parse_document(decode(content, file), file)
        lines: Iterable[str] = listing(document)
    except TmlError:
        lines = content.decode("utf-8", "replace").splitlines()
    for line in lines:
        click.echo(safe(line))


def print_external(arguments: Sequence[str]) -> None:
    """What differs between the two files that git names, in sentences.

    git gives path, old file, old hash, old mode, new file, new hash, new mode and for a rename two more; for a
    path in conflict the path alone. Raises UsageError TD022 when it is called in another way.
    """
    if len(arguments) == _UNMERGED:
        click.echo(f"* {safe(arguments[0])} is in conflict")
        return
    if len(arguments) not in _COUNTS:
        hint = "tsdeploy calls it itself; set it up anew if the git config was edited"
        raise UsageError(Finding("TD022", "git did not call tsdeploy diff --external with two files", hint=hint))
    path, old_file, new_file = arguments[0], arguments[1], arguments[4]
    click.echo(f"{safe(path)}")
    for line in _external(path, old_file, new_file):
        click.echo(f"  {line}")


def _external(path: str, old_file: str, new_file: str) -> Iterator[str]:
    try:
        before, after = (_document(file, path) for file in (old_file, new_file))
    except TmlError as error:
        yield safe(f"cannot be read as TML: {error.findings[0].message}")
        yield from _plain(old_file, new_file)
        return
    found: Sequence[ObjectDiff] = compare_contents(*([one] if one else [] for one in (before, after)))
    for item in found:
        yield from object_lines(item, noise=True)


def _document(file: str, path: str) -> Document | None:
    if file in _NOTHING:
        return None
    return parse_document(decode(Path(file).read_bytes(), path), path)


def _plain(old_file: str, new_file: str) -> Iterator[str]:
    """The difference line by line."""
    old, new = (_text(file).splitlines() for file in (old_file, new_file))
    for line in difflib.unified_diff(old, new, lineterm="", n=1):
        yield safe(line)


def _text(file: str) -> str:
    return "" if file in _NOTHING else Path(file).read_bytes().decode("utf-8", "replace")
