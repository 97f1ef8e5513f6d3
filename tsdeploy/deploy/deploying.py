"""A plan made so: under the lock, behind what an earlier run left open, with the state around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.desired import make_so
from tsdeploy.deploy.journal import read_journal
from tsdeploy.deploy.keeping import bring_state
from tsdeploy.deploy.lock import locked
from tsdeploy.deploy.record import Sent
from tsdeploy.deploy.recovery import recover
from tsdeploy.deploy.release_folder import Before, local_releases
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.rollback import plan_rollback, roll_back
from tsdeploy.deploy.run import DeployOptions, Job, Site, carry_out, validate_work
from tsdeploy.deploy.standing import look
from tsdeploy.deploy.work import Bench, PlannedWork
from tsdeploy.errors import DeployError, Finding, Severity, UsageError
from tsdeploy.git import Repository
from tsdeploy.plan.build import PlanOptions
from tsdeploy.plan.change import Action, Change, Plan
from tsdeploy.plan.desired import aims_of
from tsdeploy.plan.guards import check_guards
from tsdeploy.rest import Session

_NO_OPTIONS = DeployOptions()
_THERE = ("done", "altered", "unknown")


@contextmanager
def prepared(
    project: Project,
    environment: Environment,
    session: Session,
    *,
    what: str = "deploy",
    shared: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[list[Finding]]:
    """Hold the environment's lock, and have looked up what earlier runs left open; what was found there.

    A plan that is to be deployed is made inside. Raises DeployError TD610 when somebody else holds the lock, RestError
    when the server cannot be asked, GitError when the remote of a shared lock or of a state branch cannot.
    """
    with locked(project, environment, what, shared=shared, say=say):
        Repository.find(project.root).refuse_tracked(project.state)
        bring_state(project, environment, say)
        yield recover(project, environment, session, say)


def bring_to_read(project: Project, environment: Environment, say: Callable[[str], None] = lambda _: None) -> None:
    """Before something that only looks: take over the record where it goes to a branch of its own.

    While a deploy is under way here, the record is left to it. Raises GitError when the remote cannot be reached, and
    TD710 where what this machine remembers is in git.
    """
    Repository.find(project.root).refuse_tracked(project.state)
    if not environment.deploy.record.branch:
        return
    here = replace(environment, deploy=replace(environment.deploy, shared_lock=False))
    try:
        with locked(project, here, "reading the record", say=say):
            bring_state(project, environment, say)
    except DeployError as error:
        say(f"{error.findings[0].message}; the record is taken as it is here")


def site_to_read(
    project: Project, environment: Environment, session: Session, say: Callable[[str], None] = lambda _: None
) -> Site:
    """The site for who only looks: no lock is kept, and nothing is settled. Raises as ``bring_to_read``."""
    bring_to_read(project, environment, say)
    return Site(project, environment, session, say)


def deploy_plan(
    project: Project,
    environment: Environment,
    session: Session,
    plan: Plan,
    options: DeployOptions = _NO_OPTIONS,
    progress: Callable[[str], None] = lambda _: None,
) -> DeployResult:
    """Make a plan so, holding the lock meanwhile, unless a guard of the environment refuses it.

    Raises GuardError, and DeployError when the plan has blocked objects, when somebody else holds the lock (TD610), and
    when a run that was cut off had to be looked up first (TD613): the plan may be older than that. Then nothing was
    sent; every other failure is in the result.
    """
    site = Site(project, environment, session, progress)
    with prepared(project, environment, session, shared=options.shared_lock, say=progress) as recovered:
        if recovered:
            raise DeployError(replace(recovered[0], hint="plan again, and deploy that plan"), *recovered[1:])
        DeployError.raise_for(plan.errors())
        lifted = check_guards(project, environment, plan, overrides=options.overrides)
        return deploy_locked(site, plan, replace(options, overrides=lifted))


def deploy_locked(site: Site, plan: Plan, options: DeployOptions) -> DeployResult:
    """As ``deploy_plan``, for a caller who holds the lock and made the plan under it.

    Raises UsageError for a selector under ``state`` that names nothing, before anything is sent.
    """
    DeployError.raise_for(plan.errors())
    work = PlannedWork(plan)
    aims_of(site.environment, work.graph, {})
    adopted = [change for change in plan.changes if change.action is Action.ADOPT]
    if plan.is_empty and not adopted:
        return DeployResult(plan.environment, plan.head.commit, (), overrides=options.overrides, kind=options.kind)
    before = tuple(map(_before(plan), plan.pending()))
    job = Job(options.kind, work, before, first=_adopting(plan, adopted), last=lambda bench: _state(site, work, bench))
    return _taken_back(site, carry_out(site, job, options), options)


def _taken_back(site: Site, result: DeployResult, options: DeployOptions) -> DeployResult:
    """The result of a deploy that failed, after what it published was taken back, if that is wanted."""
    failed = any(item.status != "done" for item in result.objects)
    if options.on_error != "rollback" or result.status != "partial" or not failed:
        return result
    site.progress(f"taking back release {result.release}")
    undo = plan_rollback(site, result.release)
    if undo.errors():
        return replace(result, findings=(*result.findings, *undo.findings))
    done = roll_back(site, undo, DeployOptions())
    severity = Severity.INFO if done.carried_out else Severity.ERROR
    message = (
        f"release {result.release} was taken back by {done.release}: {'done' if done.carried_out else done.status}"
    )
    note = Finding("TD609", message, severity=severity, hint=f"tsdeploy history {result.environment} {done.release}")
    objects = tuple(replace(item, status="taken back") if item.status in _THERE else item for item in result.objects)
    objects = objects if done.carried_out else result.objects
    return replace(result, objects=objects, findings=(*result.findings, *undo.findings, *done.findings, note))


def validate_plan(
    project: Project,
    environment: Environment,
    session: Session,
    plan: Plan,
    progress: Callable[[str], None] = lambda _: None,
) -> DeployResult:
    """What the server says of a plan. Nothing is written. Raises DeployError when the plan has blocked objects."""
    DeployError.raise_for(plan.errors())
    return validate_work(Site(project, environment, session, progress), PlannedWork(plan))


def resumed(project: Project, environment: Environment) -> PlanOptions:
    """What the last release of this clone was planned with, if it did not end well.

    Raises UsageError TD629 when there is nothing to resume, TsdeployError TD615 for a damaged journal.
    """
    last = next(reversed(list(local_releases(project, environment))), None)
    events = read_journal(last.journal) if last else ()
    begin = next((event for event in events if event.name == "begin" and event.facts["kind"] == "deploy"), None)
    ended = next((event for event in events if event.name == "end"), None)
    if begin is None or (ended is not None and ended.facts["status"] == "done"):
        hint = f"tsdeploy deploy {environment.name}"
        raise UsageError(Finding("TD629", f"{environment.name} has no deploy to resume here", hint=hint))
    planned: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item for name, item in begin.facts["planned"].items()
    }
    return PlanOptions(**planned)


def _before(plan: Plan) -> Callable[[Change], Before]:
    records = plan.inputs.objects.by_source()

    def kept(change: Change) -> Before:
        live, record = change.live, records.get(change.key)
        guid, text = (live.guid, live.content.text) if live else ("", "")
        return Before(change.key, change.label, change.rendered.source.path, guid, text, record)

    return kept


def _adopting(plan: Plan, adopted: list[Change]) -> Callable[[Bench], None]:
    """What is there as git has it, but was never recorded, is recorded now: it needs no import to be known."""

    def adopt(bench: Bench) -> None:
        if not adopted:
            return
        work, recorded = PlannedWork(plan), bench.recorder.objects.by_source()
        sent = look(bench.session, [Sent(change.rendered, change.rendered.target.guid, None) for change in adopted])
        bench.recorder.keep(work.record(one, recorded.get(one.rendered.key), exact=True) for one in sent)

    return adopt


def _state(site: Site, work: PlannedWork, bench: Bench) -> None:
    """Tags, sharing, owners and obj_ids, once everything is there."""
    is_well = not any(finding.is_error for finding in bench.notes.findings)
    if is_well and not bench.notes.failed and not bench.stop():
        objects = site.project.objects(site.environment)
        guids = {record.source: record.guid for record in objects if record.source and record.guid and record.hash}
        state = make_so(site.environment, site.session, aims_of(site.environment, work.graph, guids))
        for sentence in state.done:
            site.progress(sentence)
        bench.notes.settings += state.done
        bench.notes.add(state.findings)
