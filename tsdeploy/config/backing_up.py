"""How an environment is backed up: the ``backup`` of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Keep:
    """What a prune keeps: the last backup of each of so many days, weeks, months and years that have one."""

    daily: int = 14
    weekly: int = 8
    monthly: int = 12
    yearly: int = 5


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Where backups go, and how they are made.

    ``branch`` "" is ``backup/NAME``; ``repository``, relative to the environment's folder, "" is the project's own.
    After ``full_every_days`` everything is read again; what was modified less than ``overlap_minutes`` before a backup
    is read again by the next one. ``push`` pushes the branch to ``remote``.
    """

    branch: str = ""
    repository: str = ""
    full_every_days: float = 7.0
    overlap_minutes: float = 10.0
    push: bool = False
    remote: str = "origin"
    keep: Keep = field(default_factory=Keep)


def read_backup_settings(value: Mapping[str, Any]) -> BackupSettings:
    """The ``backup`` of an environment file that fits its schema."""
    return BackupSettings(**(dict(value) | {"keep": Keep(**value.get("keep", {}))}))
