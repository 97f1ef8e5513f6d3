"""The backups of an environment, by its name: listed, verified, looked into, and thinned out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from tsdeploy.backup.history import Version, version_at, versions
from tsdeploy.backup.manifest import BackedUp
from tsdeploy.backup.moments import backup_at
from tsdeploy.backup.places import store_of
from tsdeploy.backup.retention import Pruned, prune, push_pruned
from tsdeploy.backup.store import Snapshot
from tsdeploy.backup.verify import Verified, verify
from tsdeploy.config.backing_up import Keep
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.lock import locked

LATEST = "latest"


def list_backups(project: Project, environment: Environment) -> Sequence[Snapshot]:
    """The backups, the latest first. Raises GitError where there is no repository."""
    return store_of(project, environment).snapshots()


def verify_backup(project: Project, environment: Environment, at: str = LATEST) -> Verified:
    """Tell whether a backup could be restored: every file parses, has its hash, and finds what it refers to.

    ``at`` is ``latest``, a commit, a time, an age, a date or a weekday. Raises UsageError TD533 when there is no such
    backup, TsdeployError TD531 for one that cannot be read.
    """
    store = store_of(project, environment)
    return verify(store, backup_at(store, at, time.time()))


def object_versions(project: Project, environment: Environment, named: str) -> Sequence[Version]:
    """The backups in which an object, by GUID, obj_id or name, changed, the latest first.

    Raises UsageError TD539 when none ever had it, or when several are called so.
    """
    return versions(store_of(project, environment), named)


def read_version(project: Project, environment: Environment, named: str, at: str = LATEST) -> tuple[BackedUp, str]:
    """An object, by GUID, obj_id or name, as a backup has it, and its TML. Raises UsageError TD533 or TD539."""
    store = store_of(project, environment)
    return version_at(store, named, backup_at(store, at, time.time()))


def prune_backups(
    project: Project, environment: Environment, keep: Keep | None = None, *, dry_run: bool = False
) -> Pruned:
    """Forget backups but those that ``keep`` names, or the environment's file, and those with a git tag.

    Where backups are pushed, the remote's branch is replaced, too. Raises DeployError TD610 while a backup is taken,
    and GitError TD703.
    """
    store, settings = store_of(project, environment), environment.backup
    with locked(project, replace(environment, name=f"{environment.name}.backup"), "prune"):
        done = prune(store, keep or settings.keep, dry_run=dry_run)
        if done.dropped and not dry_run and settings.push:
            push_pruned(store, settings.remote)
    return done
