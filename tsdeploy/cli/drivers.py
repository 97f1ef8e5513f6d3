"""``tsdeploy`` as git calls it, to show what differs and to merge object maps.

git stops at an error, so whatever cannot be read is shown as it is, and merged line by line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from tsdeploy.cli.differences import object_lines
from tsdeploy.cli.output import print_findings, safe
from tsdeploy.config.objects import ObjectMap, load_objects
from tsdeploy.errors import ConfigError, Finding, Location, TmlError, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.git_command import Git, GitRefusedError
from tsdeploy.mapping.merge import Conflict, merge_objects
from tsdeploy.tml.compare import ObjectDiff, compare_contents
from tsdeploy.tml.difference.conflicted import conflicted_listing
from tsdeploy.tml.difference.listing import listing
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.folder import decode
from tsdeploy.tml.merge import MergeConflict, merge_documents
from tsdeploy.tml.merge_lines import Unmergeable

_NOTHING = ("/dev/null", "nul")
_UNMERGED = 1
_COUNTS = (7, 9)
_MERGED = 5


def print_textconv(file: str) -> None:
    """A file as lines that git can compare."""
    for line in _listed(Path(file).read_bytes(), file):
        click.echo(safe(line))


def _listed(content: bytes, file: str) -> Iterable[str]:
    try:
        return listing(parse_document(decode(content, file), file))
    except TmlError:
        text = content.decode("utf-8", "replace")
        # While a merge is in conflict, git compares what is in the folder with both sides.
        return conflicted_listing(text, file) or text.splitlines()


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
    renamed = f" → {safe(arguments[7])}" if len(arguments) == max(_COUNTS) else ""
    click.echo(f"{safe(path)}{renamed}")
    for line in _external(path, old_file, new_file):
        click.echo(f"  {line}")


def merge_files(files: Sequence[Path], marker: int, path: str) -> bool:
    """Merge three object maps, common ancestor, ours and theirs, into the second; whether nothing is left to decide.

    ``marker`` is how many characters a conflict marker has; ``path`` names the map for people.
    """
    base, ours, theirs = files
    try:
        merged = merge_objects(*(_objects(file, path) for file in files))
    except ConfigError:
        return _merge_lines(base, ours, theirs, marker)
    write_atomically(ours, merged.text(marker).encode("utf-8"))
    print_findings(_conflict(conflict, path) for conflict in merged.conflicts)
    return not merged.conflicts


def merge_tml(arguments: Sequence[str]) -> bool:
    """Merge three TML files as ``merge_files`` merges maps; what cannot be merged by item is merged by lines.

    Raises UsageError TD022 when git does not name three files, the length of a marker, and a path.
    """
    if len(arguments) != _MERGED or not arguments[3].isdigit():
        hint = "tsdeploy init --git-drivers  sets it up anew"
        raise UsageError(Finding("TD022", "git did not call tsdeploy diff --merge-driver with three files", hint=hint))
    base, ours, theirs = map(Path, arguments[:3])
    marker, path = int(arguments[3]), arguments[4]
    try:
        old, own, other = (parse_document(decode(file.read_bytes(), path), path) for file in (base, ours, theirs))
        merged = merge_documents(old, own, other, marker)
    except (TmlError, Unmergeable):
        return _merge_lines(base, ours, theirs, marker)
    write_atomically(ours, merged.text.encode("utf-8"))
    print_findings(_undecided(conflict, path) for conflict in merged.conflicts)
    return not merged.conflicts


def _undecided(conflict: MergeConflict, path: str) -> Finding:
    hint = "keep one of the two versions, delete the markers, and run  tsdeploy check"
    return Finding("TD724", f"both sides changed {conflict.at}", Location(path), hint=hint)


def _objects(file: Path, path: str) -> ObjectMap:
    """The map in a file; git gives an empty one where a side has none."""
    return load_objects(file, path) if file.stat().st_size else ObjectMap()


def _merge_lines(base: Path, ours: Path, theirs: Path, marker: int) -> bool:
    """What git itself would have done."""
    labels = [argument for label in ("ours", "base", "theirs") for argument in ("-L", label)]
    files = [str(file.resolve()) for file in (ours, base, theirs)]
    try:
        Git(ours.resolve().parent).run("merge-file", "--quiet", f"--marker-size={marker}", *labels, *files)
    except GitRefusedError:
        return False
    return True


def _conflict(conflict: Conflict, path: str) -> Finding:
    ours, theirs = (
        ", ".join(one.guid or one.obj_id or "none" for one in side) or "deleted"
        for side in (conflict.ours, conflict.theirs)
    )
    return Finding(
        "TD312",
        f"both sides changed {conflict.name}: {ours} here, {theirs} there",
        Location(path),
        hint="keep the object that is live, delete the markers, and run  tsdeploy map check",
    )


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
