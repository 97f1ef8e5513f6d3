"""``tsdeploy init --adopt``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from tsdeploy.cli.map_files import documents_of, failed, files_of
from tsdeploy.cli.map_foreign import print_carried
from tsdeploy.cli.output import safe
from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding
from tsdeploy.files import write_atomically
from tsdeploy.pairing.adopt import Found, distinct, look_around, project_file, stub
from tsdeploy.pairing.carry import Here, bring_in, carry
from tsdeploy.tml.document import Document


def adopt(folder: Path, source: str, config_branch: str) -> int:
    """Write what the repository lacks to be a project; what is there stays. Returns the exit code."""
    root = folder.resolve()
    there = look_around(root, config_branch)
    name = there.source(source)
    project = Project(root, there.tml)
    documents = documents_of(project)
    files, findings = distinct(file for file in there.files if file.name != name)
    _write(project, root / "tsdeploy.yaml", project_file(there.tml))
    _write(project, root / "environments" / name / "environment.yaml", stub(name, "", None))
    own = _own_map(project, name, documents)
    for file in files:
        findings += _adopt_target(project, file, name, Here(documents, own, ObjectMap()))
    click.echo(
        f"Objects in {safe(there.tml)}, from {safe(name)}: {len(documents)}; environments to go to: {len(files)}."
    )
    click.echo("Now write the addresses and users into environments/*/environment.yaml.")
    return failed([*there.findings, *findings])


def _own_map(project: Project, name: str, documents: tuple[Document, ...]) -> ObjectMap:
    """The name-to-GUID map of the source, as far as the TML tells it."""
    path = project.root / "environments" / name / "objects.json"
    if not path.exists():
        records = [
            ObjectRecord(document.kind.name, document.name, document.guid, document.obj_id)
            for document in documents
            if document.kind.owned and (document.guid or document.obj_id)
        ]
        save_objects(path, ObjectMap().with_records(records))
        click.echo(f"+ {safe(project.shown(path))}")
    return load_objects(path, project.shown(path))


def _adopt_target(project: Project, file: Found, source: str, here: Here) -> list[Finding]:
    """Write what a mapping file says of one environment; what cannot be carried over is a warning."""
    folder = project.root / "environments" / file.name
    _write(project, folder / "environment.yaml", stub(file.name, source, file))
    files = files_of(project, project.environment(file.name))
    carried = carry(file.foreign, replace(here, target=files.objects()))
    brought = bring_in(carried, files, lossy=True, write=True)
    click.echo(f"{safe(file.shown)} → {safe(file.name)}")
    print_carried(carried, brought, files)
    return list(brought.findings)


def _write(project: Project, path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    if text and not path.exists():
        write_atomically(path, text.encode("utf-8"))
        click.echo(f"+ {safe(project.shown(path))}")
