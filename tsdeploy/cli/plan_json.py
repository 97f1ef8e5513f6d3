"""A plan as plain data, for machines."""

from __future__ import annotations

from dataclasses import asdict

from tsdeploy.cli.coverage import coverage_json
from tsdeploy.cli.differences import difference_json
from tsdeploy.plan.change import Action, Affected, Change, Plan


def plan_json(plan: Plan) -> dict[str, object]:
    """A plan as plain data."""
    return {
        "environment": plan.environment,
        "commit": plan.head.commit,
        "as_of": plan.as_of or None,
        "summary": {action.value: plan.count(action) for action in Action},
        "changes": [_change(change) for change in plan.changes],
        "removed": [
            {"object": f"{record.kind}:{record.name}", "source": record.source, "guid": record.guid}
            for record in plan.removed
        ],
        "affected": [_affected(item) for item in plan.affected],
        "settings": [asdict(setting) for setting in plan.settings],
        "coverage": coverage_json(plan.rendering.coverage),
        "findings": [finding.plain() for finding in plan.findings],
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "object": change.label,
        "path": change.rendered.source.path,
        "action": change.action.value,
        "reason": change.reason,
        "source": change.key,
        "guid": change.rendered.target.guid or None,
        "obj_id": change.rendered.target.obj_id or None,
        "differences": [difference_json(difference) for difference in change.differences],
        "overwrites": [difference_json(difference) for difference in change.overwrites],
        "findings": [finding.plain() for finding in change.findings],
    }


def _affected(item: Affected) -> dict[str, object]:
    return {
        "object": item.label,
        "guid": item.guid,
        "in_git": item.in_release,
        "uses": list(item.uses),
        "breaks": list(item.breaks),
    }
