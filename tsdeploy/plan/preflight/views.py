"""Whether people would lose views that they saved of Liveboards."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding
from tsdeploy.plan.personal_views import lost_views
from tsdeploy.plan.preflight.situation import Situation


def check_views(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD528: an administrator's import deletes them."""
    return lost_views(situation.session, situation.name, situation.pending)
