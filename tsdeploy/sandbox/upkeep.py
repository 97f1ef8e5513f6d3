"""Snapshots, forks and dumps of a sandbox by name, whether it runs or not."""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tsdeploy.errors import Finding, TsdeployError, UsageError
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.dump import dump_folder
from tsdeploy.sandbox.registry import LOOPBACK, Running, find_running, place_of
from tsdeploy.sandbox.snapshots import Snapshot, Snapshots, write_copy
from tsdeploy.sandbox.store.database import Database
from tsdeploy.sandbox.web.routes import ADMIN_BASE, ADMIN_TOKEN_HEADER

_SECONDS = 60


def snapshots_of(name: str, home: Path | None = None) -> tuple[Snapshot, ...]:
    """The snapshots of a sandbox. Raises UsageError TD804 when there is no such sandbox."""
    with _opened(name, home) as snapshots:
        return snapshots.all()


def save_snapshot(name: str, snapshot: str, home: Path | None = None) -> Snapshot:
    """Take a snapshot; a sandbox that runs goes on. Raises UsageError TD804 or TD807."""
    with _opened(name, home) as snapshots:
        return snapshots.save(snapshot)


def delete_snapshot(name: str, snapshot: str, home: Path | None = None) -> None:
    """Forget a snapshot. Raises UsageError TD804 or TD809."""
    with _opened(name, home) as snapshots:
        snapshots.delete(snapshot)


def restore_snapshot(name: str, snapshot: str, home: Path | None = None, token_env: str = "") -> None:
    """Make a sandbox what it was. One that runs is told to; its admin token is in the variable ``token_env``.

    Raises UsageError TD804 or TD809, and TsdeployError TD815 when the running sandbox refuses.
    """
    with _opened(name, home) as snapshots:
        running = find_running(name, home)
        if running is None:
            snapshots.restore(snapshot)
            return
        snapshots.check(snapshot)
    _ask(running, f"{ADMIN_BASE}/snapshots/{snapshot}/restore", os.environ.get(token_env, ""))


def fork(name: str, new: str, home: Path | None = None, snapshot: str = "") -> Path:
    """Make a new sandbox that has all that another one has, or had; its database.

    Raises UsageError TD804, TD807, TD809, or TD816 when there is a sandbox of the new name already.
    """
    target = place_of(new, home)
    if target.database.exists():
        hint = f"choose another name, or delete {target.folder}"
        raise UsageError(Finding("TD816", f"there is a sandbox named {new} already", hint=hint))
    with _database(name, home) as database:
        target.folder.mkdir(parents=True, exist_ok=True)
        if not snapshot:
            write_copy(database, target.database)
            return target.database
        snapshots = Snapshots(database, place_of(name, home).snapshots)
        with snapshots.opened(snapshot) as source, closing(sqlite3.connect(target.database)) as copy:
            source.backup(copy)
    return target.database


def dump(name: str, folder: Path, home: Path | None = None, org: str = "") -> tuple[Path, ...]:
    """Write an Org, by id or name, to a folder of TML; the files. Raises UsageError TD804, TD806 or TD812."""
    with tempfile.TemporaryDirectory(prefix="tsdeploy-") as scratch:
        copy = Path(scratch) / "cluster.sqlite"
        with _database(name, home) as database:
            write_copy(database, copy)
        with Cluster(copy) as cluster:
            found = cluster.orgs.find(org or "0")
            if found is None:
                known = ", ".join(f"{known.id} ({known.name})" for known in cluster.orgs.all())
                raise UsageError(Finding("TD806", f"the cluster has no Org {org}", hint=f"its Orgs are: {known}"))
            return dump_folder(cluster, folder, found.id)


@contextmanager
def _opened(name: str, home: Path | None) -> Iterator[Snapshots]:
    with _database(name, home) as database:
        yield Snapshots(database, place_of(name, home).snapshots)


@contextmanager
def _database(name: str, home: Path | None) -> Iterator[Database]:
    """The database of a sandbox, beside the process that may have it open."""
    place = place_of(name, home)
    if not place.database.exists():
        hint = f"start it:  tsdeploy sandbox start --name {name}"
        raise UsageError(Finding("TD804", f"there is no sandbox named {name}", hint=hint))
    with closing(Database(place.database, "")) as database:
        yield database


def _ask(running: Running, path: str, token: str) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, running.port, timeout=_SECONDS)
    try:
        connection.request("POST", path, headers={ADMIN_TOKEN_HEADER: token} if token else {})
        response = connection.getresponse()
        said = response.read()
    except OSError as error:
        raise _refused(running, str(error)) from None
    finally:
        connection.close()
    if response.status >= 300:
        raise _refused(running, str(json.loads(said)["error"]["message"]["debug"]))


def _refused(running: Running, why: str) -> TsdeployError:
    hint = "give the name of the variable with its admin token, where it has one:  --admin-token-env NAME"
    return TsdeployError(Finding("TD815", f"sandbox {running.name} refused: {why}", hint=hint))
