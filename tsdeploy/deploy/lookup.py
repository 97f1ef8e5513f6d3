"""What is in the target now: after each import, and instead of sending again when an answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from tsdeploy.plan.build import compare
from tsdeploy.plan.live import read_live
from tsdeploy.rest import Session
from tsdeploy.tml.document import Document
from tsdeploy.transform.render import Rendered


class Outcome(str, Enum):
    """What became of an import whose answer was lost."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    MIXED = "mixed"


def live_of(session: Session, sent: Sequence[tuple[Rendered, str]]) -> dict[str, Document]:
    """Document key → live document, for objects under the GUID that the server gave them."""
    placed = [replace(item, target=replace(item.target, guid=guid)) for item, guid in sent]
    return dict(read_live(session, placed).documents)


def look_up(session: Session, rendered: Sequence[Rendered]) -> Outcome:
    """Compare what is there with what was sent. An object that the server was to name cannot be looked up."""
    live = read_live(session, rendered).documents
    applied = [item.key in live and not compare(live[item.key], item.document()) for item in rendered]
    if all(applied):
        return Outcome.APPLIED
    return Outcome.MIXED if any(applied) or any(not item.target.guid for item in rendered) else Outcome.NOT_APPLIED
