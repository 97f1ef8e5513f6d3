"""Sandboxes as processes that outlive the command that started them. Quick to import: no server comes along."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tsdeploy.errors import Finding, TsdeployError, UsageError
from tsdeploy.sandbox.registry import (
    LOOPBACK,
    Place,
    Running,
    find_running,
    forget_running,
    place_of,
)
from tsdeploy.sandbox.settings import Settings, settings_text
from tsdeploy.sandbox.wellknown import TSADMIN_NAME
from tsdeploy.tml.folder import tml_files

_PACKAGES = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.02
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Launch:
    """How to run a sandbox.

    ``port`` 0 takes a free one; ``load`` fills a cluster that is still empty from a folder of TML, ``warehouse`` is a
    file that says what warehouses have; ``admin_token_env`` names the variable that holds the token of the admin API.
    """

    name: str
    port: int = 0
    home: Path | None = None
    load: Path | None = None
    warehouse: Path | None = None
    host: str = LOOPBACK
    admin_token_env: str = ""
    settings: Settings = field(default_factory=Settings)

    @property
    def place(self) -> Place:
        """Its files. Raises UsageError TD807 for a name that is none."""
        return place_of(self.name, self.home)

    def arguments(self) -> list[str]:
        """The arguments of ``python -m tsdeploy.sandbox``. No secret is among them: others can see them."""
        options = ["--port", str(self.port), "--host", self.host]
        options += ["--home", str(self.place.folder.parent.resolve())]
        options += ["--admin-token-env", self.admin_token_env] if self.admin_token_env else []
        options += ["--load", str(self.load.resolve())] if self.load else []
        options += ["--warehouse", str(self.warehouse.resolve())] if self.warehouse else []
        return [self.name, *options, "--settings", settings_text(self.settings)]

    def cluster_settings(self) -> Settings:
        """The settings with the sandbox's name and admin token. Raises UsageError TD813 for an unset variable."""
        token = os.environ.get(self.admin_token_env, "") if self.admin_token_env else ""
        if self.admin_token_env and not token:
            hint = "set it to a long random text"
            raise UsageError(Finding("TD813", f"the variable {self.admin_token_env} is not set", hint=hint))
        return replace(self.settings, name=self.name, admin_token=token)


def announcement(running: Running) -> str:
    """What a person has to know to use a sandbox that has just started."""
    known = Settings()
    credentials = f"user {TSADMIN_NAME}, password {known.password}, secret key {known.secret_key}"
    return f"sandbox {running.name} is running at {running.url}\n  {credentials}"


def start_detached(launch: Launch) -> Running:
    """Start a sandbox that keeps running, and wait until it answers.

    Raises UsageError TD802 (port taken), TD803 (runs already), TD805 (nothing to load), TD807 (name), TD813 (admin
    token), and TsdeployError TD808 when it does not come up.
    """
    refuse_running(launch)
    launch.cluster_settings()
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


def refuse_running(launch: Launch) -> None:
    """Raises UsageError TD803 when a sandbox of that name runs."""
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
            raise port_taken(launch, error) from None


def port_taken(launch: Launch, error: OSError) -> UsageError:
    """The error for a port that cannot be listened on."""
    hint = "choose another --port, or leave it out to take a free one"
    reason = error.strerror or str(error)
    return UsageError(Finding("TD802", f"port {launch.port} cannot be used: {reason}", hint=hint))


def _spawn(launch: Launch) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(part for part in (str(_PACKAGES), os.environ.get("PYTHONPATH", "")) if part)
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    with launch.place.log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - no shell, and a list of words
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
