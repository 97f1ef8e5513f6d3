"""What a deploy did, object by object. Always produced, also on failure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, Severity


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """One object. ``status`` is ``done``, ``failed``, ``unknown`` or ``not sent``; ``action`` as in the plan."""

    label: str
    path: str
    action: str
    status: str
    guid: str = ""
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DeployResult:
    """One deploy. ``published`` says whether anything was; ``journal`` is where its course is recorded."""

    environment: str
    commit: str
    objects: tuple[ObjectResult, ...]
    findings: tuple[Finding, ...] = ()
    journal: Path | None = None

    @property
    def succeeded(self) -> bool:
        """Whether everything that was planned is live and recorded."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def published(self) -> bool:
        """Whether anything was, or may have been, published."""
        return any(item.status in ("done", "unknown") for item in self.objects)

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed with nothing published, 5 partly applied."""
        if self.succeeded:
            return 0
        return 5 if self.published else 1
