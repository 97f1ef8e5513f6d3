"""Files of objects that are gone from the server."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, Severity, TsdeployError
from tsdeploy.export.collect import look_up
from tsdeploy.export.result import ExportedFile
from tsdeploy.files import unwritten, within
from tsdeploy.rest import Session, listed_types
from tsdeploy.tml.described import Described


@dataclass(frozen=True, slots=True)
class Gone:
    """What was deleted: the files, and the GUIDs of their objects."""

    files: tuple[ExportedFile, ...] = ()
    guids: frozenset[str] = frozenset()


def prune_files(
    project: Project,
    session: Session,
    known: ObjectMap,
    present: Iterable[Described],
    exported: Collection[str],
) -> Gone:
    """Delete the files of objects that were exported from here once and that the server does not have any more.

    ``exported`` are the GUIDs of this export, which has to be complete. An object that is only not selected any more
    keeps its file: each one is looked up by its GUID before its file goes, and what the server does not list at all
    keeps it, too. Raises TsdeployError TD001.
    """
    listed = listed_types(session)
    mine = {record.guid for record in known if record.guid and not record.source}
    suspects = [
        document
        for document in present
        if document.kind.owned
        and document.kind.rest_type in listed
        and document.guid in mine
        and document.guid not in exported
    ]
    there = {header.id for header in look_up(session, [document.guid for document in suspects])}
    gone = [document for document in suspects if document.guid not in there]
    files = tuple(_delete(project, document) for document in gone)
    return Gone(files, frozenset(document.guid for document in gone))


def _delete(project: Project, document: Described) -> ExportedFile:
    path = within(project.root, document.path)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TsdeployError(unwritten(document.path, error, "delete the file", "it is as it was")) from None
    return ExportedFile(document.label, document.path, "deleted", document.guid)


def not_pruned() -> Finding:
    """The finding for a prune that would not have been safe."""
    message = "no file was deleted: this export is not complete, so nobody can tell what is gone"
    return Finding("TD511", message, hint="mend the errors, and export again", severity=Severity.WARNING)
