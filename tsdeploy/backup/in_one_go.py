"""A restore in one call: the backup laid out, what it stands on made, then its objects and their state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tsdeploy.backup.foundations import missing_connections
from tsdeploy.backup.moments import backup_at
from tsdeploy.backup.places import store_of
from tsdeploy.backup.principals import restore_principals
from tsdeploy.backup.remembered import remember
from tsdeploy.backup.restore import (
    Approve,
    RestoreOrder,
    RestoreResult,
    lay_foundations,
    principals_to_restore,
    restore,
)
from tsdeploy.backup.staging import Stage, stage
from tsdeploy.backup.store import Snapshot
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import Finding
from tsdeploy.rest import Session


@dataclass(frozen=True, slots=True)
class RestoreHooks:
    """What is called while a restore goes on; each does nothing, or says yes, unless it is given.

    ``begins`` hears which backup it is, ``approve`` decides about the plan, ``confirm`` is asked before connections and
    people are made, and raises to stop; ``found`` hears what became of these, ``says`` how far it is.
    """

    begins: Callable[[Snapshot], None] = lambda _: None
    approve: Approve = lambda _: True
    confirm: Callable[[str], None] = lambda _: None
    found: Callable[[Iterable[Finding]], None] = lambda _: None
    says: Callable[[str], None] = lambda _: None


_ALONE = RestoreHooks()


def restore_backup(
    project: Project,
    source: Environment,
    target: Environment,
    session: Session,
    order: RestoreOrder,
    hooks: RestoreHooks = _ALONE,
) -> RestoreResult:
    """Restore a backup of ``source`` to ``target``, the same environment or another one; ``session`` is with that one.

    Raises UsageError TD533 when there is no such backup, TD544 where a mapping names the people, DeployError TD610 when
    something else is going on there, RestError TD536, GuardError, and what ``make_plan`` raises.
    """
    store = store_of(project, source)
    snapshot = backup_at(store, order.at, time.time())
    hooks.begins(snapshot)
    with locked(project, target, "restore"):
        staged = stage(project, source, target, store, snapshot)
        laid = [*_people(session, staged, order, hooks), *_foundations(session, staged, order, hooks)]
        result = restore(staged, session, order, hooks.approve, hooks.says)
        settings = tuple(f"set {words}" for words in result.counts() if not words.startswith("0 "))
        result = replace(result, findings=(*result.findings, *remember(project, target, staged, settings)))
    if result.exit_code == 0:
        staged.remove()
    return replace(result, laid=tuple(laid))


def _people(session: Session, staged: Stage, order: RestoreOrder, hooks: RestoreHooks) -> list[Finding]:
    if not order.principals:
        return []
    missing = principals_to_restore(session, staged, order)
    if not missing:
        hooks.says("no users, groups or roles are missing")
        return []
    hooks.confirm(f"Make {missing} in {staged.environment.name}?")
    return _told(restore_principals(session, missing), hooks)


def _foundations(session: Session, staged: Stage, order: RestoreOrder, hooks: RestoreHooks) -> list[Finding]:
    if not order.foundations:
        return []
    missing = missing_connections(session, staged.contents.manifest)
    if missing:
        names = ", ".join(one.name for one in missing)
        hooks.confirm(f"Make {len(missing)} connections ({names}) in {staged.environment.name}?")
    return _told(lay_foundations(session, staged, missing), hooks)


def _told(findings: list[Finding], hooks: RestoreHooks) -> list[Finding]:
    """The findings, which are told now: what was made is there, whatever becomes of the rest."""
    hooks.found(findings)
    return findings
