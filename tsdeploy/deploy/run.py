"""One release from beginning to end: keep what was, publish, write down, and say what became of each object."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from typing import Literal

from tsdeploy.config.deploying import Policy
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleaseFile
from tsdeploy.deploy.course import Course
from tsdeploy.deploy.following import follow_up, hooks_of
from tsdeploy.deploy.gate import Gate
from tsdeploy.deploy.interrupt import Interrupt, interruptible
from tsdeploy.deploy.journal import Journal, NoJournal, read_journal
from tsdeploy.deploy.queue import Queue
from tsdeploy.deploy.record import Recorder
from tsdeploy.deploy.recovery import open_calls
from tsdeploy.deploy.release_file import released_objects, write_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, new_release
from tsdeploy.deploy.result import DeployResult, ObjectResult
from tsdeploy.deploy.sending import Sender
from tsdeploy.deploy.work import Bench, Notes, OnError, Progress, Work, object_result
from tsdeploy.errors import ConfigError, Finding, RestError
from tsdeploy.git import Repository
from tsdeploy.plan.build import PlanOptions
from tsdeploy.plan.change import Change
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

    ``on_error``: stop, go on with what does not need what failed, or take back what was published. ``policy`` None is
    the environment's. ``planned`` is what the plan was asked for: ``--resume`` asks for the same. ``shared_lock`` also
    locks a git ref on the remote. ``kind`` is what the release is called, ``deploy`` or ``restore``. ``stop`` is asked
    before each call whether to end here: what is under way is finished and recorded, as at the first Ctrl-C.
    """

    overrides: tuple[str, ...] = ()
    on_error: OnError = "stop"
    policy: Policy | None = None
    planned: PlanOptions = field(default_factory=PlanOptions)
    shared_lock: bool = False
    kind: Literal["deploy", "restore"] = "deploy"
    stop: Callable[[], bool] = lambda: False


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
        queue = Queue(self.site.session, settings.async_deadline, settings.async_poll) if later else None
        sender = Sender(self.site.session, queue)
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
        findings = [*self.notes.findings, *([_interrupted(self.site.environment, self.job.kind)] if stopped else [])]
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
            settings=tuple(self.notes.settings),
        )


def carry_out(site: Site, job: Job, options: DeployOptions) -> DeployResult:
    """Do a job with the environment's lock held; every failure is in the result.

    Raises TsdeployError TD001 when the journal, a record or a kept text cannot be written.
    """
    folder = new_release(site.project, site.environment, job.work.commit)
    hooks = hooks_of(site.project, site.environment, site.session.redact)
    with interruptible(site.progress, options.stop) as interrupt:
        with Journal(folder.journal) as journal, folder.open_sent() as sent:
            run = _Run(site, options, job, folder, journal, sent, interrupt, datetime.now(timezone.utc))
            facts = _facts(run)
            journal.write("begin", **facts, planned=asdict(options.planned), objects=run.expected())
            folder.keep_before(job.before, job.restores)
            ended = hooks.run("before", facts)
            refused = hooks.finding(ended)
            if refused is None:
                _publish(run.bench(), job)
            run.notes.add([refused] if refused else [])
            result = run.result()
            file = replace(_file(run, result, facts), hooks=ended)
            write_release(site.environment, file, folder)
            journal.write("end", status=result.status, open=sorted(open_calls(read_journal(folder.journal))))
        return follow_up(site.project, site.environment, hooks, folder, file, result)


def _publish(bench: Bench, job: Job) -> None:
    try:
        job.first(bench)
        Course(bench, job.work).run()
        job.last(bench)
    except (RestError, ConfigError) as error:
        bench.notes.add(error.findings)


def validate_work(site: Site, work: Work) -> DeployResult:
    """The validate-only gate alone. Nothing is written, neither there nor here."""
    started, notes = time.monotonic(), Notes()
    settings, journal = site.environment.deploy, NoJournal()
    sender = Sender(site.session)
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
    results = {change.key: _validated(change, bench) for change in work.changes} | notes.results
    findings = (*notes.findings, *([_interrupted(site.environment, "validate")] if stopped else []))
    return DeployResult(
        environment=site.environment.name,
        commit=work.commit,
        objects=tuple(results.values()),
        findings=findings,
        interrupted=stopped,
        seconds=time.monotonic() - started,
        kind="validate",
    )


def _validated(change: Change, bench: Bench) -> ObjectResult:
    """The result of an object that was not refused."""
    if bench.gate.passed(change.rendered):
        return object_result(change, "accepted")
    went_well = not any(finding.is_error for finding in bench.notes.findings)
    message = "can be validated only when what it hangs on is there" if went_well else ""
    return object_result(change, "not asked", message=message)


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


def _file(run: _Run, result: DeployResult, facts: Mapping[str, object]) -> ReleaseFile:
    return ReleaseFile(
        id=run.folder.id,
        kind=run.job.kind,
        commit=result.commit,
        started=run.started.isoformat(timespec="seconds"),
        finished=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        status=result.status,
        objects=released_objects(result, run.job.before, run.site.project.objects(run.site.environment)),
        overrides=result.overrides,
        undoes=run.job.undoes,
        settings=result.settings,
        findings=tuple(map(str, result.findings)),
        by=str(facts["by"]),
        user=str(facts["user"]),
        host=str(facts["host"]),
    )


def _interrupted(environment: Environment, kind: str) -> Finding:
    hint = f"tsdeploy {kind} {environment.name}" + (" --resume" if kind == "deploy" else "")
    message = f"the {kind} was stopped; what was under way is finished and recorded"
    return Finding("TD628", message, hint=hint)
