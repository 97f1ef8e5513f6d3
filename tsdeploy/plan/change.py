"""A plan and its changes: data one can hold in one's head."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from tsdeploy.errors import Finding, Severity
from tsdeploy.git import Head
from tsdeploy.tml.difference.change import Difference
from tsdeploy.transform.render import Inputs, Rendered, Rendering


class Action(str, Enum):
    """What a deploy would do with an object."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"

    @property
    def sign(self) -> str:
        """The sign in a plan's legend."""
        return {"create": "+", "update": "~", "unchanged": "=", "blocked": "!"}[self.value]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What would happen to one object, why, and for an update in what."""

    action: Action
    rendered: Rendered
    reason: str
    differences: tuple[Difference, ...] = ()

    @property
    def label(self) -> str:
        """The object, as ``kind:name``."""
        return self.rendered.source.label


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A release compared with what is live in one environment.

    ``inputs`` are what the release was rendered with; ``head`` the commit. ``findings`` concern the release as a
    whole; those of a single object are in its change.
    """

    environment: str
    head: Head
    inputs: Inputs
    rendering: Rendering
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...] = ()

    def count(self, action: Action) -> int:
        """How many objects have this action."""
        return Counter(change.action for change in self.changes)[action]

    def pending(self) -> tuple[Change, ...]:
        """The changes that a deploy would send, in deploy order."""
        return tuple(change for change in self.changes if change.action in (Action.CREATE, Action.UPDATE))

    def errors(self) -> tuple[Finding, ...]:
        """Everything that keeps the plan from being deployed."""
        found = (
            *self.findings,
            *(finding for change in self.changes for finding in change.rendered.findings),
        )
        return tuple(finding for finding in found if finding.severity is Severity.ERROR)

    def summary(self) -> str:
        """The stable last line of a plan."""
        parts = [f"{self.count(Action.CREATE)} to create", f"{self.count(Action.UPDATE)} to update"]
        text = f"Plan: {', '.join(parts)}, 0 to delete, {self.count(Action.UNCHANGED)} unchanged."
        blocked = self.count(Action.BLOCKED)
        return f"{text} {blocked} blocked." if blocked else text
