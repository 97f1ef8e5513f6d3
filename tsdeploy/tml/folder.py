"""A folder of TML in any layout: objects are found by content, never by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml.described import Described, identities
from tsdeploy.tml.document import Document, parse_document

SUFFIXES = (".tml", ".tsl")


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The documents of a folder, in path order, and the findings of the files that could not be read."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()

    def checked(self) -> tuple[Document, ...]:
        """The documents. Raises TmlError with every finding when a file was unreadable or an identity doubled."""
        findings = (*self.findings, *duplicates(self.documents))
        if findings:
            raise TmlError(*findings)
        return self.documents


def tml_files(folder: Path) -> Iterator[Path]:
    """The TML files below a folder, sorted; hidden folders and links that lead out of it are left out."""
    if not folder.is_dir():
        return
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(inside):
            continue
        yield path


def load_folder(folder: Path, *, shown: str = "") -> FolderContent:
    """Read every TML file below a folder. ``shown`` is put in front of the relative paths in messages."""
    files: list[tuple[str, bytes]] = []
    findings: list[Finding] = []
    for path in tml_files(folder):
        label = (Path(shown) / path.relative_to(folder)).as_posix()
        try:
            files.append((label, path.read_bytes()))
        except OSError as error:
            findings.append(unreadable(label, error))
    content = read_documents(files)
    return FolderContent(content.documents, (*findings, *content.findings))


def unreadable(path: str, error: OSError) -> Finding:
    """The finding for a file that the operating system does not give."""
    hint = "give the user that runs tsdeploy the right to read it"
    return Finding("TD112", f"cannot be read: {error.strerror}", Location(path), hint=hint)


def read_documents(files: Iterable[tuple[str, bytes]]) -> FolderContent:
    """Read files given as path and content."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for label, content in files:
        try:
            documents.append(parse_document(decode(content, label), label))
        except TmlError as error:
            findings += error.findings
    return FolderContent(tuple(documents), tuple(findings))


def decode(content: bytes, path: str) -> str:
    """The text of a TML file, byte for byte. Raises TmlError TD101 when it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        where = Location(path, line, column)
        raise TmlError(Finding("TD101", "is not UTF-8", where, hint="save it as UTF-8, or export it again")) from None


def duplicates(documents: Iterable[Described]) -> list[Finding]:
    """A finding for each document whose identity another one has already."""
    first: dict[str, Described] = {}
    findings = []
    for document in documents:
        for identity in identities(document):
            # To the server a GUID is a number, however its digits are written.
            known = identity.lower() if identity == document.guid else identity
            other = first.setdefault(known, document)
            if other is not document:
                findings.append(_duplicate(document, other, identity))
                break
    return findings


def _duplicate(document: Described, other: Described, identity: str) -> Finding:
    return Finding(
        "TD110",
        f"{document.label} has the same identity as {other.label} in {other.path}: {identity.rpartition(':')[2]}",
        Location(document.path, 1, 1),
        hint="delete one of the two files, or give the copy its own identity",
    )
