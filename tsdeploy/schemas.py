"""The JSON Schemas of the files that this package reads and writes, by the files' names."""

from __future__ import annotations

from typing import Any, Final

from tsdeploy.config.yaml_file import load_schema

FILES: Final = {
    "project": "tsdeploy.config",
    "environment": "tsdeploy.config",
    "objects": "tsdeploy.config",
    "mapping": "tsdeploy.mapping",
    "check": "tsdeploy.check",
    "plan": "tsdeploy.plan",
    "release": "tsdeploy.config",
    "backup": "tsdeploy.backup",
}
"""A file, and the package that has its schema."""


def file_schema(name: str) -> Any:
    """The schema of a file, as plain data; the names are those of ``tsdeploy schema``."""
    return load_schema(FILES[name], name)
