"""What was deployed last: the documents of the commits that ``objects.json`` names, read from git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.git import Repository
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import read_documents

_LATER = 10
"""Versions of a file that are looked at."""


def deployed_documents(
    project: Project, repository: Repository, records: Iterable[ObjectRecord], paths: Mapping[str, str]
) -> dict[str, Document]:
    """Source key → the document as it was in the commit it was deployed from.

    ``paths`` say where each object's file is now, by key; most have not moved. What this clone's history does not
    have is left out.
    """
    found: dict[str, Document] = {}
    moved: dict[str, set[str]] = {}
    for record in records:
        if not record.commit or not repository.has(record.commit):
            continue
        document = _at(project, repository, record, paths.get(record.source, ""))
        if document is not None:
            found[record.source] = document
        else:
            moved.setdefault(record.commit, set()).add(record.source)
    for commit, keys in moved.items():
        there = read_documents(repository.files(commit, project.tml)).documents
        found.update({document.key: document for document in there if document.key in keys})
    return found


def _at(project: Project, repository: Repository, record: ObjectRecord, path: str) -> Document | None:
    """The object in the file where it is now, if that file held it then."""
    return _in_file(project, repository, record.commit, record.source, path) if path else None


def later_documents(
    project: Project, repository: Repository, record: ObjectRecord, path: str
) -> list[tuple[str, Document]]:
    """The versions of an object that git has since the commit it was deployed from, each with its commit, newest first.

    Only the last few, and only while its file was where it is now.
    """
    if not record.commit or not repository.has(record.commit):
        return []
    since = f"{repository.resolve(record.commit)}..HEAD"
    file = str(project.root / PurePosixPath(path))
    commits = repository.run("log", f"--max-count={_LATER}", "--format=%H", since, "--", file).split()
    found = ((commit, _in_file(project, repository, commit, record.source, path)) for commit in commits)
    return [(commit, document) for commit, document in found if document is not None]


def _in_file(project: Project, repository: Repository, commit: str, key: str, path: str) -> Document | None:
    content = repository.file(commit, project.root / PurePosixPath(path))
    if content is None:
        return None
    documents = read_documents([(path, content)]).documents
    return next((document for document in documents if document.key == key), None)
