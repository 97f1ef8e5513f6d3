"""Each thing that changes an environment, in one call: the lock, what was left open, the plan, the guards, the deed.

Nobody is asked in between. Who wants to look first makes the plan, or the preview, and carries that out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.deploying import deploy_locked, prepared, resumed, site_to_read
from tsdeploy.deploy.prune import PrunePlan, check_prune, plan_prune, prune
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.rollback import RollbackPlan, check_rollback, plan_rollback, roll_back
from tsdeploy.deploy.run import DeployOptions, Site
from tsdeploy.errors import DeployError, Finding
from tsdeploy.plan.build import make_plan
from tsdeploy.plan.change import Plan
from tsdeploy.plan.guards import check_guards
from tsdeploy.plan.saved import read_plan, refuse_stale, saved_plan
from tsdeploy.rest import Session

_Say = Callable[[str], None]
_AS_USUAL = DeployOptions()


@dataclass(frozen=True, slots=True)
class RollbackOrder:
    """What to take back: ``release`` and all since, "" for the last one that is not taken back yet.

    ``overwrite`` are selectors of objects whose edits by hand since then may be lost, ``overrides`` guards to lift.
    """

    release: str = ""
    overwrite: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()


_LAST = RollbackOrder()


def deploy_release(
    project: Project,
    environment: Environment,
    session: Session,
    options: DeployOptions = _AS_USUAL,
    progress: _Say = lambda _: None,
) -> DeployResult:
    """Plan what the folder has, as ``options.planned`` asks, and make it so; what was left open is looked up first.

    Raises what ``make_plan`` raises, DeployError for blocked objects and for a lock that somebody else holds (TD610),
    and GuardError; then nothing was sent. Every other failure is in the result.
    """
    with _site(project, environment, session, progress, shared=options.shared_lock) as (site, recovered):
        plan = make_plan(project, environment, session, options.planned, quick=True)
        return _told(_deployed(site, plan, options), recovered)


def resume_release(
    project: Project,
    environment: Environment,
    session: Session,
    options: DeployOptions = _AS_USUAL,
    progress: _Say = lambda _: None,
) -> DeployResult:
    """Go on with the last deploy of this clone, which did not end well: its selection, on what is there now.

    Raises UsageError TD629 when there is nothing to resume, and what ``deploy_release`` raises.
    """
    with _site(project, environment, session, progress, shared=options.shared_lock) as (site, recovered):
        wanted = replace(options, planned=resumed(project, environment))
        plan = make_plan(project, environment, session, wanted.planned)
        return _told(_deployed(site, plan, wanted), recovered)


def deploy_saved_plan(
    project: Project,
    environment: Environment,
    session: Session,
    path: Path,
    options: DeployOptions = _AS_USUAL,
    progress: _Say = lambda _: None,
) -> DeployResult:
    """Deploy exactly what a plan file says, or nothing; its own selection replaces that of the options.

    Raises ConfigError TD301 to TD303 for what is no plan file, GuardError TD561 to TD564 when anything has moved since
    it was made, and what ``deploy_release`` raises.
    """
    saved = read_plan(path)
    with _site(project, environment, session, progress, shared=options.shared_lock) as (site, recovered):
        plan = make_plan(project, environment, session, saved.options)
        refuse_stale(saved, saved_plan(project, environment, plan, saved.options), path)
        return _told(_deployed(site, plan, replace(options, planned=saved.options)), recovered)


def preview_rollback(
    project: Project, environment: Environment, session: Session, order: RollbackOrder = _LAST
) -> RollbackPlan:
    """What a rollback would restore and delete; nothing is changed. Raises what ``plan_rollback`` raises."""
    return plan_rollback(site_to_read(project, environment, session), order.release, order.overwrite)


def roll_back_release(
    project: Project,
    environment: Environment,
    session: Session,
    order: RollbackOrder = _LAST,
    progress: _Say = lambda _: None,
) -> DeployResult:
    """Bring an environment back to where it was before a release. That is a release, too, and can be taken back.

    Raises UsageError TD616 or TD617 (no such release, no texts from before it), DeployError TD618 for edits that would
    be lost, and GuardError.
    """
    with _site(project, environment, session, progress, what="rollback") as (site, recovered):
        plan = plan_rollback(site, order.release, order.overwrite)
        DeployError.raise_for(plan.errors())
        lifted = check_rollback(site, plan, order.overrides)
        return _told(roll_back(site, plan, DeployOptions(lifted)), (*recovered, *plan.findings))


def preview_prune(project: Project, environment: Environment, session: Session) -> PrunePlan:
    """What left git and would be deleted; nothing is changed. Raises what ``plan_prune`` raises."""
    return plan_prune(site_to_read(project, environment, session), make_plan(project, environment, session))


def prune_environment(
    project: Project,
    environment: Environment,
    session: Session,
    overrides: tuple[str, ...] = (),
    progress: _Say = lambda _: None,
) -> DeployResult:
    """Delete what this project deployed and git no longer has; a rollback brings it back.

    Raises DeployError TD621 when something else still uses an object, and GuardError.
    """
    with _site(project, environment, session, progress, what="prune") as (site, recovered):
        plan = plan_prune(site, make_plan(project, environment, session))
        DeployError.raise_for(plan.errors())
        if not plan.doomed:
            return DeployResult(environment.name, plan.plan.head.commit, (), (*recovered, *plan.findings), kind="prune")
        lifted = check_prune(site, plan, overrides)
        return _told(prune(site, plan, DeployOptions(lifted)), (*recovered, *plan.findings))


@contextmanager
def _site(
    project: Project,
    environment: Environment,
    session: Session,
    progress: _Say = lambda _: None,
    *,
    what: str = "deploy",
    shared: bool = False,
) -> Iterator[tuple[Site, list[Finding]]]:
    """The place of a release with its lock held, and what earlier runs had left open there."""
    with prepared(project, environment, session, what=what, shared=shared, say=progress) as recovered:
        yield Site(project, environment, session, progress), recovered


def _deployed(site: Site, plan: Plan, options: DeployOptions) -> DeployResult:
    DeployError.raise_for(plan.errors())
    lifted = check_guards(site.project, site.environment, plan, overrides=options.overrides)
    return _told(deploy_locked(site, plan, replace(options, overrides=lifted)), plan.all_findings())


def _told(result: DeployResult, before: Sequence[Finding]) -> DeployResult:
    """The result with what was found before, which comes first."""
    return replace(result, findings=(*before, *result.findings))
