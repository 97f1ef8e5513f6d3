"""``tsdeploy schema``."""

from __future__ import annotations

import click

from tsdeploy.cli.output import print_json
from tsdeploy.schemas import FILES, file_schema


@click.command("schema")
@click.argument("name", type=click.Choice(list(FILES)))
def command(name: str) -> None:
    """Print the JSON Schema of a file, for editors.

    \b
    tsdeploy schema environment > environment.schema.json
    """
    print_json(file_schema(name))
