"""A plan and its changes: data one can hold in one's head."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.errors import Finding
from tsdeploy.git import Head
from tsdeploy.plan.live import LiveObject
from tsdeploy.tml.difference.change import Difference
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering


class Action(str, Enum):
    """What a deploy would do with an object."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    """It is there as git has it, but no deploy put it there: only the record of it is written."""
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"

    @property
    def sign(self) -> str:
        """The sign in a plan's legend."""
        return {"create": "+", "update": "~", "adopt": "=", "unchanged": "=", "blocked": "!"}[self.value]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What would happen to one object, why, and for an update in what.

    ``live`` is what the target has, None for what is new. ``overwrites`` are edits that people made in the target
    since the last deploy, and that would be lost. ``notes`` are findings beside those of the rendering.
    """

    action: Action
    rendered: Rendered
    reason: str
    differences: tuple[Difference, ...] = ()
    live: LiveObject | None = None
    overwrites: tuple[Difference, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """The key of the source object."""
        return self.rendered.key

    @property
    def label(self) -> str:
        """The object, as ``kind:name``."""
        return self.rendered.source.label

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found about the object."""
        return (*self.rendered.findings, *self.notes)


@dataclass(frozen=True, slots=True)
class Affected:
    """A live object that uses what changes. ``breaks`` says what will not work any more, one sentence each; ``unread``
    that nobody can tell, because its TML could not be read.
    """

    guid: str
    kind: str
    name: str
    in_release: bool
    uses: tuple[str, ...]
    breaks: tuple[str, ...] = ()
    unread: bool = False

    @property
    def label(self) -> str:
        """The object, as ``kind:name``."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a deploy would set besides TML: ``what``, in words, is asked for by entry ``number`` of the environment's
    ``state``, and these objects (labels) lack it.
    """

    number: int
    what: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A release compared with what is live in one environment.

    ``inputs`` are what the release was rendered with; ``head`` the commit. ``findings`` concern the release as a
    whole; those of a single object are in its change. ``removed`` are objects that were deployed once, are no longer
    in git and are still there: a deploy never deletes them. ``selected`` says that the changes are only a part of
    the release. ``as_of`` is "" for what was just read, else where the state of the target comes from. ``same`` are
    objects that are known to be unchanged and have no change of their own here. ``settings`` is what objects lack of
    the environment's ``state``; nothing is known of it without asking the server.
    """

    environment: str
    head: Head
    inputs: Inputs
    rendering: Rendering
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...] = ()
    removed: tuple[ObjectRecord, ...] = ()
    affected: tuple[Affected, ...] = ()
    selected: bool = False
    as_of: str = ""
    same: int = 0
    settings: tuple[Setting, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether a deploy would change nothing in the target."""
        return not self.pending() and not self.settings

    def count(self, action: Action) -> int:
        """How many objects have this action."""
        return Counter(change.action for change in self.changes)[action]

    def pending(self) -> tuple[Change, ...]:
        """The changes that a deploy would send, in deploy order."""
        return tuple(change for change in self.changes if change.action in (Action.CREATE, Action.UPDATE))

    def all_findings(self) -> tuple[Finding, ...]:
        """Everything that was found, of the release and of each object."""
        return (*self.findings, *(finding for change in self.changes for finding in change.findings))

    def errors(self) -> tuple[Finding, ...]:
        """Everything that keeps the plan from being deployed."""
        return tuple(finding for finding in self.all_findings() if finding.is_error)

    def summary(self) -> str:
        """The stable last line of a plan."""
        same = self.same + self.count(Action.UNCHANGED) + self.count(Action.ADOPT)
        parts = [f"{self.count(Action.CREATE)} to create", f"{self.count(Action.UPDATE)} to update"]
        text = f"Plan: {', '.join(parts)}, 0 to delete, {same} unchanged."
        more = {"to set": len(self.settings), "blocked": self.count(Action.BLOCKED)}
        return " ".join((text, *(f"{number} {word}." for word, number in more.items() if number)))
