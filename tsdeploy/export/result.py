"""What an export did."""

from __future__ import annotations

from dataclasses import dataclass, field

from tsdeploy.errors import Finding, GitError
from tsdeploy.rest import Usage


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export. ``action`` is ``added``, ``changed``, ``unchanged`` or ``deleted``.

    ``author`` is the name of whoever changed the object last, as far as the server tells. ``size`` is bytes.
    """

    label: str
    path: str
    action: str
    guid: str = ""
    author: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export did. ``commits`` is empty when nothing was committed; findings tell what could not be exported.

    ``branch`` is what the commits are on, "" for the one that is checked out. ``listed`` objects were selected;
    ``complete`` says that all of them, and what they are built on, came back.
    """

    files: tuple[ExportedFile, ...]
    findings: tuple[Finding, ...] = ()
    commits: tuple[str, ...] = ()
    listed: int = 0
    complete: bool = True
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    branch: str = ""

    @property
    def commit(self) -> str:
        """The last commit, "" when none was made."""
        return self.commits[-1] if self.commits else ""

    @property
    def failed(self) -> bool:
        """Whether anything that was asked for is not there."""
        return any(finding.is_error for finding in self.findings)

    def count(self, action: str) -> int:
        """How many files were added, changed, unchanged or deleted."""
        return sum(file.action == action for file in self.files)

    def changed(self) -> tuple[ExportedFile, ...]:
        """The files that are not as they were."""
        return tuple(file for file in self.files if file.action != "unchanged")


class NotPushedError(GitError):
    """What was exported is committed, and the remote did not take it; ``result`` says what was done."""

    def __init__(self, result: ExportResult, first: Finding, *more: Finding) -> None:
        super().__init__(first, *more)
        self.result = result
