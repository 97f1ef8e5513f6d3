"""One deploy at a time: a lock for each environment, on this machine and, if wanted, on the git remote."""

from __future__ import annotations

import getpass
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from secrets import token_hex
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.shared_lock import SharedLock
from tsdeploy.errors import DeployError, Finding, GitError, Location, TsdeployError
from tsdeploy.files import make_private, write_atomically
from tsdeploy.git import Repository

Say = Callable[[str], None]
_MOST_PIDS = 2**31
_PATIENCE = 30.0
"""Seconds for a file that is read and written once."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: user, host and process, what for, and since when (ISO 8601, UTC)."""

    user: str
    host: str
    pid: int
    since: str
    what: str
    token: str

    def __str__(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid}), since {self.since}, for {self.what}"

    def is_stale(self, after: float) -> bool:
        """Whether nobody can hold it any more: its process on this host is gone, or it is too old."""
        if self.host == socket.gethostname() and not _is_running(self.pid):
            return True
        try:
            since = datetime.fromisoformat(self.since)
        except ValueError:
            return True
        if since.tzinfo is None:
            return True  # not written by any tsdeploy
        return (datetime.now(timezone.utc) - since).total_seconds() > after

    def text(self) -> str:
        """As it is written down."""
        return json.dumps(asdict(self))


def this_process(what: str) -> Holder:
    """The holder that this process is."""
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return Holder(_user(), socket.gethostname(), os.getpid(), now, what, token_hex(8))


def read_holder(text: str) -> Holder | None:
    """A holder as it was written down; None for anything else."""
    try:
        value: dict[str, Any] = json.loads(text)
        holder = Holder(**{name: value[name] for name in Holder.__dataclass_fields__})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    words = (holder.user, holder.host, holder.since, holder.what, holder.token)
    # Whoever can push can have written it.
    is_pid = isinstance(holder.pid, int) and 0 < holder.pid < _MOST_PIDS
    return holder if is_pid and all(isinstance(word, str) for word in words) else None


@contextmanager
def locked(
    project: Project, environment: Environment, what: str, *, shared: bool = False, say: Say = lambda _: None
) -> Iterator[None]:
    """Hold an environment's lock. A lock that nobody can hold any more is taken over, and that is said.

    ``shared`` also holds the git ref ``refs/tsdeploy/lock/NAME`` on the remote, as the environment may ask for, too.
    Raises DeployError TD610 with the holder when it is held, GitError TD703 when the remote cannot be reached.
    """
    holder, after = this_process(what), environment.deploy.lock_stale_after
    path = _path(project, environment)
    with ExitStack() as stack:
        _take(path, holder, after, environment.name, say)
        stack.callback(_give_back, path, holder, say)
        if shared or environment.deploy.shared_lock:
            _share(project, environment, holder, say, stack)
        yield


def holder_of(project: Project, environment: Environment) -> Holder | None:
    """Who holds an environment's lock on this machine; None when nobody does."""
    return _read(_path(project, environment))


def shared_holder_of(project: Project, environment: Environment) -> Holder | None:
    """Who holds it on the git remote. Raises GitError when the remote cannot be reached."""
    return read_holder(_shared_lock(project, environment).holder())


def _path(project: Project, environment: Environment) -> Path:
    return project.state / "locks" / f"{environment.name}.json"


def _take(path: Path, holder: Holder, after: float, name: str, say: Say) -> None:
    with _alone_with(path):
        there, is_new = _read(path), not path.exists()
        if there is not None and not there.is_stale(after):
            shown = f".tsdeploy/locks/{path.name}"
            raise DeployError(held(name, there, shown, f"rm {shown}"))
        write_atomically(path, holder.text().encode("utf-8"), mode=0o600)
    if not is_new:
        say(f"took over a lock that nobody holds any more: {there or 'unreadable'}")


def _give_back(path: Path, holder: Holder, say: Say) -> None:
    """What was done under the lock is done, and its result is to be seen: a lock that stays is stale soon."""
    try:
        with _alone_with(path):
            if _read(path) == holder:
                path.unlink(missing_ok=True)
    except TsdeployError as error:
        say(f"the lock could not be given back: {error.findings[0].message}")


@contextmanager
def _alone_with(path: Path) -> Iterator[None]:
    """No other process looks at a lock, or changes it, meanwhile.

    SQLite locks files on every system, and the system ends that with the process. Raises TsdeployError TD001.
    """
    guard = path.with_name(f"{path.stem}.guard")
    with ExitStack() as stack:
        try:
            make_private(path.parent)
            guard.touch(mode=0o600, exist_ok=True)
            connection = sqlite3.connect(guard, timeout=_PATIENCE, isolation_level=None)
            stack.callback(connection.close)
            connection.execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            raise TsdeployError(Finding("TD001", f"cannot lock the file: {error}", Location(str(guard)))) from None
        yield


def _read(path: Path) -> Holder | None:
    try:
        return read_holder(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _share(project: Project, environment: Environment, holder: Holder, say: Say, stack: ExitStack) -> None:
    lock = _shared_lock(project, environment)
    there = lock.take(holder.text())
    if there is not None:
        other = read_holder(there)
        if other is None or other.is_stale(environment.deploy.lock_stale_after):
            there = lock.take(holder.text(), instead=True)
        if there is not None:
            raise DeployError(held(environment.name, read_holder(there), lock.ref, lock.removal))
        say(f"took over a lock that nobody holds any more: {other or 'unreadable'}")
    stack.callback(_give_back_shared, lock, say)


def _give_back_shared(lock: SharedLock, say: Say) -> None:
    """What was done under the lock is done, and its result is to be seen, whether the remote answers or not."""
    try:
        lock.give_back()
    except GitError as error:
        say(f"{lock.ref} is still held: {error.findings[0].message}; take it away:  {lock.removal}")


def _shared_lock(project: Project, environment: Environment) -> SharedLock:
    return SharedLock(Repository.find(project.root), environment.deploy.record.remote, environment.name)


def held(name: str, holder: Holder | None, where: str, removal: str) -> Finding:
    """The finding for a lock that somebody else holds; ``removal`` is the command that takes it away by force."""
    hint = f"wait for it; it is taken over when its process is gone, or it is too old; by force:  {removal}"
    if holder is not None and holder.host != socket.gethostname():
        hint = f"wait for it; nobody here can see whether it runs on {holder.host}; if you know it is gone:  {removal}"
    return Finding("TD610", f"{name} is locked by {holder or 'somebody'}", Location(where), hint=hint)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def _is_running(pid: int) -> bool:
    """Whether a process of this host is there. Windows has no signal 0: a process there counts as running."""
    if os.name == "nt" or pid <= 0:
        return os.name == "nt"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
