"""Findings that say the same of several places in one file, as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsdeploy.errors import Finding, Severity

_SHOWN = 6
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """A finding, and all that say the same of other places in its file."""

    members: tuple[Finding, ...]

    @property
    def finding(self) -> Finding:
        """The one that stands first in the file."""
        return self.members[0]

    @property
    def places(self) -> str:
        """The file with the lines and columns, "" for what is in no file."""
        places = [one.location for one in self.members if one.location]
        if not places:
            return ""
        others = "".join(f", {place.line}:{place.column}" for place in places[1:_SHOWN])
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        return f"{places[0]}{others}{more}"


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """The groups, errors first, in the order in which they were found."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        file = finding.location.file if finding.location else ""
        key = (finding.severity.value, finding.code, finding.message, finding.hint, file)
        groups.setdefault(key, []).append(finding)
    found = (FindingGroup(tuple(members)) for members in groups.values())
    return sorted(found, key=lambda group: _ORDER.index(group.finding.severity))
