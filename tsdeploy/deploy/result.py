"""What a deploy did, object by object. Always produced, also on failure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding

NOT_KEPT = "TD707"
"""The code of the error that says that git does not have the record of a release."""
STATUSES = ("done", "altered", "failed", "unknown", "not sent", "taken back", "accepted", "not asked")


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """One object. ``action`` is as in the plan; ``status`` is one of these.

    ``done``: looked up, and as it was sent. ``altered``: there, but not as it was sent. ``failed``: not there, or as
    before. ``unknown``: sent, and nobody could look. ``not sent``. ``taken back``: was done, and is as before again.
    ``accepted``: validated, and nothing said against it; ``not asked``: not validated. ``source`` is its key in the
    source environment, ``hash`` the SHA-256 of what was sent.
    """

    label: str
    path: str
    action: str
    status: str
    guid: str = ""
    message: str = ""
    seconds: float = 0.0
    source: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class DeployResult:
    """One deploy. ``published`` says whether anything was; ``journal`` is where its course is recorded.

    ``release`` is its name in the history, "" when there was nothing to do. ``overrides`` are the guards that were
    lifted by name; ``interrupted`` says that somebody asked to stop; ``seconds`` is how long it took. ``settings`` are
    sentences about what was set besides TML.
    """

    environment: str
    commit: str
    objects: tuple[ObjectResult, ...]
    findings: tuple[Finding, ...] = ()
    journal: Path | None = None
    overrides: tuple[str, ...] = ()
    release: str = ""
    interrupted: bool = False
    seconds: float = 0.0
    kind: str = "deploy"
    settings: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether everything that was planned is live and recorded, in git where the environment wants that."""
        return self.carried_out and not any(finding.is_error for finding in self.findings)

    @property
    def carried_out(self) -> bool:
        """Whether everything that was planned is live and recorded on this machine, whatever git has of it."""
        errors = (finding for finding in self.findings if finding.is_error)
        return not self.interrupted and all(finding.code == NOT_KEPT for finding in errors)

    @property
    def published(self) -> bool:
        """Whether anything was, or may have been, published or set."""
        return bool(self.settings) or any(item.status in ("done", "altered", "unknown") for item in self.objects)

    @property
    def status(self) -> str:
        """``done``, ``interrupted``, ``partial`` or ``failed``."""
        if self.succeeded:
            return "done"
        if self.interrupted:
            return "interrupted"
        return "partial" if self.published or self.carried_out else "failed"

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed with nothing published, 5 partly applied or not kept in git, 130 interrupted."""
        return {"done": 0, "interrupted": 130, "partial": 5, "failed": 1}[self.status]
