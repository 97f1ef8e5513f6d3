"""A command in a process of its own that is killed, at some moment or right after it forced something to disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Estate

_DRIVER = """
import os, signal, sys
left = int(sys.argv[1])
real = os.fsync
def counted(handle):
    global left
    real(handle)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
if left:
    os.fsync = counted
from tsdeploy.cli.main import run
sys.exit(run(sys.argv[2:]))
"""


def start_deploy(estate: Estate, *options: str, boundary: int = 0) -> subprocess.Popen[bytes]:
    """Begin a deploy to prod, as ``start`` does."""
    return start(estate, "deploy", "prod", "--yes", *options, boundary=boundary)


def start(estate: Estate, *words: str, boundary: int = 0) -> subprocess.Popen[bytes]:
    """Begin a command; with ``boundary`` it kills itself after so many writes that were forced to disk."""
    arguments = ["--project", str(estate.project.root), *words]
    folder = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(boundary), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.environ.get("PYTHONPATH", str(folder))},
    )


def killed_after(estate: Estate, seconds: float, *options: str) -> bool:
    """Kill a deploy so many seconds after its first request to prod; whether it was still running then."""
    log = estate.clusters["prod"].traffic.requests
    log.clear()  # a full log grows no more
    process = start_deploy(estate, *options)
    while process.poll() is None and not log.all():
        time.sleep(0.005)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def killed_at(estate: Estate, boundary: int, *options: str) -> bool:
    """Kill a deploy at its n-th forced write; False when it had fewer and ended by itself."""
    return start_deploy(estate, *options, boundary=boundary).wait() == -signal.SIGKILL
