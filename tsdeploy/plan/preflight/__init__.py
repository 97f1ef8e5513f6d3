"""Whether the target is ready for a plan, asked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from tsdeploy.errors import Finding
from tsdeploy.plan.change import Action, Change
from tsdeploy.plan.personal_views import lost_views
from tsdeploy.plan.preflight.names import check_names, check_tables
from tsdeploy.plan.preflight.situation import Situation
from tsdeploy.plan.preflight.user import check_features, check_groups, check_privileges
from tsdeploy.plan.preflight.warehouse import check_warehouse
from tsdeploy.rest import Session
from tsdeploy.transform.inputs import Inputs


def check_views(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD528: an administrator's import deletes views that people saved of Liveboards."""
    return lost_views(situation.session, situation.name, situation.pending)


Check: TypeAlias = Callable[[Situation], Iterator[tuple[str, Finding]]]

CHECKS: Final[tuple[Check, ...]] = (
    check_privileges,
    check_features,
    check_names,
    check_tables,
    check_groups,
    check_views,
)


def preflight(
    session: Session, inputs: Inputs, changes: Iterable[Change], *, warehouse: bool
) -> Mapping[str, tuple[Finding, ...]]:
    """Findings by the key of the object they are about, "" for those about the release; nothing where nothing is sent.

    Raises RestError when the server does not answer; what the user may not ask about is not held against the plan.
    """
    pending = tuple(change for change in changes if change.action in (Action.CREATE, Action.UPDATE))
    found: dict[str, tuple[Finding, ...]] = {}
    if pending:
        situation = Situation(session, inputs, pending)
        for check in (*CHECKS, check_warehouse) if warehouse else CHECKS:
            for key, finding in check(situation):
                found[key] = (*found.get(key, ()), finding)
    return found
