"""The cluster, who is signed in, and the Orgs."""

from __future__ import annotations

from tsdeploy.rest.identity import orgs_call, read_orgs, read_user, user_call
from tsdeploy.rest.results import CurrentUser, Org, SystemInfo
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import item, text
from tsdeploy.rest.transport import Call


def system_info(session: Session) -> SystemInfo:
    """The cluster's release and kind. Raises ApiError TD404 without an administration privilege."""
    call = Call("GET", "system")
    system = item(call, session.ask(call))
    return SystemInfo(
        text(system, "id"),
        text(system, "name"),
        text(system, "release_version"),
        text(system, "type"),
        text(system, "environment"),
    )


def current_user(session: Session) -> CurrentUser:
    """The signed-in user as the server sees it now; ``Session.user`` is from when the token was minted."""
    call = user_call()
    return read_user(call, session.ask(call))


def search_orgs(session: Session, *, name: str | None = None) -> list[Org]:
    """The cluster's Orgs, or those that match a name. Raises ApiError where Orgs are off or hidden."""
    call = orgs_call(name)
    return read_orgs(call, session.ask(call))
