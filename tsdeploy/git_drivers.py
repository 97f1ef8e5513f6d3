"""Teach git to show TML in words, and to merge it and object maps by object instead of by line."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.files import add_lines
from tsdeploy.git import Repository

DRIVER = "tml"
MERGE_DRIVER = "tsdeploy-objects"
TML_MERGE_DRIVER = "tsdeploy-tml"
ATTRIBUTES = (
    f"*.tml diff={DRIVER}",
    f"*.tsl diff={DRIVER}",
    f"**/environments/*/objects.json merge={MERGE_DRIVER}",
    f"*.tml merge={TML_MERGE_DRIVER}",
    f"*.tsl merge={TML_MERGE_DRIVER}",
)


@dataclass(frozen=True, slots=True)
class Installed:
    """What was changed: settings of the repository's own git config, and lines of ``.gitattributes``."""

    settings: tuple[str, ...]
    attributes: tuple[str, ...]


def install_git_drivers(repository: Repository, command: str = "") -> Installed:
    """Set up the drivers in a repository's own config and in ``.gitattributes`` at its top; doing it again is nothing.

    ``command`` is how git's shell calls tsdeploy; by default as found on the path, else by this Python. Lines that
    are there stay as they are. Raises GitError TD705 when the config cannot be written, TsdeployError TD001 when
    ``.gitattributes`` cannot.
    """
    called = command or own_command()
    wanted = {
        f"diff.{DRIVER}.command": f"{called} diff --external",
        f"diff.{DRIVER}.textconv": f"{called} diff --textconv",
        f"merge.{MERGE_DRIVER}.name": "object maps of tsdeploy, by object",
        # git quotes %P for the shell; the other files have names of git's own making.
        f"merge.{MERGE_DRIVER}.driver": f"{called} map merge-driver -- %O %A %B %L %P",
        f"merge.{TML_MERGE_DRIVER}.name": "TML, by column, visualization and tile",
        f"merge.{TML_MERGE_DRIVER}.driver": f"{called} diff --merge-driver -- %O %A %B %L %P",
    }
    settings = tuple(key for key, value in wanted.items() if _set(repository, key, value))
    return Installed(settings, add_lines(repository.root / ".gitattributes", ATTRIBUTES))


def own_command() -> str:
    """How a shell calls this tsdeploy. Python is told to import nothing from the folder it is run in."""
    if shutil.which("tsdeploy"):
        return "tsdeploy"
    return f"{shlex.quote(Path(sys.executable).as_posix())} -I -m tsdeploy"


def _set(repository: Repository, key: str, value: str) -> bool:
    try:
        if repository.run("config", "--local", "--default=", "--get", key).rstrip("\n") == value:
            return False
        repository.run("config", "--local", "--replace-all", key, value)
    except GitError as error:
        message = f"git config {key} failed: {error.findings[0].message}"
        raise GitError(Finding("TD705", message, Location(str(repository.root)))) from None
    return True
