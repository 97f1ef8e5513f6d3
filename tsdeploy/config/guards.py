"""What a deploy must not do in an environment: the ``guards`` of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import Finding

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Window:
    """When an environment may be deployed. ``end`` before ``start`` reaches into the next day."""

    days: tuple[str, ...]
    start: time
    end: time
    timezone: str

    def holds(self, moment: datetime) -> bool:
        """Whether a moment, with a time zone of its own, lies in the window."""
        here = moment.astimezone(ZoneInfo(self.timezone))
        now, today = here.time(), DAYS[here.weekday()]
        if self.start <= self.end:
            return today in self.days and self.start <= now < self.end
        yesterday = DAYS[here.weekday() - 1]
        return (today in self.days and now >= self.start) or (yesterday in self.days and now < self.end)

    def __str__(self) -> str:
        return f"{', '.join(self.days)} {self.start:%H:%M}-{self.end:%H:%M} {self.timezone}"


@dataclass(frozen=True, slots=True)
class Guards:
    """The limits of one environment, each under the name by which ``--override`` lifts it.

    ``max_update_percent`` is of the objects in the release, ``max_delete_percent`` of those that were deployed.
    ``allow_location_changes`` is about the connection, database, schema and table of a table that is there already.
    Without ``windows`` any time will do.
    """

    branch: str = ""
    clean_tree: bool = True
    max_updates: int | None = None
    max_update_percent: float | None = None
    max_delete: int | None = None
    max_delete_percent: float | None = None
    allow_create: bool = True
    allow_location_changes: bool = True
    protect: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()


def read_guards(file: ConfigFile, value: Mapping[str, Any], findings: list[Finding]) -> Guards:
    """The guards of an environment file that fits its schema; a finding TD303 for each time that is none."""
    windows = [_window(file, number, found, findings) for number, found in enumerate(value.get("windows", ()))]
    plain: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
    return Guards(**(plain | {"windows": tuple(filter(None, windows))}))


def _window(file: ConfigFile, number: int, value: Mapping[str, Any], findings: list[Finding]) -> Window | None:
    try:
        start, end = time.fromisoformat(value["from"]), time.fromisoformat(value["to"])
        ZoneInfo(value["timezone"])
    except (ValueError, OSError, ZoneInfoNotFoundError):
        hint = 'write  {from: "08:00", to: "17:00", timezone: Europe/Vienna}'
        where = file.at("guards", "windows", number)
        findings.append(Finding("TD303", "no such time or time zone", where, at=f"guards.windows[{number}]", hint=hint))
        return None
    return Window(tuple(value.get("days", DAYS)), start, end, value["timezone"])
