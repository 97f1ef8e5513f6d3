"""A plan as a comment on a pull request; every word that comes from TML is inline code."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.markdown import code
from tsdeploy.plan.change import Action, Affected, Change, Plan, Setting
from tsdeploy.review.wording import sentence

_HEADINGS = {
    Action.BLOCKED: "Blocked",
    Action.CREATE: "To create",
    Action.UPDATE: "To update",
    Action.ADOPT: "To adopt",
}
_SHOWN = 20


def plan_markdown(plan: Plan, *, detail: bool = False) -> Iterator[str]:
    """The summary first, then what is wrong, then each object, folded."""
    yield f"### {plan.summary()}"
    yield ""
    as_of = f"; as of {plan.as_of}, without asking the server" if plan.as_of else ""
    yield f"Commit {code(plan.head.commit[:12])} for {code(plan.environment)}{as_of}."
    yield ""
    for action, heading in _HEADINGS.items():
        changes = [change for change in plan.changes if change.action is action]
        if changes:
            yield from _section(heading, changes, detail=detail)
    if plan.removed:
        yield f"**Removed from git ({len(plan.removed)})** and still there; a deploy deletes nothing"
        yield ""
        yield from (f"- {code(f'{record.kind}:{record.name}')}" for record in plan.removed)
        yield ""
    if plan.affected:
        yield from _affected(plan.affected)
    if plan.settings:
        yield from _settings(plan.settings)
    findings = list(plan.all_findings())
    if findings:
        yield f"**Findings ({len(findings)})**"
        yield ""
        for finding in findings:
            where = f" in {code(str(finding.location))}" if finding.location else ""
            yield f"- {finding.severity.value} {finding.code}: {code(finding.message)}{where}"
        yield ""


def _section(heading: str, changes: list[Change], *, detail: bool) -> Iterator[str]:
    yield "<details" + (" open" if detail or len(changes) <= _SHOWN else "") + ">"
    yield f"<summary><b>{heading} ({len(changes)})</b></summary>"
    yield ""
    for change in changes:
        yield f"- {code(change.label)}" + (f": {code(change.reason)}" if change.action is not Action.UPDATE else "")
        shown = change.differences if detail else change.differences[:_SHOWN]
        yield from (f"  - {sentence(difference)}" for difference in shown)
        if len(change.differences) > len(shown):
            yield f"  - and {len(change.differences) - len(shown)} more"
        yield from (f"  - **overwrites** {sentence(difference)}" for difference in change.overwrites)
    yield ""
    yield "</details>"
    yield ""


def _affected(affected: tuple[Affected, ...]) -> Iterator[str]:
    yield "<details>"
    yield f"<summary><b>Also affected ({len(affected)})</b></summary>"
    yield ""
    for item in affected:
        breaks = "".join(f"; **breaks**: {code(text)}" for text in item.breaks)
        yield f"- {code(item.label)}{'' if item.in_release else ' (not in git)'}{breaks}"
    yield ""
    yield "</details>"
    yield ""


def _settings(settings: tuple[Setting, ...]) -> Iterator[str]:
    yield "<details>"
    yield f"<summary><b>To set besides TML ({len(settings)})</b></summary>"
    yield ""
    for setting in settings:
        yield f"- {code(setting.what)}: {', '.join(map(code, setting.objects[:_SHOWN]))}"
        if len(setting.objects) > _SHOWN:
            yield f"  - and {len(setting.objects) - _SHOWN} more"
    yield ""
    yield "</details>"
    yield ""
