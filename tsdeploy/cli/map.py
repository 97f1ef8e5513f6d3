"""``tsdeploy map``."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli import map_files, map_foreign, map_server
from tsdeploy.cli.drivers import merge_files


@click.group("map")
def command() -> None:
    """Who is who in source and target: look at it, edit it, bring it in from other tools.

    \b
    tsdeploy map show prod                       pairs, and what rewrites them
    tsdeploy map bind prod model:Sales GUID      bind an object by hand
    tsdeploy map infer prod                      propose pairs, with evidence
    tsdeploy map import cs_tools .mappings/prod-guid-mappings.json prod
    """


@command.command("merge-driver", hidden=True)
@click.argument("base", type=click.Path(exists=True, path_type=Path))
@click.argument("ours", type=click.Path(exists=True, path_type=Path))
@click.argument("theirs", type=click.Path(exists=True, path_type=Path))
@click.argument("marker", type=click.IntRange(1, 1000))
@click.argument("path")
def merge_driver(base: Path, ours: Path, theirs: Path, marker: int, path: str) -> int:
    """Merge an object map, as git asks for it; ``tsdeploy init --git-drivers`` sets it up."""
    return 0 if merge_files((base, ours, theirs), marker, path) else 1


for _part in (*map_files.COMMANDS, *map_server.COMMANDS, *map_foreign.COMMANDS):
    command.add_command(_part)
