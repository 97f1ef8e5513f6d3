"""Where sandboxes live on this machine, and which of them run.

Each has a folder of its own under the registry folder: its database, its log, and ``running.json`` while it runs.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tsdeploy.sandbox.names import checked_name, is_name
from tsdeploy.sandbox.snapshots import snapshots_beside
from tsdeploy.sandbox.web.routes import HEALTH

HOME_VARIABLE = "TSDEPLOY_SANDBOX_HOME"
LOOPBACK = "127.0.0.1"

_HEALTH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that runs. ``started`` is milliseconds since the epoch."""

    name: str
    pid: int
    port: int
    url: str
    started: int


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one sandbox."""

    folder: Path

    @property
    def database(self) -> Path:
        """The cluster's SQLite file; it outlives the process."""
        return self.folder / "cluster.sqlite"

    @property
    def snapshots(self) -> Path:
        """The folder of its snapshots."""
        return snapshots_beside(self.database)

    @property
    def log(self) -> Path:
        """What the detached process said."""
        return self.folder / "sandbox.log"

    @property
    def running(self) -> Path:
        """Process id, port and URL, while it runs."""
        return self.folder / "running.json"


def sandbox_home(environment: Mapping[str, str] | None = None) -> Path:
    """The registry folder: ``$TSDEPLOY_SANDBOX_HOME``, else where the operating system keeps such state."""
    known = os.environ if environment is None else environment
    if known.get(HOME_VARIABLE):
        return Path(known[HOME_VARIABLE])
    if sys.platform == "win32" and known.get("LOCALAPPDATA"):
        return Path(known["LOCALAPPDATA"]) / "tsdeploy" / "sandboxes"
    state = known.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "tsdeploy" / "sandboxes"


def place_of(name: str, home: Path | None = None) -> Place:
    """The files of a sandbox. Raises UsageError TD807 for a name that is none."""
    return Place((home or sandbox_home()) / checked_name(name))


def find_running(name: str, home: Path | None = None) -> Running | None:
    """The sandbox of a name, if its process is there and says that it is the one."""
    noted = _noted(place_of(name, home).running)
    if noted is None or noted.name != name:
        return None
    health = _health(noted.port)
    return noted if health.get("name") == name and health.get("pid") == noted.pid else None


def list_running(home: Path | None = None) -> tuple[Running, ...]:
    """Every sandbox that runs, by name."""
    folder = home or sandbox_home()
    names = sorted(path.parent.name for path in folder.glob("*/running.json"))
    found = (find_running(name, home) for name in names if is_name(name))
    return tuple(running for running in found if running is not None)


def note_running(place: Place, running: Running) -> None:
    """Write down that a sandbox runs, in one step."""
    draft = place.running.with_suffix(f".{running.pid}")
    draft.write_text(json.dumps(asdict(running)) + "\n", encoding="utf-8")
    draft.replace(place.running)


def forget_running(place: Place) -> None:
    """Take the note away."""
    place.running.unlink(missing_ok=True)


def _noted(path: Path) -> Running | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Running(**{field.name: content[field.name] for field in fields(Running)})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there, or half a file of somebody else's making


def _health(port: int) -> dict[str, Any]:
    """What answers on a port of this machine, {} when nothing sensible does."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_HEALTH_SECONDS)
    try:
        connection.request("GET", HEALTH)
        content = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return content if isinstance(content, dict) else {}
