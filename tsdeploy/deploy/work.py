"""What a run publishes, and what it needs to do so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal, Protocol

from tsdeploy.config.deploying import DeploySettings
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.deploy.gate import Gate
from tsdeploy.deploy.journal import Log
from tsdeploy.deploy.record import Recorder, Sent, record_of
from tsdeploy.deploy.result import DeployResult, ObjectResult
from tsdeploy.deploy.sending import Sender
from tsdeploy.errors import Finding
from tsdeploy.plan.change import Action, Change, Plan
from tsdeploy.rest import Session
from tsdeploy.tml.graph import Graph, build_graph
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.render import render

OnError = Literal["stop", "continue", "rollback"]
Progress = Callable[[str], None]


class Work(Protocol):
    """The objects of a run, and what they look like with the identities that are known by now."""

    @property
    def commit(self) -> str:
        """The commit that they come from."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is to be sent, in deploy order."""

    @property
    def graph(self) -> Graph:
        """How they depend on each other, by key."""

    def rendered(self, keys: Iterable[str], objects: ObjectMap, /) -> list[Rendered]:
        """These objects with what ``objects`` knows; safe to call from several threads."""

    def record(self, sent: Sent, before: ObjectRecord | None, /, *, exact: bool) -> ObjectRecord:
        """What is written down of an object that was looked at."""


class PlannedWork:
    """The pending changes of a plan: GUIDs that come back are believed, and put into what follows."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._lock = Lock()
        self._known: tuple[object, ...] = ()
        self._rendered = {item.key: item for item in plan.rendering.rendered}
        self.commit = plan.head.commit
        self.changes = plan.pending()
        self.graph = build_graph(item.source for item in plan.rendering.rendered)

    def rendered(self, keys: Iterable[str], objects: ObjectMap) -> list[Rendered]:
        """These objects; the whole release is rendered again when an identity is new."""
        with self._lock:
            known = _identities(objects)
            if known != (self._known or _identities(self._plan.inputs.objects)):
                self._render(objects)
            self._known = known
            return [self._rendered[key] for key in keys]

    def record(self, sent: Sent, before: ObjectRecord | None, *, exact: bool) -> ObjectRecord:
        """The record of what was deployed from this commit."""
        return record_of(sent, self.commit, before, exact=exact)

    def _render(self, objects: ObjectMap) -> None:
        found = {record.obj_id: record.guid for record in objects if record.obj_id and record.guid}
        known = replace(self._plan.inputs.known, guids={**self._plan.inputs.known.guids, **found})
        inputs: Inputs = replace(self._plan.inputs, objects=objects, known=known)
        sources = (item.source for item in self._plan.rendering.rendered)
        everything = render((*self._plan.rendering.referenced, *sources), inputs)
        self._rendered = {item.key: item for item in everything.rendered}


class NoWork:
    """Nothing to send: for releases that only delete."""

    def __init__(self, commit: str) -> None:
        self.commit = commit
        self.changes: tuple[Change, ...] = ()
        self.graph: Graph = build_graph(())

    def rendered(self, keys: Iterable[str], objects: ObjectMap) -> list[Rendered]:
        """Nothing."""
        return []

    def record(self, sent: Sent, before: ObjectRecord | None, *, exact: bool) -> ObjectRecord:
        """Never asked for."""
        return record_of(sent, self.commit, before, exact=exact)


def _identities(objects: ObjectMap) -> tuple[object, ...]:
    """All of the map that a rendering depends on."""
    return tuple((record.source, record.guid, record.obj_id, tuple(record.inner.items())) for record in objects)


@dataclass(slots=True)
class Notes:
    """What is found and done during a run; safe to use from several threads.

    ``settings`` are sentences about what was set besides TML.
    """

    results: dict[str, ObjectResult] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    sent: dict[str, Rendered] = field(default_factory=dict)
    calls: int = 0
    _lock: Lock = field(default_factory=Lock)

    def next_call(self, rendered: Iterable[Rendered]) -> int:
        """Remember what is about to be sent; the number of the call."""
        with self._lock:
            self.sent.update((item.key, item) for item in rendered)
            self.calls += 1
            return self.calls

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings; what was said already is not said again."""
        with self._lock:
            self.findings += [finding for finding in findings if finding not in self.findings]

    def put(self, key: str, result: ObjectResult) -> None:
        """Set the result of an object."""
        with self._lock:
            self.results[key] = result
            (self.failed.discard if result.status == "done" else self.failed.add)(key)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run works with. ``stop`` says that nothing new is to be begun; ``sent`` keeps what is about to be sent."""

    session: Session
    environment: str
    settings: DeploySettings
    on_error: OnError
    journal: Log
    sent: Log
    recorder: Recorder
    gate: Gate
    sender: Sender
    notes: Notes
    progress: Progress
    stop: Callable[[], bool]


def object_result(change: Change, status: str, *, rendered: Rendered | None = None, message: str = "") -> ObjectResult:
    """The result of an object that is to be changed."""
    item = rendered or change.rendered
    return ObjectResult(
        label=change.label,
        path=item.source.path,
        action=change.action.value,
        status=status,
        guid=item.target.guid,
        message=message,
        source=change.key,
        hash=item.hash,
    )


def not_begun(plan: Plan, kind: str = "deploy") -> DeployResult:
    """The result of a plan that its errors keep from being carried out; ``kind`` is as in the result."""
    left = "not asked" if kind == "validate" else "not sent"
    objects = [
        object_result(change, "failed", message=next((one.message for one in change.findings if one.is_error), ""))
        if change.action is Action.BLOCKED
        else object_result(change, left)
        for change in plan.changes
        if change.action not in (Action.UNCHANGED, Action.ADOPT)
    ]
    return DeployResult(plan.environment, plan.head.commit, tuple(objects), plan.all_findings(), kind=kind)


def unresolved(item: Rendered, environment: str) -> Iterator[Finding]:
    """A finding TD604 for each object that is referred to by a GUID which nobody knows."""
    for label in item.pending:
        message = f"{item.source.label} refers by GUID to {label}, whose GUID in {environment} is not known"
        hint = "deploy that object first, or bind it under objects: in the mapping"
        yield Finding("TD604", message, item.source.at(0), hint=hint)


def count(objects: Sequence[object]) -> str:
    """``1 object``, ``3 objects``."""
    return "1 object" if len(objects) == 1 else f"{len(objects)} objects"
