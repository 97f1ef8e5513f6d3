"""TML files imported into an Org with its GUID mapping, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsdeploy.errors import TmlError
from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import Outcome, run_import
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import read
from tsdeploy.sandbox.vcs.guid_mapping import GuidMapping
from tsdeploy.sandbox.vcs.layout import guid_in
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file."""

    path: str
    name: str
    kind: str
    status: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The item of an answer."""
        failed_connection = self.kind == "connection" and self.status == "ERROR"
        return {
            "file_name": f"{guid_in(self.path)}.tml" if failed_connection and guid_in(self.path) else self.path,
            "metadata_name": self.name,
            "metadata_type": self.kind,
            "status_code": self.status,
            "status_message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Deployed:
    """The results of a deploy and the mapping after it."""

    results: list[FileResult]
    mapping: GuidMapping

    @property
    def failures(self) -> list[FileResult]:
        """The files that were refused."""
        return [result for result in self.results if result.status == "ERROR"]


@dataclass(slots=True)
class _Progress:
    """What is known so far."""

    mapping: GuidMapping
    results: dict[str, FileResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deployer:
    """Imports files for a user into an Org, inside a transaction of the caller's."""

    cluster: Cluster
    org: Org
    user_id: str
    policy: Policy
    maps_guids: bool

    def deploy(self, files: Mapping[str, str], mapping: GuidMapping) -> Deployed:
        """Import files, phase after phase, in as many calls as the server needs for them."""
        progress = _Progress(mapping)
        documents = dict(self._documents(files, progress))
        if self.maps_guids:
            owned = [document.guid for document in documents.values() if document.guid and document.kind.owned]
            progress.mapping = mapping.with_new(owned, self._new_guid)
        for phase in sorted({document.kind.phase for document in documents.values()}):
            self._import({path: one for path, one in documents.items() if one.kind.phase is phase}, progress)
        return Deployed([progress.results[path] for path in files], progress.mapping)

    def _documents(self, files: Mapping[str, str], progress: _Progress) -> Iterator[tuple[str, Document]]:
        for path, text in files.items():
            try:
                yield path, read(text, path)
            except TmlError:
                message = "Invalid YAML/JSON syntax in file."
                progress.results[path] = FileResult(path, "", path.partition("/")[0], "ERROR", message)

    def _new_guid(self, guid: str) -> str:
        """The Org's own objects keep their GUIDs; others get a new one."""
        found = self.cluster.objects.get(guid)
        return guid if found is not None and found.org_id == self.org.id else self.cluster.mint.guid()

    def _import(self, documents: Mapping[str, Document], progress: _Progress) -> None:
        texts = tuple(self._mapped(document, progress.mapping) for document in documents.values())
        request = ImportRequest(texts, self.org.id, self.org.name, self.user_id, self.policy)
        outcomes = run_import(self.cluster, request)
        for (path, document), outcome in zip(documents.items(), outcomes, strict=True):
            progress.results[path] = _result(path, document, outcome, self.policy)
            if self.maps_guids and document.guid and document.kind.owned and outcome.published:
                item = outcome.published[0].item
                inner = self._inner(document, item.guid)
                progress.mapping = progress.mapping.deployed(document.guid, item.guid, inner)

    def _mapped(self, document: Document, mapping: GuidMapping) -> str:
        return mapping.applied(document.text, document.guid) if self.maps_guids else document.text

    def _inner(self, document: Document, guid: str) -> dict[str, str]:
        """Visualization GUIDs of the file → those that the object has here."""
        here = {inner.local: inner.guid for inner in self.cluster.objects.inner_ids(guid) if inner.role == "viz"}
        found = {
            value(viz, "viz_guid"): here.get(value(viz, "id"), "") for viz in mappings(document.body, "visualizations")
        }
        return {there: now for there, now in found.items() if there and now}


def _result(path: str, document: Document, outcome: Outcome, policy: Policy) -> FileResult:
    if outcome.failed:
        status, message = "ERROR", outcome.message
    elif outcome.message:
        status, message = "WARNING", outcome.message
    else:
        done = "validated" if policy is Policy.VALIDATE_ONLY else "deployed"
        status, message = "OK", guesses.file_done(done)
    return FileResult(path, document.name, document.kind.name, status, message)
