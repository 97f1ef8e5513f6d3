"""``tsdeploy schema``."""

from __future__ import annotations

import click

from tsdeploy.cli.output import print_json
from tsdeploy.config.yaml_file import load_schema

_PACKAGES = {
    "project": "tsdeploy.config",
    "environment": "tsdeploy.config",
    "objects": "tsdeploy.config",
    "mapping": "tsdeploy.mapping",
    "check": "tsdeploy.check",
    "plan": "tsdeploy.plan",
    "release": "tsdeploy.deploy",
}


@click.command("schema")
@click.argument("name", type=click.Choice(list(_PACKAGES)))
def command(name: str) -> None:
    """Print the JSON Schema of a file, for editors.

    \b
    tsdeploy schema environment > environment.schema.json
    """
    print_json(load_schema(_PACKAGES[name], name))
