"""What a rendering is given, and what comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Finding
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.syntax import Path, walk
from tsdeploy.transform.ledger import Coverage
from tsdeploy.transform.leftovers import SourceNames
from tsdeploy.transform.rewriting import Rewrite
from tsdeploy.transform.targets import Known, Namespace, Target


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a rendering depends on besides the documents.

    ``objects`` is the target's map and ``source_objects`` the source's; ``environment`` is the target's name,
    for messages. ``keeps_views`` is that of what will be rendered.
    """

    environment: str
    mapping: Rules
    objects: ObjectMap
    namespace: Namespace
    source_objects: ObjectMap = field(default_factory=ObjectMap)
    source_names: SourceNames = field(default_factory=SourceNames)
    known: Known = field(default_factory=Known)
    keeps_views: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """One object as it will be sent.

    ``pending`` are references to objects whose GUID only the import will tell. ``secrets`` stand in the text as the
    references that they are (``${env:NAME}``); ``revealed`` puts them in, for the request alone. ``keeps_views``:
    views that people saved of a Liveboard, and that the text does not have, stay when it is sent.
    """

    source: Document
    text: str
    target: Target
    rewrites: tuple[Rewrite, ...] = ()
    findings: tuple[Finding, ...] = ()
    pending: tuple[str, ...] = ()
    secrets: tuple[tuple[Path, Secret], ...] = ()
    keeps_views: bool = True

    @property
    def key(self) -> str:
        """The key of the source object."""
        return self.source.key

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def document(self) -> Document:
        """The text as the server gives it back, parsed: without secrets. In messages it has the source's path."""
        document = parse_document(self.text, self.source.path)
        if not self.secrets:
            return document
        return parse_document(with_values(document, {path: "" for path, _ in self.secrets}), self.source.path)


def with_values(document: Document, values: Mapping[Path, str]) -> str:
    """The text of a document with other values for the scalars at some paths."""
    scalars = dict(walk(document.root))
    edits = (edit.replace(document.text, scalars[path], value, document.dialect) for path, value in values.items())
    return edit.apply(document.text, edits)


@dataclass(frozen=True, slots=True)
class Rendering:
    """All objects of a release for one environment."""

    rendered: tuple[Rendered, ...]
    referenced: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)

    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the release and of each object, in document order."""
        return (*self.findings, *(finding for rendered in self.rendered for finding in rendered.findings))
