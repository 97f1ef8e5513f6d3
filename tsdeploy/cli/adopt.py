"""What ``tsdeploy init --adopt`` took over, as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from tsdeploy.cli.map_foreign import print_imported
from tsdeploy.cli.output import conclude, safe
from tsdeploy.config.project import Project
from tsdeploy.pairing.adopt import Adopted


def print_adopted(root: Path, adopted: Adopted) -> int:
    """Print what was written, and what each mapping file brought; the exit code."""
    project = Project(root, adopted.tml)
    _print_files(project, adopted.written)
    for target in adopted.targets:
        _print_files(project, target.written)
        click.echo(f"{safe(target.shown)} → {safe(target.name)}")
        print_imported(target.imported)
    click.echo(
        f"Objects in {safe(adopted.tml)}, from {safe(adopted.source)}: {adopted.objects}; "
        f"mapping files taken over: {len(adopted.targets)}."
    )
    return conclude(adopted.findings)


def _print_files(project: Project, paths: Iterable[Path]) -> None:
    for path in paths:
        click.echo(f"+ {safe(project.shown(path))}")
