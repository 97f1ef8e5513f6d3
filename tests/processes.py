"""``tsdeploy`` as a process of its own, and everything that it starts, found by a mark in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

MARK = "TSDEPLOY_TEST_MARK"
ROOT = Path(__file__).parents[1]
_PATIENCE = 20.0


def environment(mark: str = "", **more: str) -> dict[str, str]:
    """Variables for a process that finds this checkout, and that can be found again by its mark."""
    path = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), path))), MARK: mark, **more}


def new_mark() -> str:
    """A text that no other process has in its environment."""
    return uuid4().hex


@contextmanager
def start(*arguments: str, folder: Path, mark: str = "", **more: str) -> Iterator[subprocess.Popen[str]]:
    """A command line under way; its output comes through pipes. It is killed if it runs longer than the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tsdeploy", *arguments],
        cwd=folder,
        env=environment(mark, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def carried_out(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command line that has ended."""
    with start(*arguments, folder=folder, **more) as process:
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def marked(mark: str) -> list[int]:
    """The processes that have a mark, and whose parents may be long gone. Linux only."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes() and int(folder.name) != os.getpid():
                found.append(int(folder.name))
        except OSError:
            continue  # it has just ended, or is somebody else's
    return found


def assert_gone(mark: str) -> None:
    """No process has the mark, now or soon."""
    until = time.monotonic() + _PATIENCE
    while left := marked(mark):
        assert time.monotonic() < until, f"processes that are left: {left}"
        time.sleep(0.02)


def wait_for(mark: str, count: int) -> None:
    """Wait until so many processes have the mark."""
    until = time.monotonic() + _PATIENCE
    while len(marked(mark)) < count:
        assert time.monotonic() < until, "the processes do not come up"
        time.sleep(0.02)
