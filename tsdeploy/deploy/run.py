"""``deploy ENV``: validate, publish, verify, record; phase after phase, batch after batch.

Nothing is published that the server has not validated in this run, nothing is believed that was not looked
up, and each identity is on disk before the next thing is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, save_objects
from tsdeploy.config.project import Project
from tsdeploy.deploy.answers import judge
from tsdeploy.deploy.journal import Journal, open_journal
from tsdeploy.deploy.lookup import Outcome, live_of, look_up
from tsdeploy.deploy.record import Sent, differs, record_of
from tsdeploy.deploy.result import DeployResult, ObjectResult
from tsdeploy.errors import DeployError, Finding, Location, RestError, Severity
from tsdeploy.plan.build import compare
from tsdeploy.plan.change import Action, Change, Plan
from tsdeploy.rest import ImportItem, ImportPolicy, Session, UnknownOutcomeError, import_tml
from tsdeploy.transform.render import Inputs, Rendered, render

BATCH_SIZE = 50
"""Documents in one atomic import; the server advises about as many."""

Progress = Callable[[str], None]


def deploy_plan(
    project: Project,
    environment: Environment,
    session: Session,
    plan: Plan,
    *,
    progress: Progress = lambda _: None,
) -> DeployResult:
    """Make a plan so. Raises DeployError when the plan has blocked objects; every other failure is in the result."""
    errors = plan.errors()
    if errors:
        raise DeployError(errors[0], *errors[1:])
    with open_journal(project.state, environment.name, plan.head.commit) as journal:
        return _Run(environment, session, plan, journal, progress).run()


class _Run:
    """One deploy under way. The object map and the results are all that changes."""

    def __init__(
        self, environment: Environment, session: Session, plan: Plan, journal: Journal, progress: Progress
    ) -> None:
        self._environment = environment
        self._session = session
        self._plan = plan
        self._journal = journal
        self._progress = progress
        self._objects: ObjectMap = plan.inputs.objects
        self._results: dict[str, ObjectResult] = {}
        self._findings: list[Finding] = []
        self._validated: set[str] = set()
        self._rendered: dict[str, Rendered] = {}

    def run(self) -> DeployResult:
        """Go through the phases; stop at the first failure."""
        self._journal.write("begin", environment=self._environment.name, commit=self._plan.head.commit)
        try:
            self._record_unchanged()
            phases = groupby(self._plan.pending(), key=lambda change: change.rendered.source.kind.phase)
            for _, changes in phases:
                if not self._publish_phase(list(changes)):
                    break
        except RestError as error:
            self._findings += error.findings
        result = self._result()
        self._journal.write("end", succeeded=result.succeeded, published=result.published)
        return result

    def _publish_phase(self, changes: list[Change], *, again: bool = False) -> bool:
        """Validate a whole phase, then publish its batches; then once more what holds identities that came back."""
        rendered = self._rendered_now(changes)
        unresolved = [finding for item in rendered for finding in _unresolved(item, self._environment.name)]
        if unresolved:
            self._findings += unresolved
            return False
        self._progress(f"validating {_count(rendered)}")
        if not self._validate(rendered):
            return False
        sent: list[Rendered] = []
        for start in range(0, len(changes), BATCH_SIZE):
            batch = changes[start : start + BATCH_SIZE]
            now = self._rendered_now(batch)
            # An earlier batch may have brought GUIDs that change this one: what was not validated is not published.
            if any(item.hash not in self._validated for item in now) and not self._validate(now):
                return False
            if not self._publish(batch, now):
                return False
            sent += now
        outdated = [] if again else self._outdated(changes, sent)
        return not outdated or self._publish_phase(outdated, again=True)

    def _outdated(self, changes: Sequence[Change], sent: Sequence[Rendered]) -> list[Change]:
        """What would be sent differently now: the server chose a GUID that another object of the phase refers to."""
        pairs = zip(changes, sent, self._rendered_now(changes), strict=True)
        return [
            change
            for change, before, now in pairs
            if before.text != now.text and compare(before.document(), now.document())
        ]

    def _rendered_now(self, changes: Sequence[Change]) -> list[Rendered]:
        """These objects with what is known by now: GUIDs that came back are believed."""
        if not self._rendered:
            guids = {**self._plan.inputs.known.guids, **_guids(self._objects)}
            known = replace(self._plan.inputs.known, guids=guids)
            inputs: Inputs = replace(self._plan.inputs, objects=self._objects, known=known)
            sources = (item.source for item in self._plan.rendering.rendered)
            everything = render((*self._plan.rendering.referenced, *sources), inputs)
            self._rendered = {item.key: item for item in everything.rendered}
        return [self._rendered[change.rendered.key] for change in changes]

    def _validate(self, rendered: Sequence[Rendered]) -> bool:
        self._journal.write("validate", objects=[item.key for item in rendered])
        items = import_tml(self._session, [item.text for item in rendered], ImportPolicy.VALIDATE_ONLY)
        findings = self._judge(items, rendered)
        self._journal.write("validated", findings=[str(finding) for finding in findings])
        self._note(findings)
        if _has_errors(findings):
            return False
        self._validated.update(item.hash for item in rendered)
        return True

    def _publish(self, changes: Sequence[Change], rendered: Sequence[Rendered]) -> bool:
        """Publish one batch, all or none; then look at what is there, and record it."""
        self._progress(f"publishing {_count(rendered)}")
        started = time.monotonic()
        intents = [{"key": item.key, "guid": item.target.guid, "hash": item.hash} for item in rendered]
        self._journal.write("publish", objects=intents)
        try:
            items = import_tml(self._session, [item.text for item in rendered], ImportPolicy.ALL_OR_NONE)
        except UnknownOutcomeError as error:
            return self._after_silence(changes, rendered, error)
        except RestError as error:
            self._findings += error.findings
            self._fail(changes, error.findings)
            return False
        self._journal.write("answer", statuses=[item.status.value for item in items], guids=[i.guid for i in items])
        findings = self._judge(items, rendered)
        self._note(findings)
        if _has_errors(findings):
            self._fail(changes, findings)
            return False
        guids = [item.guid or "" for item in items]
        return self._settle(changes, rendered, guids, time.monotonic() - started)

    def _after_silence(
        self, changes: Sequence[Change], rendered: Sequence[Rendered], error: UnknownOutcomeError
    ) -> bool:
        """The answer was lost: look at what is there instead of sending again."""
        self._progress("the answer was lost; looking at what is there")
        self._set_results(changes, "unknown", message=error.findings[0].message)
        outcome = look_up(self._session, rendered)
        self._journal.write("looked up", outcome=outcome.value)
        if outcome is Outcome.APPLIED:
            return self._settle(changes, rendered, ["" for _ in rendered], 0.0)
        if outcome is Outcome.NOT_APPLIED:
            self._set_results(changes, "failed", message=error.findings[0].message)
        self._findings += error.findings
        return False

    def _settle(
        self, changes: Sequence[Change], rendered: Sequence[Rendered], answered: Sequence[str], seconds: float
    ) -> bool:
        """Write down what was said at once; then believe what is there, and miss what is not."""
        sent = [Sent(item, guid or item.target.guid, None) for item, guid in zip(rendered, answered, strict=True)]
        self._set_results(changes, "unknown", message="published, but not looked up")
        self._record(sent)
        sent = self._with_live(sent)
        self._record(sent)
        missing = [item for item in sent if item.live is None and item.rendered.source.kind.rest_type]
        for change, item in zip(changes, sent, strict=True):
            status = "unknown" if item in missing else "done"
            self._results[change.rendered.key] = _object_result(change, status, guid=item.guid, seconds=seconds)
        self._findings += [_vanished(item, self._environment.name) for item in missing]
        return not missing

    def _record(self, sent: Sequence[Sent]) -> None:
        """Put identities on disk, and render anew what follows when they are not those that were sent."""
        recorded = self._objects.by_source()
        records = [record_of(item, self._plan.head.commit, recorded.get(item.rendered.key)) for item in sent]
        self._objects = self._objects.with_records(records)
        save_objects(self._environment.objects_path, self._objects)
        self._journal.write("recorded", guids={item.rendered.key: item.guid for item in sent})
        if any(differs(item, record) for item, record in zip(sent, records, strict=True)):
            self._rendered = {}

    def _note(self, findings: Sequence[Finding]) -> None:
        """What validation said is not said again by the import."""
        self._findings += [finding for finding in findings if finding not in self._findings]

    def _set_results(self, changes: Sequence[Change], status: str, *, message: str) -> None:
        for change in changes:
            self._results[change.rendered.key] = _object_result(change, status, message=message)

    def _with_live(self, sent: Sequence[Sent]) -> list[Sent]:
        live = live_of(self._session, [(item.rendered, item.guid) for item in sent])
        return [replace(item, live=live.get(item.rendered.key)) for item in sent]

    def _judge(self, items: Sequence[ImportItem], rendered: Sequence[Rendered]) -> list[Finding]:
        name = self._environment.name
        found = (judge(item, rendered[item.request_index], name) for item in items)
        return [finding for finding in found if finding is not None]

    def _fail(self, changes: Sequence[Change], findings: Sequence[Finding]) -> None:
        """All or none: a batch with one refused object was not published."""
        reasons = {finding.location.file: finding.message for finding in findings if finding.location}
        for change in changes:
            message = reasons.get(change.rendered.source.path, "its batch was not published")
            self._results[change.rendered.key] = _object_result(change, "failed", message=message)

    def _record_unchanged(self) -> None:
        """What is live already but was never recorded is recorded now: it needs no import to be known."""
        recorded = self._objects.by_source()
        new = [
            change.rendered
            for change in self._plan.changes
            if change.action is Action.UNCHANGED and change.rendered.key not in recorded
        ]
        if new:
            self._record(self._with_live([Sent(item, item.target.guid, None) for item in new]))

    def _result(self) -> DeployResult:
        objects = [
            self._results.get(change.rendered.key) or _object_result(change, "not sent")
            for change in self._plan.pending()
        ]
        return DeployResult(
            self._environment.name,
            self._plan.head.commit,
            tuple(objects),
            tuple(self._findings),
            self._journal.path,
        )


def _count(objects: Sequence[object]) -> str:
    return "1 object" if len(objects) == 1 else f"{len(objects)} objects"


def _guids(objects: ObjectMap) -> dict[str, str]:
    return {record.obj_id: record.guid for record in objects if record.obj_id and record.guid}


def _unresolved(item: Rendered, environment: str) -> Iterator[Finding]:
    for label in item.pending:
        yield Finding(
            "TD604",
            f"{item.source.label} refers by GUID to {label}, whose GUID in {environment} is not known",
            Location(item.source.path, 1, 1),
            hint="deploy that object first, or bind it under objects: in the mapping",
        )


def _vanished(item: Sent, environment: str) -> Finding:
    return Finding(
        "TD605",
        f"{environment} said that {item.rendered.source.label} was imported, but it is not there",
        Location(item.rendered.source.path, 1, 1),
        hint="plan again; if it stays away, the user may lack view access to it",
    )


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _object_result(
    change: Change, status: str, *, guid: str = "", message: str = "", seconds: float = 0.0
) -> ObjectResult:
    source = change.rendered.source
    return ObjectResult(
        change.label,
        source.path,
        change.action.value,
        status,
        guid or change.rendered.target.guid,
        message,
        seconds,
    )
