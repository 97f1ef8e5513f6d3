"""``restore ENV --at WHEN``: a backup, planned and deployed as any release is; then tags, sharing and owners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tsdeploy.backup.afterwards import Afterwards
from tsdeploy.backup.foundations import missing_connections, restore_connections, restore_variables
from tsdeploy.backup.staging import Stage
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.deploy.deploying import deploy_locked, prepared
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions, Site
from tsdeploy.errors import Finding, Severity
from tsdeploy.plan.build import PlanOptions, make_plan
from tsdeploy.plan.change import Action, Plan
from tsdeploy.plan.guards import check_guards
from tsdeploy.rest import Session

Approve = Callable[[Plan], bool]
"""Shown the plan; whether it shall be deployed."""


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """What to restore. ``foundations`` also makes connections and variables that are missing."""

    select: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    foundations: bool = False


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did. ``deployed`` is None when the plan was not approved, or could not be carried out.

    ``state`` counts the tags, shares, owners and obj_ids that were set.
    """

    plan: Plan
    deployed: DeployResult | None = None
    state: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 1 nothing restored, 5 partly."""
        if self.deployed is None:
            return 1
        wrong = any(finding.severity is Severity.ERROR for finding in self.findings)
        return self.deployed.exit_code or (5 if wrong else 0)


def lay_foundations(session: Session, stage: Stage, store: Store, snapshot: Snapshot) -> list[Finding]:
    """Make the connections and variables that are missing; a finding for each. Raises RestError TD536."""
    missing = missing_connections(session, stage.contents.manifest)
    findings = restore_connections(session, store, snapshot, missing)
    return [*findings, *restore_variables(session, stage.contents.variables)]


def restore(
    stage: Stage,
    session: Session,
    order: RestoreOrder,
    approve: Approve,
    progress: Callable[[str], None] = lambda _: None,
) -> RestoreResult:
    """Plan a staged backup, have the plan approved, deploy it, and bring back what TML does not hold.

    Tags, sharing, owners and obj_ids are also set on objects whose TML is as it was. Raises what ``make_plan``,
    ``check_guards`` and ``deploy_plan`` raise.
    """
    options = PlanOptions(select=stage.paths(order.select))
    project, environment = stage.project, stage.environment
    with prepared(project, environment, session, what="restore", say=progress) as recovered:
        plan = make_plan(project, environment, session, options)
        if plan.errors() or not approve(plan):
            return RestoreResult(plan, findings=tuple(recovered))
        lifted = check_guards(project, environment, plan, overrides=order.overrides)
        site = Site(project, environment, session, progress)
        deployed = deploy_locked(site, plan, DeployOptions(lifted, planned=options))
    if not deployed.succeeded:
        return RestoreResult(plan, deployed, findings=tuple(recovered))
    progress("restoring tags, sharing and owners")
    afterwards = Afterwards(session, stage.contents)
    afterwards.bring(_guids(stage, plan))
    return RestoreResult(plan, deployed, afterwards.done, (*recovered, *afterwards.findings))


def _guids(stage: Stage, plan: Plan) -> dict[str, str]:
    """Key in the backup → GUID in the target, of what the plan was about."""
    recorded = {record.source: record.guid for record in stage.project.objects(stage.environment) if record.guid}
    changes = (change for change in plan.changes if change.action is not Action.BLOCKED)
    return {change.key: recorded.get(change.key) or change.rendered.target.guid for change in changes}
