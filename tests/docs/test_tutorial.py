"""The tutorial works: each of its commands is run, in its order, and prints what the page says."""

from __future__ import annotations

import shlex
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, blocks
from tests.docs.walkthrough import Reader
from tests.tml.real_files import REPOSITORY
from tsdeploy.sandbox import list_running, stop

PAGE = DOCS / "tutorial.md"
PORTS = ("8101", "8102")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the tutorial is told for a POSIX shell")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Someone in an empty folder, with a python that has this package, and sandboxes on ports that are free."""
    folder, programs = tmp_path / "analytics", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PWD", str(folder))
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.com")
    yield Reader(folder, monkeypatch, dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True)))
    home = folder / ".tsdeploy" / "sandboxes"
    for running in list_running(home):
        stop(running.name, home)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(probe.getsockname()[1]) for probe in probes]


def test_the_tutorial_prints_what_it_says(reader: Reader, request: pytest.FixtureRequest) -> None:
    steps = [block for block in blocks(PAGE) if block.title or block.language == "console"]
    real = [reader.follow(block) for block in steps]
    if request.config.getoption("--update"):
        text = PAGE.read_text("utf-8")
        for block, made in zip(steps, real, strict=True):
            text = text.replace(f"\n{block.text}```", f"\n{made}```", 1)
        PAGE.write_text(text, "utf-8")
        return
    for block, made in zip(steps, real, strict=True):
        assert made == block.text, block
