"""One release from beginning to end: keep what was, publish, write down, and say what became of each object."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone

from tsdeploy.config.deploying import Policy
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.course import Course
from tsdeploy.deploy.gate import Gate
from tsdeploy.deploy.hooks import run_hook
from tsdeploy.deploy.interrupt import Interrupt, interruptible
from tsdeploy.deploy.journal import Journal, NoJournal, read_journal
from tsdeploy.deploy.keeping import keep_in_git
from tsdeploy.deploy.record import Recorder
from tsdeploy.deploy.recovery import open_calls
from tsdeploy.deploy.release_file import ReleaseFile, released_objects, write_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, new_release
from tsdeploy.deploy.result import DeployResult, ObjectResult
from tsdeploy.deploy.sending import Sender
from tsdeploy.deploy.work import Bench, Notes, OnError, Progress, Work, object_result
from tsdeploy.errors import Finding, RestError
from tsdeploy.git import Repository
from tsdeploy.plan.build import PlanOptions
from tsdeploy.rest import Session


@dataclass(frozen=True, slots=True)
class Site:
    """Where a release happens."""

    project: Project
    environment: Environment
    session: Session
    progress: Progress = lambda _: None


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """How one release is carried out. ``overrides`` are the guards that were lifted, for the record.

    ``on_error``: stop, go on with what does not need what failed, or take back what was published. ``policy`` "" is the
    environment's. ``planned`` is what the plan was asked for: ``--resume`` asks for the same.
    """

    overrides: tuple[str, ...] = ()
    on_error: OnError = "stop"
    policy: Policy | None = None
    planned: PlanOptions = field(default_factory=PlanOptions)


@dataclass(frozen=True, slots=True)
class Job:
    """What a release does.

    ``first`` and ``last`` are done around the publishing, with the bench; ``expected`` are the objects that ``last``
    is about. ``undoes`` are the releases that it takes back, ``restores`` what their objects are to be again.
    ``sources`` pairs keys of the work with those of the source environment, where these differ.
    """

    kind: str
    work: Work
    before: tuple[Before, ...]
    first: Callable[[Bench], None] = lambda _: None
    last: Callable[[Bench], None] = lambda _: None
    expected: tuple[ObjectResult, ...] = ()
    undoes: tuple[str, ...] = ()
    restores: tuple[Before, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """One release under way."""

    site: Site
    options: DeployOptions
    job: Job
    folder: ReleaseFolder
    journal: Journal
    sent: Journal
    interrupt: Interrupt
    started: datetime
    notes: Notes = field(default_factory=Notes)

    def bench(self) -> Bench:
        """What the parts of the release work with."""
        environment, settings = self.site.environment, self.site.environment.deploy
        if self.options.policy is not None:
            settings = replace(settings, policy=self.options.policy)
        later = settings.async_from is not None and len(self.job.work.changes) >= settings.async_from
        sender = Sender(self.site.session, settings, later, lambda task: self.journal.write("task", id=task.id))
        return Bench(
            session=self.site.session,
            environment=environment.name,
            settings=settings,
            on_error=self.options.on_error,
            journal=self.journal,
            sent=self.sent,
            recorder=Recorder(environment.objects_path, self.site.project.objects(environment), self.journal),
            gate=Gate(sender, self.journal, environment.name),
            sender=sender,
            notes=self.notes,
            progress=self.site.progress,
            stop=lambda: self.interrupt.asked,
        )

    def expected(self) -> list[dict[str, str]]:
        """The objects as the journal names them; ``key`` is that of the work."""
        keys = [change.key for change in self.job.work.changes] + [one.source for one in self.job.expected]
        return [
            {"key": key, "object": one.label, "source": one.source, "action": one.action, "guid": one.guid}
            for key, one in zip(keys, self.result().objects, strict=True)
        ]

    def result(self) -> DeployResult:
        """What became of it so far."""
        objects = [
            self.notes.results.get(change.key) or object_result(change, "not sent") for change in self.job.work.changes
        ]
        objects += [self.notes.results.get(one.source, one) for one in self.job.expected]
        stopped = self.interrupt.asked and any(item.status == "not sent" for item in objects)
        findings = [*self.notes.findings, *([_interrupted(self.site.environment)] if stopped else [])]
        return DeployResult(
            environment=self.site.environment.name,
            commit=self.job.work.commit,
            objects=tuple(replace(one, source=self.job.sources.get(one.source, one.source)) for one in objects),
            findings=tuple(findings),
            journal=self.folder.journal,
            overrides=self.options.overrides,
            release=self.folder.id,
            interrupted=stopped,
            seconds=(datetime.now(timezone.utc) - self.started).total_seconds(),
            kind=self.job.kind,
        )


def carry_out(site: Site, job: Job, options: DeployOptions) -> DeployResult:
    """Do a job with the environment's lock held; every failure is in the result.

    Raises TsdeployError TD001 when the journal, a record or a kept text cannot be written.
    """
    folder = new_release(site.project, site.environment, job.work.commit)
    now = datetime.now(timezone.utc)
    with interruptible(site.progress) as interrupt, Journal(folder.journal) as journal, folder.open_sent() as sent:
        run = _Run(site, options, job, folder, journal, sent, interrupt, now)
        facts = _facts(run)
        journal.write("begin", **facts, planned=asdict(options.planned), objects=run.expected())
        folder.keep_before(job.before, job.restores)
        refused = _hook(site, "before", facts)
        if refused is None:
            _publish(run.bench(), job)
        run.notes.add([refused] if refused else [])
        result = run.result()
        _write_file(run, result, facts)
        still_open = sorted(open_calls(read_journal(folder.journal)))
        journal.write("end", status=result.status, open=still_open)
    return _afterwards(site, folder, result)


def _publish(bench: Bench, job: Job) -> None:
    try:
        job.first(bench)
        Course(bench, job.work).run()
        job.last(bench)
    except RestError as error:
        bench.notes.add(error.findings)


def validate_work(site: Site, work: Work) -> DeployResult:
    """The validate-only gate alone. Nothing is written, neither there nor here."""
    started, notes = time.monotonic(), Notes()
    settings, journal = site.environment.deploy, NoJournal()
    sender = Sender(site.session, settings)
    with interruptible(site.progress) as interrupt:
        bench = Bench(
            session=site.session,
            environment=site.environment.name,
            settings=settings,
            on_error="stop",
            journal=journal,
            sent=journal,
            recorder=Recorder(site.environment.objects_path, site.project.objects(site.environment), journal),
            gate=Gate(sender, journal, site.environment.name),
            sender=sender,
            notes=notes,
            progress=site.progress,
            stop=lambda: interrupt.asked,
        )
        Course(bench, work).validate()
        stopped = interrupt.asked
    results = {change.key: object_result(change, "not sent") for change in work.changes} | notes.results
    findings = tuple(notes.findings) + ((_interrupted(site.environment),) if stopped else ())
    return DeployResult(
        environment=site.environment.name,
        commit=work.commit,
        objects=tuple(results.values()),
        findings=findings,
        interrupted=stopped,
        seconds=time.monotonic() - started,
        kind="validate",
    )


def _facts(run: _Run) -> dict[str, object]:
    site = run.site
    return {
        "kind": run.job.kind,
        "release": run.folder.id,
        "environment": site.environment.name,
        "commit": run.job.work.commit,
        "by": Repository.find(site.project.root).who(),
        "user": site.session.user.name,
        "host": socket.gethostname(),
        "overrides": list(run.options.overrides),
        "undoes": list(run.job.undoes),
    }


def _write_file(run: _Run, result: DeployResult, facts: Mapping[str, object]) -> None:
    texts = {name: str(facts[name]) for name in ("by", "user", "host")}
    file = ReleaseFile(
        id=run.folder.id,
        kind=run.job.kind,
        commit=result.commit,
        started=run.started.isoformat(timespec="seconds"),
        finished=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        status=result.status,
        objects=released_objects(result),
        overrides=result.overrides,
        undoes=run.job.undoes,
        findings=tuple(map(str, result.findings)),
        **texts,
    )
    write_release(run.site.environment, file)


def _afterwards(site: Site, folder: ReleaseFolder, result: DeployResult) -> DeployResult:
    """Keep the record in git, and tell the hooks."""
    kept = keep_in_git(site.project, site.environment, folder)
    result = replace(result, findings=(*result.findings, *filter(None, [kept])))
    told = _hook(site, "after" if result.succeeded else "on_failure", result_facts(result))
    return replace(result, findings=(*result.findings, *(finding.as_warning() for finding in filter(None, [told]))))


def _hook(site: Site, name: str, facts: Mapping[str, object]) -> Finding | None:
    hooks = site.environment.deploy.hooks
    command: tuple[str, ...] = getattr(hooks, name)
    return run_hook(name, command, facts, site.project.root, hooks.timeout)


def result_facts(result: DeployResult) -> dict[str, object]:
    """A result as plain data, for hooks."""
    return {
        "environment": result.environment,
        "release": result.release,
        "kind": result.kind,
        "commit": result.commit,
        "status": result.status,
        "seconds": round(result.seconds, 3),
        "overrides": list(result.overrides),
        "objects": [asdict(item) for item in result.objects],
        "findings": list(_plain(result)),
    }


def _plain(result: DeployResult) -> Iterator[dict[str, str]]:
    for finding in result.findings:
        place = str(finding.location or "")
        yield {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "in": place,
            "hint": finding.hint,
        }


def _interrupted(environment: Environment) -> Finding:
    hint = f"tsdeploy deploy {environment.name} --resume"
    return Finding("TD628", "the release was stopped; what is under way was finished and recorded", hint=hint)
