"""What every check before a deploy looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.plan.change import Action, Change
from tsdeploy.rest import Session
from tsdeploy.transform.inputs import Inputs


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The target, what the release was rendered with, and the changes that a deploy would send."""

    session: Session
    inputs: Inputs
    pending: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The environment's name, for messages."""
        return self.inputs.environment

    def created(self) -> Iterator[Change]:
        """The changes that create something."""
        return (change for change in self.pending if change.action is Action.CREATE)
