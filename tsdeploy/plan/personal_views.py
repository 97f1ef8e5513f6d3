"""Views that people saved of Liveboards: whether a deploy leaves alone those that git does not have.

An import by an administrator deletes the views that its text does not have, unless it asks for them to be kept, which
releases can from 26.8 on; an import by anybody else leaves them alone (facts about TML, §4.1).

Where they are kept, such a view is no difference: it belongs to whoever saved it, a deploy does not touch it, and the
plan after it has nothing to say of it. That also holds for a view that has left git: nobody can tell it from one that
its owner saved again. Where they are not kept, the views that TML shows are differences like any other, which also
blocks the loss of one that was saved since the last deploy (TD513); TD528 counts them all, for TML shows only those of
the user who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.config.environment import Environment
from tsdeploy.errors import Finding, Severity
from tsdeploy.plan.change import Change
from tsdeploy.rest import ApiError, Session, personal_views, system_info
from tsdeploy.tml.document import Document

_LIVEBOARD = "liveboard"
_ADMINISTRATION = "ADMINISTRATION"
_KEPT_SINCE = (26, 8)


def keeps_views(session: Session, environment: Environment, documents: Iterable[Document]) -> bool:
    """Whether importing these documents leaves alone the saved views that they do not have."""
    if environment.deploy.personal_views == "replace":
        return False
    if not _is_administrator(session) or all(document.kind.name != _LIVEBOARD for document in documents):
        return True
    try:
        release = system_info(session).release
    except ApiError:
        return True  # an administrator of one Org may not be allowed to ask
    return not release or release[:2] >= _KEPT_SINCE


def lost_views(session: Session, name: str, changes: Iterable[Change]) -> Iterator[tuple[str, Finding]]:
    """TD528 by the key of each Liveboard of which an update deletes personal views; ``name`` is the environment's.

    Where the server does not tell who has views of a Liveboard, somebody may have some.
    """
    updated = {
        change.live.guid: change
        for change in changes
        if change.live is not None
        and change.rendered.source.kind.name == _LIVEBOARD
        and not change.rendered.keeps_views
    }
    if not updated or not _is_administrator(session):
        return
    try:
        known = personal_views(session, updated)
    except ApiError:
        known = {}
    for guid, change in updated.items():
        sent = {reference.guid for reference in change.rendered.document().references}
        lost = sum(view not in sent for view in known.get(guid, ()))
        if lost or guid not in known:
            yield change.key, _finding(change, name, lost)


def _finding(change: Change, name: str, lost: int) -> Finding:
    how_many = {0: "any personal view", 1: "1 personal view"}.get(lost, f"{lost} personal views")
    message = f"as an administrator you would delete {how_many} that people saved of {change.label} in {name}"
    hint = "sign in as a user who has DATAMANAGEMENT and is no administrator"
    where = change.rendered.source.at(0)
    return Finding("TD528", f"{message} and that its TML does not have", where, hint=hint, severity=Severity.WARNING)


def _is_administrator(session: Session) -> bool:
    return _ADMINISTRATION in session.user.privileges
