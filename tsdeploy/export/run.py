"""``export ENV``: live objects into the git folder, with the name-to-GUID map beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.config.environment import Environment, ExportSettings
from tsdeploy.config.objects import ObjectRecord, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding
from tsdeploy.export.fetch import Fetched, export_options, fetch
from tsdeploy.export.paths import Paths
from tsdeploy.export.selection import select
from tsdeploy.files import write_atomically
from tsdeploy.git import Repository
from tsdeploy.rest import ObjectRef, Session
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.reading import read_entries


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export. ``action`` is ``added``, ``changed`` or ``unchanged``."""

    label: str
    path: str
    action: str


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export did. ``commit`` is "" when none was made; findings tell what could not be exported."""

    files: tuple[ExportedFile, ...]
    findings: tuple[Finding, ...] = ()
    commit: str = ""

    def count(self, action: str) -> int:
        """How many files were added, changed or unchanged."""
        return sum(file.action == action for file in self.files)


def export_environment(
    project: Project,
    environment: Environment,
    session: Session,
    *,
    settings: ExportSettings | None = None,
    commit: bool = False,
    message: str = "",
) -> ExportResult:
    """Export an environment's selection into the project's folder; with ``commit``, as one git commit.

    Files whose bytes do not differ are not touched, and an object keeps its path when it is renamed. Objects that
    the server refuses are findings; everything else is written all the same. Raises RestError, TmlError (a file in
    the folder cannot be read), ConfigError (``objects.json``) and, with ``commit``, GitError.
    """
    repository = Repository.find(project.root) if commit else None
    wanted = settings or environment.export
    folder = project.shown(project.tml)
    present = read_entries(project.tml, shown=folder, cache=EntryCache(project.entry_cache))
    paths = Paths(present.checked(), folder)
    objects = project.objects(environment)
    selected = select(session, wanted)
    references = [ObjectRef(header.id, _export_type(header.type)) for header in selected.headers]
    fetched = fetch(session, references, export_options(wanted.identity, associated=wanted.associated))
    files = tuple(_write(project, paths, item) for item in fetched.objects)
    save_objects(environment.objects_path, objects.with_records(_records(fetched.objects)))
    made = ""
    if repository is not None:
        changed = [project.root / file.path for file in files if file.action != "unchanged"]
        made = repository.commit([*changed, environment.objects_path], message or _message(environment, files))
    return ExportResult(files, (*selected.findings, *fetched.findings), made)


def _export_type(type_: str) -> str | None:
    """Sets are columns to the search, which the export's type list does not have: a GUID alone will do."""
    return None if type_ == "LOGICAL_COLUMN" else type_


def _write(project: Project, paths: Paths, item: Fetched) -> ExportedFile:
    path = project.root / paths.path_of(item.document)
    existed = path.exists()
    changed = write_atomically(path, item.document.text.encode("utf-8"))
    action = "unchanged" if not changed else "changed" if existed else "added"
    return ExportedFile(item.document.label, project.shown(path), action)


def _records(items: Iterable[Fetched]) -> Iterator[ObjectRecord]:
    """The objects themselves, and the connections they name: what the name-to-GUID map knows."""
    connections: dict[tuple[str, str], ObjectRecord] = {}
    for item in items:
        document = item.document
        yield ObjectRecord(document.kind.name, document.name, item.guid or document.guid, document.obj_id)
        for reference in document.references:
            if "connection" in reference.place.targets and (reference.guid or reference.obj_id):
                found = ObjectRecord("connection", reference.name, reference.guid, reference.obj_id)
                connections[(reference.name, reference.says)] = found
    yield from connections.values()


def _message(environment: Environment, files: tuple[ExportedFile, ...]) -> str:
    changed = [file for file in files if file.action != "unchanged"]
    head = f"Export {environment.name}: {len(changed)} of {len(files)} objects changed"
    lines = [f"{file.action:8} {file.label}" for file in changed]
    return "\n".join((head, "", *lines))
