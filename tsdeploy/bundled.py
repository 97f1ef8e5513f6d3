"""The samples and example environments that ship with the package."""

from __future__ import annotations

from pathlib import Path

from tsdeploy.errors import Finding, Location, TsdeployError

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """The folder ``samples`` or ``environments``: inside an installed package, beside it in a checkout."""
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise TsdeployError(Finding("TD003", f"this installation has no {name}", Location(str(_PACKAGE))))
