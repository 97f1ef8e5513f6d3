"""Take over a repository that another tool laid out: environments, name maps and mappings, as far as it has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding
from tsdeploy.files import write_atomically
from tsdeploy.pairing.carry import Here, bring_in, carry
from tsdeploy.pairing.exchange import Imported
from tsdeploy.pairing.files import documents_of, files_of
from tsdeploy.pairing.other_layouts import Found, distinct, look_around, stub
from tsdeploy.scaffold.texts import project_text
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class AdoptedTarget:
    """An environment to go to: the mapping file that was taken over for it, and what became of that."""

    name: str
    shown: str
    imported: Imported
    written: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken over: the source, its TML folder, how many objects, the files that are new, and the targets."""

    source: str
    tml: str
    objects: int
    written: tuple[Path, ...]
    targets: tuple[AdoptedTarget, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def has_stubs(self) -> bool:
        """Whether there are new environment files, whose addresses are still to be written."""
        written = (*self.written, *(path for target in self.targets for path in target.written))
        return any(path.name == "environment.yaml" for path in written)


def adopt_repository(root: Path, source: str = "", config_branch: str = "") -> Adopted:
    """Write what a repository lacks to be a project; what is there stays as it is.

    ``source`` names the environment that the TML comes from, ``config_branch`` where ThoughtSpot's Git integration
    keeps its mapping files. What cannot be carried over is a finding. Raises ConfigError TD329 when there is no TML,
    GitError TD701 or TD704.
    """
    there = look_around(root, config_branch)
    name = there.source(source)
    project = Project(root, there.tml)
    documents = documents_of(project)
    files, findings = distinct(file for file in there.files if file.name != name)
    written = _written(root / "tsdeploy.yaml", project_text(there.tml))
    written += _written(root / "environments" / name / "environment.yaml", stub(name, "", None))
    written += _own_map(project, name, documents)
    path = root / "environments" / name / "objects.json"
    here = Here(documents, load_objects(path, project.shown(path)), ObjectMap())
    targets = tuple(_target(project, file, name, here) for file in files)
    said = (finding for target in targets for finding in target.imported.brought.findings)
    everything = (*there.findings, *findings, *said)
    return Adopted(name, there.tml, len(documents), tuple(written), targets, everything)


def _own_map(project: Project, name: str, documents: tuple[Document, ...]) -> list[Path]:
    """The name-to-GUID map of the source, as far as the TML tells it, where there is none yet."""
    path = project.root / "environments" / name / "objects.json"
    if path.exists():
        return []
    records = [
        ObjectRecord(document.kind.name, document.name, document.guid, document.obj_id)
        for document in documents
        if document.kind.owned and (document.guid or document.obj_id)
    ]
    save_objects(path, ObjectMap().with_records(records))
    return [path]


def _target(project: Project, file: Found, source: str, here: Here) -> AdoptedTarget:
    """Write what a mapping file says of one environment; what cannot be carried over is a warning."""
    path = project.root / "environments" / file.name / "environment.yaml"
    written = _written(path, stub(file.name, source, file))
    files = files_of(project, project.environment(file.name))
    carried = carry(file.foreign, replace(here, target=files.objects()))
    brought = bring_in(carried, files, lossy=True, write=True)
    return AdoptedTarget(file.name, file.shown, Imported(carried, brought, files), tuple(written))


def _written(path: Path, text: str) -> list[Path]:
    """Write a file that is not there yet."""
    if not text or path.exists():
        return []
    write_atomically(path, text.encode("utf-8"))
    return [path]
