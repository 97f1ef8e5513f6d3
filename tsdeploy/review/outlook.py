"""What a change means for one environment."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.errors import Finding
from tsdeploy.plan.change import Action, Plan


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What a change means for one environment. ``live``: it was asked; else what is known of it is remembered.

    Without a plan, ``findings`` say why. ``unasked`` says why it was not asked, in words.
    """

    environment: str
    plan: Plan | None
    live: bool = False
    findings: tuple[Finding, ...] = ()
    unasked: str = ""

    @property
    def told(self) -> str:
        """Where this is known from."""
        if self.plan is None:
            return "it cannot be planned for"
        if self.live:
            return "asked just now"
        return "told from files, " + (f"as {self.unasked}" if self.unasked else "the server was not asked")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do and nothing to say."""
        return self.plan is not None and not self.plan.changes and not self.findings and not self.problems()

    def count(self, action: Action) -> int:
        """How many objects of the change this happens to."""
        return self.plan.count(action) if self.plan else 0

    def problems(self) -> tuple[Finding, ...]:
        """What keeps the change from going there."""
        found = (*self.findings, *(self.plan.all_findings() if self.plan else ()))
        return tuple(dict.fromkeys(one for one in found if one.is_error))
