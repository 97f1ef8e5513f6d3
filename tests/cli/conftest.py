"""A project of files alone, for commands that need no server."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Cli, Outcome, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder


@dataclass(frozen=True)
class Desk:
    """The retail samples as TML of dev, and an environment prod with the demo's mapping."""

    root: Path
    cli: Cli

    def run(self, *arguments: str) -> Outcome:
        """A command line in the project."""
        return self.cli("--project", str(self.root), *arguments)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
        return file

    def read(self, path: str) -> str:
        """A file of the project."""
        return (self.root / path).read_bytes().decode("utf-8")

    def document(self, label: str) -> Document:
        """The object of this kind and name."""
        return next(one for one in load_folder(self.root / "tml").documents if one.label == label)

    def record(self, environment: str, *records: ObjectRecord) -> None:
        """Write an environment's object map."""
        save_objects(self.root / "environments" / environment / "objects.json", ObjectMap(records))

    def recorded(self, environment: str) -> dict[str, ObjectRecord]:
        """An environment's object map, by source."""
        return load_objects(self.root / "environments" / environment / "objects.json", "").by_source()


@pytest.fixture
def desk(tmp_path: Path, cli: Cli) -> Desk:
    """A project of files; its environments lead nowhere."""
    made = Desk(tmp_path / "desk", cli)
    shutil.copytree(bundled("samples") / "retail", made.root / "tml")
    made.write("environments/dev/environment.yaml", environment_yaml("http://127.0.0.1:1"))
    made.write("environments/prod/environment.yaml", environment_yaml("http://127.0.0.1:2", "source: dev\n"))
    mapping = bundled("environments") / "prod" / "mapping.yaml"
    made.write("environments/prod/mapping.yaml", mapping.read_text(encoding="utf-8"))
    return made


@pytest.fixture
def tsdeploy_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``tsdeploy`` for shells and git, of this checkout; the folder that it is in."""
    return put_on_path(tmp_path / "bin", monkeypatch)


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a ``tsdeploy`` of this checkout into a folder, and the folder on the path."""
    folder.mkdir()
    script = folder / "tsdeploy"
    start = (
        f"import sys; sys.path[:0] = [{str(Path(__file__).parents[2])!r}]; from tsdeploy.__main__ import main; main()"
    )
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -c {shlex.quote(start)} "$@"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder
