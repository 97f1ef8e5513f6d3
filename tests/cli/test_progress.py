"""How far a command is, where somebody looks on and where nobody does."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from tests.processes import environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals as POSIX has them")

TEXT = "exporting [bold]dev[/] {task.id} :smile: \\x1b[2J C:\\\\"
SHOWN = "exporting [bold]dev[/] {task.id} :smile: \\u001b[2J C:\\"
COUNT = f"""
from tsdeploy.cli.progress import counting
with counting("{TEXT}", quiet=QUIET) as report:
    report(0, 3)
    report(2, 3)
    print("result", flush=True)
    report(2, 4)
"""


def shown(quiet: bool) -> str:
    """What a terminal gets on standard error."""
    ours, theirs = pty.openpty()
    known = {**environment(TERM="xterm", COLUMNS="120"), "NO_COLOR": "1"}
    command = [sys.executable, "-c", COUNT.replace("QUIET", str(quiet))]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=known, timeout=60, check=True)
    os.close(theirs)
    assert done.stdout == b"result\n"
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:
        pass  # the other side has hung up
    os.close(ours)
    return text.decode()


def test_terminal_has_a_bar_that_goes_away() -> None:
    text = shown(quiet=False)
    lines = [line.strip() for line in re.split(r"[\r\n]+|\x1b\[[0-9;?]*[A-Za-z]", text) if line.strip()]
    assert all(SHOWN in line for line in lines)
    assert "2/4" in lines[-1]
    assert text.endswith("\x1b[2K"), "the line is cleared"


def test_quiet_is_quiet_on_a_terminal() -> None:
    assert shown(quiet=True) == ""


def test_pipe_has_one_line() -> None:
    command = [sys.executable, "-c", COUNT.replace("QUIET", "False")]
    done = subprocess.run(command, capture_output=True, env=environment(), timeout=60, check=True, text=True)
    assert (done.stdout, done.stderr) == ("result\n", f"{SHOWN}\n")
