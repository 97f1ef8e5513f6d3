"""Real TML: this project's samples, and the public corpus where it lies beside the repository."""

from __future__ import annotations

from pathlib import Path

from tsdeploy.tml.document import Document, parse_document

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "samples"
RETAIL = SAMPLES / "retail"
RETAIL_OBJ_ID = SAMPLES / "retail-objid"
CORPUS = REPOSITORY.parent / "shared" / "corpus"

SAMPLE_FILES = sorted(SAMPLES.rglob("*.tml"))
REAL_FILES = [*SAMPLE_FILES, *sorted(CORPUS.rglob("*.tml"))]


def label(path: Path) -> str:
    """A short name of a file for test ids."""
    return f"{path.parent.name}/{path.name}"


def text_of(path: Path) -> str:
    """The exact text of a file."""
    return path.read_bytes().decode("utf-8")


def document_of(path: Path) -> Document:
    """A file as a document."""
    return parse_document(text_of(path), path.name)


def documents_below(folder: Path) -> list[Document]:
    """Every document of a folder, in path order."""
    return [
        parse_document(text_of(path), path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*.tml"))
    ]
