"""From when on changes count: a date, or an age."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from tsdeploy.errors import Finding, UsageError

_AGE = re.compile(r"(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since_ms(text: str, now: float) -> int:
    """Milliseconds since 1970 of ``2026-01-31``, ``2026-01-31T18:00+01:00`` (UTC where no zone is given) or ``7d``.

    Ages (m, h, d, w) count back from ``now``, seconds since 1970. Raises UsageError TD506 for anything else.
    """
    return round(moment_of(text, now).timestamp() * 1000)


def moment_of(text: str, now: float) -> datetime:
    """As ``since_ms``, as a moment with a time zone."""
    age = _AGE.fullmatch(text)
    if age is not None:
        return datetime.fromtimestamp(now, timezone.utc) - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        # Python before 3.11 does not read the Z.
        found = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except ValueError:
        hint = "write 2026-01-31, 2026-01-31T18:00+01:00, or an age such as 36h or 7d"
        raise UsageError(Finding("TD506", f"neither a date nor an age: {text}", hint=hint)) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)
