"""The demo as a process: interrupted it leaves nothing running, and it refuses a folder that is in use."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupted_demo_leaves_no_server_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "tsdeploy", "demo", "--folder", str(tmp_path / "demo")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        seen = ""
        while "+ answer:" not in seen and (line := process.stdout.readline()):
            seen += line
        assert "+ answer:" in seen
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 130
        assert errors.endswith("interrupted\n")
    ports = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", seen)]
    assert len(ports) == 2
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_demo_refuses_a_folder_that_is_not_empty(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    outcome = cli("demo", "--folder", str(tmp_path))
    assert outcome.code == 2
    assert "error[TD004]: the folder for the demo is not empty" in outcome.err
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.txt"]
