"""The page about contributing works: its changes are made in a copy of the repository, its commands run there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, Block, blocks
from tests.docs.walkthrough import Reader
from tests.tml.real_files import REPOSITORY

PAGE = DOCS / "contributing.md"
COPIED = ("docs", "environments", "pyproject.toml", "README.md", "samples", "tests", "tsdeploy")
MOST_LINES = 25

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the page is told for a POSIX shell")


class Contributor(Reader):
    """A reader who changes the code, and then runs what was changed."""

    def change(self, block: Block) -> None:
        """Apply a difference; it fits exactly, or it fails."""
        subprocess.run(["git", "apply", "-"], input=block.text, text=True, check=True, cwd=self.folder)

    def _in_process(self, arguments: list[str]) -> str:
        return self._in_a_shell(shlex.join(["python", "-m", "tsdeploy", *arguments]))


@pytest.fixture
def contributor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contributor:
    """Someone in a copy of the repository, with a python that has what it needs."""
    folder, programs = tmp_path / "copy", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    for variable in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(variable, raising=False)
    return Contributor(folder, monkeypatch)


def test_the_page_does_what_it_says(contributor: Contributor, request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text("utf-8")
    for block in blocks(PAGE):
        if block.language == "diff":
            contributor.change(block)
        elif block.title or block.language == "console":
            made = contributor.follow(block)
            if request.config.getoption("--update"):
                text = text.replace(f"\n{block.text}```", f"\n{made}```", 1)
            else:
                assert made == block.text, block
    if request.config.getoption("--update"):
        PAGE.write_text(text, "utf-8")


@pytest.mark.parametrize("block", [one for one in blocks(PAGE) if one.language == "diff"], ids=str)
def test_each_change_is_small(block: Block) -> None:
    assert len(re.findall(r"^[+-](?![+-])[ \t]*\S", block.text, re.MULTILINE)) <= MOST_LINES
