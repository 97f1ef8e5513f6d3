"""A plan as people read it on a terminal: what changes first, what does not only counted."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tsdeploy.cli.coverage import coverage_lines
from tsdeploy.cli.differences import difference_lines
from tsdeploy.cli.output import safe
from tsdeploy.plan.change import Action, Affected, Change, Plan, Setting
from tsdeploy.visible import shortened, visible

_SHOWN = 6
_WIDTH = 80
_ORDER = (Action.CREATE, Action.UPDATE, Action.BLOCKED)
_COLORS = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.BLOCKED: "red", Action.ADOPT: None}
_WORDS = {Action.CREATE: "create", Action.UPDATE: "update", Action.BLOCKED: "blocked", Action.ADOPT: "adopt"}


def plan_lines(plan: Plan, *, detail: bool = False) -> Iterator[str]:
    """The plan line by line; the last one is its summary."""
    shown = (*_ORDER, Action.ADOPT) if detail else _ORDER
    changes = [change for action in shown for change in plan.changes if change.action is action]
    if changes or plan.removed:
        yield _legend(changes, removed=bool(plan.removed))
    if plan.as_of:
        yield f"As of {plan.as_of}; {plan.environment} was not asked."
    for change in changes:
        yield from _change_lines(change, detail=detail)
    for record in plan.removed:
        yield f"{click.style('-', fg='red', bold=True)} {_short(f'{record.kind}:{record.name}')}"
        yield f"    no longer in git; delete it with  tsdeploy prune {plan.environment}"
    yield from _affected_lines(plan.affected, detail=detail)
    yield from _setting_lines(plan.settings, detail=detail)
    if detail:
        yield from coverage_lines(f"mapping of {plan.environment}", plan.rendering.coverage)
    yield plan.summary()


def _legend(changes: list[Change], *, removed: bool) -> str:
    words = dict.fromkeys(f"{change.action.sign} {_WORDS[change.action]}" for change in changes)
    return "Legend: " + "  ".join((*words, *(("- removed from git",) if removed else ())))


def _change_lines(change: Change, *, detail: bool) -> Iterator[str]:
    sign = click.style(change.action.sign, fg=_COLORS[change.action], bold=True)
    yield f"{sign} {_short(change.label)}"
    # A blocked object is explained by its finding, below the plan.
    if detail or change.overwrites or (change.action is Action.BLOCKED and not change.findings):
        yield f"    {safe(change.reason)}"
    shown = change.differences if detail else change.differences[:_SHOWN]
    for difference in shown:
        yield from difference_lines(difference)
        if detail and difference.location:
            yield f"      {safe(str(difference.location))}"
    if len(change.differences) > len(shown):
        yield f"    and {len(change.differences) - len(shown)} more; see --detail"


def _affected_lines(affected: tuple[Affected, ...], *, detail: bool) -> Iterator[str]:
    if not affected:
        return
    shown = affected if detail else affected[:_SHOWN]
    yield f"Also affected: {len(affected)} live {'object uses' if len(affected) == 1 else 'objects use'} what changes"
    for item in shown:
        tail = "" if item.in_release else " (not in git)"
        tail += " breaks" if item.breaks else ""
        yield f"    {shortened(visible(item.label), _WIDTH - 4 - len(tail))}{tail}"
        if detail:
            yield f"      {shortened(visible('uses ' + ', '.join(item.uses)), _WIDTH - 6)}"
    if len(affected) > len(shown):
        yield f"    and {len(affected) - len(shown)} more; see --detail"


def _setting_lines(settings: tuple[Setting, ...], *, detail: bool) -> Iterator[str]:
    if not settings:
        return
    yield "Besides TML, objects lack what  state  in environment.yaml gives them:"
    for setting in settings:
        several = len(setting.objects) > 1
        whose = f"{len(setting.objects)} objects" if several else setting.objects[0]
        yield f"    {shortened(visible(f'{setting.what}: {whose}'), _WIDTH - 4)}"
        if detail and several:
            yield from (f"      {shortened(visible(label), _WIDTH - 6)}" for label in setting.objects)


def _short(text: str) -> str:
    return shortened(visible(text), _WIDTH - 2)
