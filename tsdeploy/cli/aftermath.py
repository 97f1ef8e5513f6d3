"""What state a release left things in, and what to do next: what whoever is on call wants to know first."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.work import count

_TAKEN_BACK = "taken back"
_AS_BEFORE = ("failed", "not sent", _TAKEN_BACK)


def state_lines(result: DeployResult) -> Iterator[str]:
    """How the environment is now, in sentences; nothing for a release that ended well, or had nothing to do."""
    if result.succeeded or not result.objects or result.kind == "validate":
        return
    name, statuses = result.environment, [item.status for item in result.objects]
    left = sum(status in _AS_BEFORE for status in statuses)
    if _TAKEN_BACK in statuses:
        yield f"{name} is as it was: what had been published was taken back."
    elif left == len(statuses):
        yield f"{name} is as it was: nothing was changed."
    elif statuses.count("done") == len(statuses):
        yield f"{name} has {count(statuses)} as wanted; what else is wrong is told above."
    else:
        yield f"{name} is changed in part: {', '.join(_parts(statuses, left))}."
    if result.release:
        yield f"Its record:  tsdeploy history {name} {result.release}"


def _parts(statuses: list[str], left: int) -> Iterator[str]:
    yield f"{statuses.count('done')} of {count(statuses)} as wanted"
    if left:
        yield f"{left} as before"
    if "altered" in statuses:
        yield f"{statuses.count('altered')} not as sent"
    if "unknown" in statuses:
        yield f"{statuses.count('unknown')} not known, which the next run looks up first"


def next_lines(result: DeployResult) -> Iterator[str]:
    """Commands that go on from there, or back."""
    if result.carried_out or not result.objects:
        return
    name, first = result.environment, "go on with" if result.interrupted else "mend what is told above, then"
    resume = " --resume" if result.kind == "deploy" and (result.published or result.interrupted) else ""
    yield f"Next: {first}  tsdeploy {result.kind} {name}{resume}"
    if result.kind == "deploy" and result.published:
        yield f"      or take it back with  tsdeploy rollback {name}"
