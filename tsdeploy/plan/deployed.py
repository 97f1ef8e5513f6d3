"""What was deployed last: the documents of the commits that ``objects.json`` names, read from git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.git import Repository
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import read_documents


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
    content = repository.file(record.commit, project.root / PurePosixPath(path)) if path else None
    if content is None:
        return None
    documents = read_documents([(path, content)]).documents
    return next((document for document in documents if document.key == record.source), None)
