"""``prune ENV``: delete what this project deployed and git no longer has. Never for a part of a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.deploy.deletion import Candidate, Doomed, delete_all, find_doomed, users_of
from tsdeploy.deploy.deletion_guards import NAMES, refused_deletions
from tsdeploy.deploy.release_folder import Before
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions, Job, Site, carry_out
from tsdeploy.deploy.there import read_by_guid
from tsdeploy.deploy.work import NoWork
from tsdeploy.errors import DeployError, Finding, UsageError
from tsdeploy.plan.change import Plan
from tsdeploy.plan.guards import Situation, asked, refuse

_SHOWN = 5
_GUARDS = ("branch", "clean_tree", "windows")


@dataclass(frozen=True, slots=True, eq=False)
class PrunePlan:
    """What a prune would delete; ``deployed`` is of how many. Findings that are errors keep it from happening."""

    plan: Plan
    doomed: tuple[Doomed, ...]
    deployed: int
    findings: tuple[Finding, ...] = ()

    def errors(self) -> tuple[Finding, ...]:
        """Everything that keeps it from being carried out."""
        return tuple(finding for finding in self.findings if finding.is_error)

    def summary(self) -> str:
        """The stable last line."""
        return f"Prune: {len(self.doomed)} to delete, of {self.deployed} deployed to {self.plan.environment}."


def plan_prune(site: Site, plan: Plan) -> PrunePlan:
    """What left git since it was deployed from here, and is still there; nothing is written.

    An object that others use is a finding TD621: the server would not delete it. Raises UsageError TD620 for a plan of
    a part of the release, and DeployError for one with errors: what cannot be read must not look as if it were gone.
    """
    if plan.selected:
        hint = "prune looks at the whole release: leave out --select and --since"
        raise UsageError(Finding("TD620", "what left git cannot be told from a part of the release", hint=hint))
    DeployError.raise_for(plan.errors())
    live = read_by_guid(site.session, (record.guid for record in plan.removed))
    candidates = (
        Candidate(record.source, f"{record.kind}:{record.name}", record.guid, record.live) for record in plan.removed
    )
    doomed, kept = find_doomed(candidates, live, plan.environment)
    deployed = sum(bool(record.hash) for record in plan.inputs.objects)
    return PrunePlan(plan, doomed, deployed, (*kept, *_in_use(site, doomed)))


def check_prune(site: Site, prune: PrunePlan, overrides: tuple[str, ...]) -> tuple[str, ...]:
    """Raise GuardError with each guard that refuses; give back the overrides that were needed.

    TD554 protection, TD624 size (``max_delete``, ``max_delete_percent``), and the guards of the moment: branch, clean
    tree and windows.
    """
    situation = Situation(site.project, site.environment, prune.plan.head)
    refusals = (
        *asked(situation, _GUARDS),
        *refused_deletions(site.environment, "prune", prune.doomed, prune.deployed),
    )
    return refuse(situation, refusals, overrides, more_names=NAMES)


def prune(site: Site, prune_plan: PrunePlan, options: DeployOptions) -> DeployResult:
    """Delete what a plan says, and look whether it is gone; the lock is the caller's. ``rollback`` brings it back.

    Raises DeployError when the plan has errors.
    """
    DeployError.raise_for(prune_plan.errors())
    records = prune_plan.plan.inputs.objects.by_source()
    before = [
        Before(one.source, one.label, one.live.document.path, one.guid, one.live.content.text, records.get(one.source))
        for one in prune_plan.doomed
    ]
    job = Job(
        "prune",
        NoWork(prune_plan.plan.head.commit),
        tuple(before),
        last=lambda bench: delete_all(bench, prune_plan.doomed),
        expected=tuple(one.result("not sent") for one in prune_plan.doomed),
    )
    return carry_out(site, job, options)


def _in_use(site: Site, doomed: tuple[Doomed, ...]) -> Iterator[Finding]:
    users = users_of(site.session, doomed)
    for one in doomed:
        names = users.get(one.guid, ())
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            message = f"{one.label} is used by {', '.join(names[:_SHOWN])}{more}, which would break"
            hint = "delete or change its users first, or take it back into git"
            yield Finding("TD621", message, hint=hint)
