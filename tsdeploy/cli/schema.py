"""``tsdeploy schema``."""

from __future__ import annotations

import click

from tsdeploy.cli.output import print_json
from tsdeploy.schemas import FILES, file_schema


@click.command("schema")
@click.argument("name", metavar="FILE", type=click.Choice(list(FILES)))
def command(name: str) -> None:
    """Print the JSON Schema of a file, for editors.

    \b
    tsdeploy schema environment > environment.schema.json

    FILE is project, environment, objects, mapping, check, plan, release or backup.
    """
    print_json(file_schema(name))
