"""One line of JSON for monitoring: what a backup did, or why there is none. Its schema: ``tsdeploy schema backup``."""

from __future__ import annotations

from datetime import datetime

from tsdeploy.backup.run import BackupResult
from tsdeploy.errors import TsdeployError
from tsdeploy.visible import json_text

_UNKNOWN = (
    "commit",
    "pass",
    "objects",
    "read",
    "added",
    "changed",
    "deleted",
    "moving",
    "not_exported",
    "calls",
    "bytes",
)


def line_of(result: BackupResult, began: datetime) -> str:
    """The line of a backup that was taken."""
    return json_text(
        {
            "at": _iso(began),
            "environment": result.environment,
            "ok": not result.failed,
            "commit": result.commit or None,
            "pass": "full" if result.full else "incremental",
            "objects": result.objects,
            "read": result.read,
            **{verb: result.counts[verb] for verb in ("added", "changed", "deleted")},
            "moving": result.moving,
            "not_exported": result.not_exported,
            "calls": result.usage.calls,
            "bytes": result.usage.received,
            "seconds": round(result.seconds, 3),
            "findings": [finding.plain() for finding in result.findings],
        }
    )


def line_of_failure(environment: str, error: TsdeployError, began: datetime, seconds: float) -> str:
    """The line of a backup that could not be taken; what is not known is null."""
    return json_text(
        {
            "at": _iso(began),
            "environment": environment,
            "ok": False,
            **dict.fromkeys(_UNKNOWN),
            "seconds": round(seconds, 3),
            "findings": [finding.plain() for finding in error.findings],
        }
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
