"""Write what a repository lacks; what is there stays as it is, and is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tsdeploy.files import add_lines, write_atomically
from tsdeploy.scaffold.answers import NewEnvironment
from tsdeploy.scaffold.texts import environment_text, mapping_text, project_text

IGNORED: Final = (
    ".tsdeploy/",
    ".env",
    "/plan.json",
    "/plan.md",
    "/plan.html",
    "/review.html",
    "/review.sarif",
    "/check.sarif",
    "/graph.html",
    "/validate.xml",
    "/deploy.xml",
    "/tsdeploy-reports/",
    "/rendered/",
)
"""Journals and caches, where people put secrets, and what the documentation and the pipelines write into the root."""

ATTRIBUTES: Final = ("*.tml -text", "*.tsl -text")
"""TML in git keeps the bytes that the server sent."""

TOUCHED: Final = ("environments", "tsdeploy.yaml", ".gitignore", ".gitattributes")
"""All that is written, by its name in the project."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file: ``new``, ``added to``, or ``kept``, because another one was there."""

    path: Path
    how: str


def scaffold(root: Path, environments: Sequence[NewEnvironment], tml: str = "tml") -> Iterator[Written]:
    """Write the files of a project, in a folder that need not be one yet. Raises TsdeployError TD001.

    Nothing is ever overwritten: what is there is kept, and ``.gitignore`` and ``.gitattributes`` only get the lines
    that they lack.
    """
    for path, text in _files(root, environments, tml):
        if path.is_file() and path.read_bytes() == text.encode("utf-8"):
            continue
        if path.exists() or path.is_symlink():
            yield Written(path, "kept")
        else:
            write_atomically(path, text.encode("utf-8"))
            yield Written(path, "new")
    for name, lines in ((".gitignore", IGNORED), (".gitattributes", ATTRIBUTES)):
        path = root / name
        there = path.exists()
        if add_lines(path, lines):
            yield Written(path, "added to" if there else "new")


def _files(root: Path, environments: Sequence[NewEnvironment], tml: str) -> Iterator[tuple[Path, str]]:
    if project := project_text(tml):
        yield root / "tsdeploy.yaml", project
    for environment in environments:
        folder = root / "environments" / environment.name
        yield folder / "environment.yaml", environment_text(environment)
        if environment.source:
            yield folder / "mapping.yaml", mapping_text(environment)
