"""Where an object's file is: the path it has, or a new one that is safe on every operating system."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tsdeploy.files import first_free, safe_name
from tsdeploy.tml.described import Described, identities
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import is_guid

_ID_LENGTH = 8


class Paths:
    """Gives each object its path, relative to the project. An object keeps its path when it is renamed."""

    def __init__(self, present: Iterable[Described], folder: str) -> None:
        self._folder = folder
        documents = tuple(present)
        self._by_identity = {identity: document.path for document in documents for identity in identities(document)}
        self._taken = {document.path.casefold() for document in documents}

    def path_of(self, document: Document) -> PurePosixPath:
        """The path of an exported document; the same when asked again."""
        for identity in identities(document):
            if identity in self._by_identity:
                return PurePosixPath(self._by_identity[identity])
        path = PurePosixPath(first_free(Path(self._folder) / _fresh(document), self._taken).as_posix())
        self._taken.add(str(path).casefold())
        self._by_identity.update(dict.fromkeys(identities(document), str(path)))
        return path


def _fresh(document: Document) -> str:
    identity = document.guid or document.obj_id or "new"
    short = identity[:_ID_LENGTH] if is_guid(identity) else safe_name(identity)
    kind = document.kind.name
    return f"{kind}/{safe_name(document.name)}.{short}.{kind}.tml"
