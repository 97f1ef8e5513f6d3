"""A review as people read it on a terminal: the verdict first, then what is worst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from tsdeploy.cli.coverage import coverage_lines
from tsdeploy.cli.differences import difference_lines
from tsdeploy.cli.output import label
from tsdeploy.errors import Finding
from tsdeploy.plan.change import Action
from tsdeploy.review.finding_groups import group_findings
from tsdeploy.review.outlook import Outlook
from tsdeploy.review.report import AffectedObject, Mood, Review, ReviewedObject, by_kind
from tsdeploy.review.risk import Risk
from tsdeploy.review.sections import HEADINGS, numbers
from tsdeploy.review.wording import counted, plain_phrase
from tsdeploy.visible import shortened, visible

_WIDTH = 80
_SHOWN = 12
_LINES = 8
_BREAKS = 4
_COLORS = {Mood.STOP: "red", Mood.LOOK: "yellow", Mood.FINE: "green"}
_RISKS = {Risk.BREAKING: "red", Risk.RISKY: "yellow"}


def review_lines(review: Review) -> Iterator[str]:
    """The report line by line; names are shortened, the HTML report has them in full."""
    verdict = review.verdict()
    yield click.style(verdict.text, fg=_COLORS[verdict.mood], bold=True)
    if review.objects:
        yield numbers(review)
    yield _short(f"{review.base.shown} → {review.head.shown}")
    for risk in Risk:
        yield from _of_risk(review, risk)
    yield from _affected("What stops working", review.broken())
    yield from _settings(review)
    yield from _findings("New findings of the check in changed files", review.findings)
    for outlook in review.outlooks:
        if not outlook.is_empty:
            yield from _outlook(outlook)
    yield from _affected("Also affected", tuple(one for one in review.untouched() if not one.breaks))
    if review.old_findings:
        yield ""
        yield f"{counted(len(review.old_findings), 'finding')} of the check from before; see  tsdeploy check"


def _settings(review: Review) -> Iterator[str]:
    if review.settings:
        yield ""
        yield click.style("Settings that change", bold=True)
    for one in review.settings:
        yield f"  {_short(one.path)} {one.verb}"
        yield _reason(one.meaning)


def _of_risk(review: Review, risk: Risk) -> Iterator[str]:
    items = [item for item in review.objects if item.count(risk) or (item.own_risk is risk and item.verb != "changed")]
    if not items:
        return
    yield ""
    yield click.style(HEADINGS[risk], fg=_RISKS.get(risk), bold=True)
    for item in items[:_SHOWN]:
        yield from _object(item, risk)
    if len(items) > _SHOWN:
        yield f"  and {len(items) - _SHOWN} more objects"


def _object(item: ReviewedObject, risk: Risk) -> Iterator[str]:
    verb = "" if item.verb == "changed" else f" {item.verb}"
    yield f"  {shortened(visible(item.label), _WIDTH - 4 - len(verb))}{verb}"
    if item.own_risk is risk and item.why:
        yield _reason(plain_phrase(item.why))
    changes = [change for change in item.changes if change.risk is risk]
    if risk is Risk.NOISE:
        return
    for change in changes[:_LINES]:
        yield from difference_lines(change.difference)
        if change.why:
            yield _reason(plain_phrase(change.why))
    if len(changes) > _LINES:
        yield f"    and {len(changes) - _LINES} more"


def _reason(text: str) -> str:
    return f"      {click.style(shortened(visible(f'({text})'), _WIDTH - 6), dim=True)}"


def _affected(heading: str, items: tuple[AffectedObject, ...]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield click.style(f"{heading}: {by_kind(items)}", bold=True)
    for item in items[:_SHOWN]:
        yield f"  {shortened(visible(item.label), _WIDTH - 2)}"
        for sentence in item.breaks[:_BREAKS]:
            yield f"    {shortened(visible(plain_phrase(sentence)), _WIDTH - 4)}"
        if len(item.breaks) > _BREAKS:
            yield f"    and {len(item.breaks) - _BREAKS} more"
    if len(items) > _SHOWN:
        yield f"  and {len(items) - _SHOWN} more"


def _outlook(outlook: Outlook) -> Iterator[str]:
    yield ""
    name = click.style(visible(outlook.environment), bold=True)
    if outlook.plan is None:
        yield f"{name}: cannot be planned for"
    else:
        yield f"{name}, {outlook.told}"
        yield f"  {outlook.plan.summary()}"
        for change in outlook.plan.changes:
            if change.action is Action.BLOCKED:
                yield f"  {shortened(visible(change.label), _WIDTH - 11)} blocked"
        yield from (f"  {line}" for line in coverage_lines("mapping", outlook.plan.rendering.coverage))
    yield from _grouped((*outlook.findings, *outlook.problems()))


def _findings(heading: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield ""
        yield click.style(heading, bold=True)
        yield from _grouped(findings)


def _grouped(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding once, with all its places in a file."""
    groups = group_findings(dict.fromkeys(findings))
    for group in groups[:_SHOWN]:
        finding = group.finding
        yield f"  {label(finding)}: {visible(finding.message)}"
        if group.places:
            yield f"    in {visible(group.places)}"
        if finding.hint:
            yield f"    hint: {visible(finding.hint)}"
    if len(groups) > _SHOWN:
        yield f"  and {len(groups) - _SHOWN} more; see  tsdeploy check"


def _short(text: str) -> str:
    return shortened(visible(text), _WIDTH)
