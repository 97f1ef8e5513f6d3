"""The one way to fail: findings that say what, where and what to do, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, ClassVar


class Severity(str, Enum):
    """How bad a finding is; only errors stop a command."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. ``line`` and ``column`` count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def plain_location(where: Location | None) -> dict[str, Any]:
    """A place as plain data, of nulls where there is none."""
    return {
        "file": where.file if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing.

    ``code`` is stable (``TD204``); ``at`` is a path inside a document (``model.model_tables[2].fqn``);
    ``hint`` says what to do, as a command or a line to write where that is possible. What a server said has the
    ``request_id`` that this call was sent with, and the server's own ``incident_id``.
    """

    code: str
    message: str
    location: Location | None = None
    at: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    request_id: str = field(default="", compare=False)
    incident_id: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" (in {self.location})" if self.location else "")

    def plain(self) -> dict[str, Any]:
        """As plain data, with nulls for a place where there is none."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            **plain_location(self.location),
            "at": self.at,
            "hint": self.hint,
            **{name: value for name in ("request_id", "incident_id") if (value := getattr(self, name))},
        }

    @property
    def order(self) -> tuple[Location, str, str, str]:
        """By file and line; what is in no file comes first."""
        return (self.location or Location(""), self.code, self.at, self.message)

    @property
    def is_error(self) -> bool:
        """Whether it stops a command."""
        return self.severity is Severity.ERROR

    def as_warning(self) -> Finding:
        """The same finding as a warning."""
        return replace(self, severity=Severity.WARNING)


class TsdeployError(Exception):
    """Something a user can understand and mend. Carries one finding or many, and the exit code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, first: Finding, *more: Finding) -> None:
        self.findings = (first, *more)
        super().__init__("\n".join(map(str, self.findings)))

    @property
    def code(self) -> str:
        """The code of the first finding."""
        return self.findings[0].code

    @classmethod
    def raise_for(cls, findings: Sequence[Finding]) -> None:
        """Raise one error with all findings; do nothing where there are none."""
        if findings:
            raise cls(findings[0], *findings[1:])


class UsageError(TsdeployError):
    """The command line or the place it was run in is wrong."""

    exit_code = 2


class ConfigError(UsageError):
    """A project, environment or mapping file is missing or wrong."""


class TmlError(TsdeployError):
    """A TML document cannot be read."""


class RestError(TsdeployError):
    """ThoughtSpot could not be reached, refused, or answered with an error."""


class GitError(UsageError):
    """There is no usable git repository, or git refused."""


class GuardError(TsdeployError):
    """A guard of the environment refused what would have happened."""

    exit_code = 4


class DeployError(TsdeployError):
    """A deploy failed and nothing was published."""
