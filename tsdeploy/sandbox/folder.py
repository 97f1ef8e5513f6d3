"""Filling a cluster from a folder of TML, through the same import as everybody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, Location, TmlError, TsdeployError
from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import Outcome, run_import
from tsdeploy.sandbox.object_maps import read_known_guids
from tsdeploy.sandbox.texts.reading import read
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, TSADMIN_ID
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import decode, tml_files
from tsdeploy.tml.kinds import Phase
from tsdeploy.tml.references import Reference

_CONNECTION = frozenset({"connection"})


@dataclass(frozen=True, slots=True)
class LoadedObject:
    """One object that was loaded. ``path`` is relative to the folder, "" for a connection that was made up."""

    path: str
    kind: str
    name: str
    guid: str


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    document: Document


def load_folder(cluster: Cluster, folder: Path, org: int = PRIMARY_ORG_ID) -> tuple[LoadedObject, ...]:
    """Load every TML file below a folder, in any layout, or none.

    Objects refer to each other by name, GUID or obj_id. Connections that tables name and nobody has are made up.
    GUIDs are kept where they are free; those that the TML leaves out are taken from the folder's ``objects.json``.
    Raises TsdeployError with a finding for each file that cannot be loaded: TD801 for one that the import refuses,
    TD805 for a folder without TML, TD806 for an Org that is not there, TD101 to TD109 for files that are no TML,
    TD811 for an ``objects.json`` that is none.
    """
    files = _read(folder)
    name = _org_name(cluster, org)
    loaded: list[LoadedObject] = []
    with cluster.database.transaction():
        made_up = [_File("", document) for document in _missing_connections(cluster, org, files)]
        for batch in _phases([*made_up, *files]):
            request = ImportRequest(
                texts=tuple(file.document.text for file in batch),
                org_id=org,
                org_name=name,
                user_id=TSADMIN_ID,
                policy=Policy.ALL_OR_NONE,
                keep_guids=True,
            )
            loaded += _loaded(batch, run_import(cluster, request))
    return tuple(loaded)


def _read(folder: Path) -> list[_File]:
    """The files of a folder. A problem in one does not hide those of the others."""
    files: list[_File] = []
    findings: list[Finding] = []
    known = read_known_guids(folder)
    for path in tml_files(folder):
        shown = path.relative_to(folder).as_posix()
        try:
            document = read(decode(path.read_bytes(), shown), shown)
            files.append(_File(shown, known.put_into(document)))
        except TmlError as error:
            findings += error.findings
    TsdeployError.raise_for(findings)
    if not files:
        hint = "name a folder with .tml files in it"
        raise TsdeployError(Finding("TD805", "there is no TML in the folder", Location(str(folder)), hint=hint))
    return files


def _org_name(cluster: Cluster, org: int) -> str:
    found = next((known.name for known in cluster.orgs.all() if known.id == org), None)
    if found is None:
        known = ", ".join(f"{known.id} ({known.name})" for known in cluster.orgs.all())
        raise TsdeployError(Finding("TD806", f"the cluster has no Org {org}", hint=f"its Orgs are: {known}"))
    return found


def _phases(files: Iterable[_File]) -> Iterator[list[_File]]:
    """What can be imported together, first what the rest stands on."""
    by_phase: dict[Phase, list[_File]] = {}
    for file in files:
        by_phase.setdefault(file.document.kind.phase, []).append(file)
    for phase in sorted(by_phase):
        yield by_phase[phase]


def _loaded(batch: list[_File], outcomes: list[Outcome]) -> Iterator[LoadedObject]:
    findings = [
        Finding("TD801", f"cannot be loaded: {outcome.message}", Location(batch[outcome.item].path))
        for outcome in outcomes
        if outcome.failed
    ]
    TsdeployError.raise_for(findings)
    for outcome in outcomes:
        for one in outcome.published:
            yield LoadedObject(batch[outcome.item].path, one.item.kind, one.item.name, one.item.guid)


def _missing_connections(cluster: Cluster, org: int, files: Iterable[_File]) -> list[Document]:
    """A stand-in for each connection that is named and not there."""
    files = list(files)
    known = {
        identity
        for file in files
        if file.document.kind.name == "connection"
        for identity in (file.document.name, file.document.guid, file.document.obj_id)
    }
    stand_ins: dict[str, Document] = {}
    for file in files:
        for reference in file.document.references:
            if reference.place.targets == _CONNECTION and not _is_known(cluster, org, reference, known):
                text = guesses.placeholder_connection(reference.name, reference.guid, reference.obj_id)
                stand_ins.setdefault(reference.name or reference.says, read(text, file.path))
    return list(stand_ins.values())


def _is_known(cluster: Cluster, org: int, reference: Reference, known: set[str]) -> bool:
    if known & {reference.name, reference.guid, reference.obj_id} - {""}:
        return True
    by_guid = cluster.objects.get(reference.guid)
    by_obj_id = cluster.objects.by_obj_id(org, reference.obj_id)
    named = [item for item in cluster.objects.named(org, reference.name) if item.kind == "connection"]
    return bool(named) or by_obj_id is not None or (by_guid is not None and by_guid.org_id == org)
