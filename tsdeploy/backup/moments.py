"""Which backup is meant: by commit, by time, or by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone

from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.errors import Finding, UsageError
from tsdeploy.export.since import moment_of

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def backup_at(store: Store, at: str, now: float) -> Snapshot:
    """The backup that a text names: ``latest``, a commit, or the last one at a moment.

    A moment is a time, an age such as ``36h``, a date, ``today``, ``yesterday`` or a day of the last week; a day means
    its end, in UTC. Raises UsageError TD533 when there is no such backup, TD506 for what is none of these.
    """
    there = store.snapshots()
    if not there:
        hint = "take one:  tsdeploy backup ENVIRONMENT"
        raise UsageError(Finding("TD533", f"there are no backups in {store.branch}", hint=hint))
    if at == "latest":
        return there[0]
    commit = store.find(at.lower())
    if commit:
        return next(one for one in there if one.commit == commit)
    return _before(there, end_of(at, now), store)


def end_of(at: str, now: float) -> datetime:
    """The moment that a text means; of a day its end. Raises UsageError TD506."""
    today = datetime.fromtimestamp(now, timezone.utc).date()
    word = at.lower()
    if word in ("today", "yesterday"):
        day = today - timedelta(days=word == "yesterday")
    elif word in _DAYS:
        day = today - timedelta(days=(today.weekday() - _DAYS.index(word) - 1) % 7 + 1)
    elif _DATE.fullmatch(at):
        day = moment_of(at, now).date()
    else:
        return moment_of(at, now)
    return datetime.combine(day, time.max, timezone.utc)


def _before(there: Sequence[Snapshot], moment: datetime, store: Store) -> Snapshot:
    found = next((one for one in there if one.time <= moment.timestamp()), None)
    if found is None:
        first = datetime.fromtimestamp(there[-1].time, timezone.utc)
        message = f"{store.branch} has no backup from {moment:%Y-%m-%d %H:%M} UTC or before"
        raise UsageError(Finding("TD533", message, hint=f"the first one is from {first:%Y-%m-%d %H:%M} UTC"))
    return found
