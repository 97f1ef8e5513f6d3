"""Running sandboxes: in the foreground, or as processes that outlive the command that started them."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tsdeploy.errors import Finding, TsdeployError, UsageError
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.folder import load_folder
from tsdeploy.sandbox.registry import (
    LOOPBACK,
    Place,
    Running,
    find_running,
    forget_running,
    note_running,
    place_of,
)
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.web.server import Server
from tsdeploy.sandbox.wellknown import TSADMIN_NAME
from tsdeploy.tml.folder import tml_files

_PACKAGES = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.02
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Launch:
    """How to run a sandbox. ``port`` 0 takes a free one; ``load`` fills a cluster that is still empty."""

    name: str
    port: int = 0
    home: Path | None = None
    orgs: tuple[str, ...] = ()
    auto_obj_ids: bool = False
    load: Path | None = None
    host: str = field(default=LOOPBACK)

    @property
    def place(self) -> Place:
        """Its files. Raises UsageError TD807 for a name that is none."""
        return place_of(self.name, self.home)

    def arguments(self) -> list[str]:
        """The arguments of ``python -m tsdeploy.sandbox``."""
        options = ["--port", str(self.port), "--host", self.host]
        options += ["--home", str(self.place.folder.parent.resolve())]
        options += [word for org in self.orgs for word in ("--org", org)]
        options += ["--obj-ids"] if self.auto_obj_ids else []
        options += ["--load", str(self.load.resolve())] if self.load else []
        return [self.name, *options]


def announcement(running: Running) -> str:
    """What a person has to know to use a sandbox that has just started."""
    known = Settings()
    credentials = f"user {TSADMIN_NAME}, password {known.password}, secret key {known.secret_key}"
    return f"sandbox {running.name} is running at {running.url}\n  {credentials}"


def run_foreground(launch: Launch) -> None:
    """Run a sandbox until SIGINT or SIGTERM. To be called from the main thread.

    Raises UsageError TD802 (port taken), TD803 (runs already), TD807 (name), and whatever ``load_folder`` raises.
    """
    _refuse_running(launch)
    launch.place.folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(name=launch.name, orgs=launch.orgs, auto_obj_ids=launch.auto_obj_ids)
    with Cluster(launch.place.database, settings) as cluster:
        if launch.load and not cluster.objects.in_org(0):
            load_folder(cluster, launch.load)
        with _listen(cluster, launch) as server:
            running = Running(launch.name, os.getpid(), server.port, server.url, cluster.now())
            note_running(launch.place, running)
            try:
                _wait_for_signal(running)
            finally:
                forget_running(launch.place)


def start_detached(launch: Launch) -> Running:
    """Start a sandbox that keeps running, and wait until it answers.

    Raises UsageError TD802 (port taken), TD803 (runs already), TD805 (nothing to load), TD807 (name), and
    TsdeployError TD808 when it does not come up.
    """
    _refuse_running(launch)
    if launch.port:
        _refuse_taken_port(launch)
    if launch.load and next(tml_files(launch.load), None) is None:
        raise UsageError(Finding("TD805", f"there is no TML in {launch.load}", hint="name a folder with .tml files"))
    launch.place.folder.mkdir(parents=True, exist_ok=True)
    forget_running(launch.place)
    process = _spawn(launch)
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        running = find_running(launch.name, launch.home)
        if running is not None:
            process.returncode = 0  # it outlives this command: nobody waits for it, and nobody should be warned
            return running
        if process.poll() is not None:
            raise _not_started(launch)
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait()
    raise _not_started(launch)


def stop(name: str, home: Path | None = None) -> Running:
    """Stop a sandbox; its state stays. Raises UsageError TD804 when it does not run."""
    running = find_running(name, home)
    if running is None:
        hint = "see what runs:  tsdeploy sandbox list"
        raise UsageError(Finding("TD804", f"no sandbox named {name} is running", hint=hint))
    os.kill(running.pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while find_running(name, home) is not None:
        if time.monotonic() > until:
            raise TsdeployError(Finding("TD808", f"sandbox {name} does not stop", hint=f"end process {running.pid}"))
        time.sleep(_POLL_SECONDS)
    _reap(running.pid, until)
    return running


def _reap(pid: int, until: float) -> None:
    """Wait for the end of the process where it is a child of this one."""
    if sys.platform == "win32":
        return
    while time.monotonic() < until:
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return
        if ended:
            return
        time.sleep(_POLL_SECONDS)


def _refuse_running(launch: Launch) -> None:
    running = find_running(launch.name, launch.home)
    if running is not None:
        hint = f"stop it first:  tsdeploy sandbox stop {launch.name}"
        raise UsageError(Finding("TD803", f"sandbox {launch.name} runs already at {running.url}", hint=hint))


def _refuse_taken_port(launch: Launch) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((launch.host, launch.port))
        except OSError as error:
            raise _port_taken(launch, error) from None


def _port_taken(launch: Launch, error: OSError) -> UsageError:
    hint = "choose another --port, or leave it out to take a free one"
    reason = error.strerror or str(error)
    return UsageError(Finding("TD802", f"port {launch.port} cannot be used: {reason}", hint=hint))


def _listen(cluster: Cluster, launch: Launch) -> Server:
    try:
        return Server(cluster, launch.host, launch.port)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise _port_taken(launch, error) from None
        raise


def _wait_for_signal(running: Running) -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    sys.stderr.write(f"{announcement(running)}\n")
    sys.stderr.flush()
    # Waiting in steps, because Windows delivers no signal to a thread that waits for good.
    while not stopped.wait(0.5):
        continue


def _spawn(launch: Launch) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(part for part in (str(_PACKAGES), os.environ.get("PYTHONPATH", "")) if part)
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    with launch.place.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tsdeploy.sandbox", *launch.arguments()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": path},
            **detached,
        )


def _not_started(launch: Launch) -> TsdeployError:
    said = launch.place.log.read_text(encoding="utf-8", errors="replace").strip()
    hint = f"see {launch.place.log}"
    return TsdeployError(Finding("TD808", f"sandbox {launch.name} did not start: {said or 'no reason'}", hint=hint))
