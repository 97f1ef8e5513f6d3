"""The objects of a backup, planned and deployed as any release is; then their tags, sharing and owners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tsdeploy.backup.afterwards import Afterwards
from tsdeploy.backup.foundations import restore_connections, restore_variables
from tsdeploy.backup.manifest import BackedUp
from tsdeploy.backup.needed import AS_THEY_ARE, Naming, missing_people, needed_people
from tsdeploy.backup.principals import Missing, missing_principals
from tsdeploy.backup.staging import Stage
from tsdeploy.backup.value_scopes import value_scopes
from tsdeploy.deploy.deploying import deploy_locked, prepared
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions, Site
from tsdeploy.errors import Finding, UsageError
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.plan.build import PlanOptions, make_plan
from tsdeploy.plan.change import Action, Plan
from tsdeploy.plan.guards import check_guards
from tsdeploy.rest import Session

Approve = Callable[[Plan], bool]
"""Shown the plan; whether it shall be deployed."""


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """What to restore, as of ``at``: ``latest``, a commit, a time, an age, a date or a weekday.

    ``foundations`` also makes connections and variables that are missing, ``principals`` users, groups and roles.
    """

    select: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    foundations: bool = False
    principals: bool = False
    at: str = "latest"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did. ``deployed`` is None when the plan was not approved, or could not be carried out.

    ``state`` counts the tags, shares, owners and obj_ids that were set; ``laid`` is what there is to say of the
    connections, variables and people that were made before.
    """

    plan: Plan
    deployed: DeployResult | None = None
    state: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    laid: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 1 nothing restored, 5 partly."""
        if self.deployed is None:
            return 1
        wrong = any(finding.is_error for finding in (*self.laid, *self.findings))
        return self.deployed.exit_code or (5 if wrong else 0)

    def counts(self) -> list[str]:
        """What was set besides TML, such as ``2 tags``, in words; also what there was none of."""
        return [f"{count} {what.removesuffix('s') if count == 1 else what}" for what, count in self.state.items()]


def principals_to_restore(session: Session, stage: Stage, order: RestoreOrder) -> Missing:
    """The users, groups and roles that are missing: all of the backup, or whom the selected objects need.

    Raises UsageError TD544 where a mapping names them, and RestError when those that are there cannot be listed.
    """
    if stage.home is not None:
        hint = "make there whom the mapping names; without --principals, the plan says who is missing"
        message = f"who is in {stage.home.name} is not for a backup of {stage.home.source} to say: a mapping names them"
        raise UsageError(Finding("TD544", message, hint=hint))
    needed = None
    if order.select:
        needed = needed_people(stage.contents, stage.chosen(order.select), AS_THEY_ARE)
    return missing_principals(session, stage.contents.people, needed)


def lay_foundations(session: Session, stage: Stage, connections: Sequence[BackedUp]) -> list[Finding]:
    """Make connections, and the variables that are missing; a finding for each. Raises RestError TD536."""
    findings = restore_connections(session, stage.texts(connections), connections)
    project, environment, scopes = stage.project, stage.environment, None
    if stage.home is not None:
        rules = load_mapping(environment.mapping_path, project.shown(environment.mapping_path))
        scopes = value_scopes(rules, project.objects(environment))
    return [*findings, *restore_variables(session, stage.contents.variables, scopes)]


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
    paths = stage.chosen(order.select).values() if order.select else ()
    options = PlanOptions(select=tuple(f"path:{path}" for path in paths))
    project, environment = stage.project, stage.environment
    with prepared(project, environment, session, what="restore", say=progress) as recovered:
        plan = make_plan(project, environment, session, options)
        naming = Naming(plan.inputs.mapping.users, plan.inputs.mapping.groups)
        keys = [change.key for change in plan.changes]
        missing = missing_people(session, needed_people(stage.contents, keys, naming))
        plan = replace(plan, findings=(*plan.findings, *missing))
        if plan.errors() or not approve(plan):
            return RestoreResult(plan, findings=tuple(recovered))
        lifted = check_guards(project, environment, plan, overrides=order.overrides)
        try:
            site = Site(project, environment, session, progress)
            deployed = deploy_locked(site, plan, DeployOptions(lifted, planned=options, kind="restore"))
        finally:
            stage.give_back()
    if not deployed.carried_out:
        return RestoreResult(plan, deployed, findings=tuple(recovered))
    progress("restoring tags, sharing and owners")
    afterwards = Afterwards(session, stage.contents, naming)
    afterwards.bring(_guids(stage, plan), obj_ids=stage.home is None)
    return RestoreResult(plan, deployed, afterwards.done, (*recovered, *afterwards.findings))


def _guids(stage: Stage, plan: Plan) -> dict[str, str]:
    """Key in the backup → GUID in the target, of what the plan was about."""
    recorded = {record.source: record.guid for record in stage.project.objects(stage.environment) if record.guid}
    changes = (change for change in plan.changes if change.action is not Action.BLOCKED)
    return {change.key: recorded.get(change.key) or change.rendered.target.guid for change in changes}
