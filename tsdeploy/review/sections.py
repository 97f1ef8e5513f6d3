"""What a report says, section by section, in Markdown; how much of it a host takes is another matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.errors import Finding, Severity
from tsdeploy.markdown import code
from tsdeploy.plan.change import Action, Change
from tsdeploy.review.finding_groups import FindingGroup, group_findings
from tsdeploy.review.outlook import Outlook
from tsdeploy.review.report import AffectedObject, Review, ReviewedObject, by_kind
from tsdeploy.review.risk import Judged, Risk
from tsdeploy.review.wording import counted, phrase, sentence
from tsdeploy.tml.difference.change import Phrase
from tsdeploy.transform.ledger import Outcome
from tsdeploy.visible import shortened

_NAME = 200
_LINES = 40
"""An item longer than this says how much more there is."""
_BREAKS = 8
HEADINGS = {
    Risk.BREAKING: "Breaking",
    Risk.RISKY: "Risky",
    Risk.ORDINARY: "Ordinary",
    Risk.COSMETIC: "Cosmetic",
    Risk.NOISE: "Noise",
}
_SEVERITIES = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
_SIGNS = {Action.CREATE: "create", Action.UPDATE: "update", Action.BLOCKED: "blocked"}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading without a word from outside, and what stands below it, one item at a time. ``unfolded``: at once."""

    heading: str
    items: tuple[str, ...]
    unfolded: bool = False
    lead: str = ""


def sections(review: Review) -> Iterator[Section]:
    """The sections of a report that have anything to say, the weightiest first."""
    for risk in (Risk.BREAKING, Risk.RISKY):
        yield from _of_risk(review, risk, unfolded=True)
    yield from _broken(review)
    yield from _settings(review)
    yield from _findings(review)
    yield from (_outlook(outlook) for outlook in review.outlooks if not outlook.is_empty)
    yield from _users(review)
    for risk in (Risk.ORDINARY, Risk.COSMETIC, Risk.NOISE):
        yield from _of_risk(review, risk)
    yield from _old_findings(review)


def _of_risk(review: Review, risk: Risk, *, unfolded: bool = False) -> Iterator[Section]:
    """What has a risk, by object: an object stands under each of the risks that its changes have."""
    items = [(item, [one for one in item.changes if one.risk is risk]) for item in review.objects]
    shown = tuple(_object(item, changes, risk) for item, changes in items if changes or _comes_or_goes(item, risk))
    if shown:
        count = review.count(risk)
        yield Section(
            f"{HEADINGS[risk]} ({counted(count, 'change')} in {counted(len(shown), 'object')})", shown, unfolded
        )


def _comes_or_goes(item: ReviewedObject, risk: Risk) -> bool:
    return item.own_risk is risk and item.verb != "changed"


def _object(item: ReviewedObject, changes: list[Judged], risk: Risk) -> str:
    lines = [f"- {_head(item)}{_why(item.why) if _comes_or_goes(item, risk) else ''}"]
    shown = changes[:_LINES]
    lines += [f"  - {sentence(change.difference, marked=False)}{_why(change.why)}" for change in shown]
    if len(changes) > _LINES:
        lines.append(f"  - and {len(changes) - _LINES} more")
    return "\n".join(lines)


def _head(item: ReviewedObject) -> str:
    name = code(shortened(item.label, _NAME))
    return name if item.verb == "changed" else f"{name} {item.verb}"


def _why(why: Phrase) -> str:
    return f" — {phrase(why)}" if why else ""


def _broken(review: Review) -> Iterator[Section]:
    broken = review.broken()
    if broken:
        lead = "Something in these does not work any more, or shows an error."
        yield Section(f"What stops working ({by_kind(broken)})", tuple(map(_broken_item, broken)), False, lead)


def _broken_item(item: AffectedObject) -> str:
    lines = [f"- {code(shortened(item.label, _NAME))}"]
    lines += [f"  - {phrase(one)}" for one in item.breaks[:_BREAKS]]
    if len(item.breaks) > _BREAKS:
        lines.append(f"  - and {len(item.breaks) - _BREAKS} more")
    return "\n".join(lines)


def _users(review: Review) -> Iterator[Section]:
    users = [item for item in review.untouched() if not item.breaks]
    if users:
        items = tuple(
            f"- {code(shortened(item.label, _NAME))} uses {', '.join(code(use) for use in item.uses[:3])}"
            + (f" and {len(item.uses) - 3} more" if len(item.uses) > 3 else "")
            for item in users
        )
        lead = "These use what changes, and are not changed themselves: look at their numbers."
        yield Section(f"Also affected ({by_kind(users)})", items, False, lead)


def _settings(review: Review) -> Iterator[Section]:
    if review.settings:
        items = tuple(f"- {code(shortened(one.path, _NAME))} {one.verb}: {one.meaning}" for one in review.settings)
        lead = "No object changes with them, but what a deploy makes of every object may."
        by_hand = any(one.by_hand for one in review.settings)
        yield Section(f"Settings that change ({counted(len(items), 'file')})", items, by_hand, lead)


def _findings(review: Review) -> Iterator[Section]:
    if review.findings:
        counts = Counter(finding.severity for finding in review.findings)
        amounts = ", ".join(counted(counts[severity], words) for severity, words in _SEVERITIES if counts[severity])
        heading = f"New findings of the check ({amounts})"
        yield Section(heading, _finding_items(review.findings), bool(review.errors()))


def _old_findings(review: Review) -> Iterator[Section]:
    if review.old_findings:
        heading = f"Findings of the check that were there before ({len(review.old_findings)})"
        yield Section(heading, _finding_items(review.old_findings))


def _finding_items(findings: Iterable[Finding]) -> tuple[str, ...]:
    """One line of Markdown for all findings of a file that say the same."""
    return tuple(map(_finding_item, group_findings(dict.fromkeys(findings))))


def _finding_item(group: FindingGroup) -> str:
    finding = group.finding
    where = f" in {code(shortened(group.places, _NAME))}" if group.places else ""
    hint = f" — {code(shortened(finding.hint, _NAME))}" if finding.hint else ""
    return f"- {finding.severity.value} {finding.code}: {code(shortened(finding.message, 2 * _NAME))}{where}{hint}"


def _outlook(outlook: Outlook) -> Section:
    problems = outlook.problems()
    name = code(outlook.environment)
    notes = _finding_items((*outlook.findings, *problems))
    if outlook.plan is None:
        return Section("An environment cannot be planned for", notes, True, f"{name}:")
    changes = (one for one in outlook.plan.changes if one.action in _SIGNS)
    items = (*notes, *(f"- {_SIGNS[one.action]} {code(shortened(one.label, _NAME))}{_reason(one)}" for one in changes))
    lead = f"In {name}, {outlook.told}: {_counts(outlook)}.{_coverage(outlook)}"
    heading = "What a deploy would do" if not problems else "What a deploy could not do"
    return Section(heading, items, bool(problems), lead)


def _reason(change: Change) -> str:
    return "" if change.action is Action.UPDATE else f": {code(shortened(change.reason, _NAME))}"


def _counts(outlook: Outlook) -> str:
    words = {
        Action.CREATE: "to create",
        Action.UPDATE: "to update",
        Action.UNCHANGED: "unchanged",
        Action.ADOPT: "to adopt",
        Action.BLOCKED: "blocked",
    }
    found = [f"{outlook.count(action)} {text}" for action, text in words.items() if outlook.count(action)]
    return ", ".join(found) or "nothing to do"


def _coverage(outlook: Outlook) -> str:
    """How much of what the changed objects name is mapped."""
    if outlook.plan is None or not outlook.plan.rendering.coverage.rows:
        return ""
    rows = outlook.plan.rendering.coverage.rows
    total = sum(sum(row.counts.values()) for row in rows)
    unmapped = sum(row.count(Outcome.UNMAPPED) for row in rows)
    if not unmapped:
        return f" The mapping covers all {counted(total, 'name')} and identities in it."
    return f" The mapping leaves {unmapped} of {counted(total, 'name')} and identities in it uncovered."


def numbers(review: Review) -> str:
    """How many changes of each risk there are, in one line."""
    counts = ((review.count(risk), HEADINGS[risk].lower()) for risk in Risk)
    shown: Iterable[str] = (f"{count} {word}" for count, word in counts if count)
    return " · ".join(shown)
