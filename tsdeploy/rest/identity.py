"""Read who is signed in and which Orgs there are: the pure part, which signing in needs as well."""

from __future__ import annotations

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.results import CurrentUser, Org
from tsdeploy.rest.shape import inner, item, items, sequence, text, whole
from tsdeploy.rest.transport import Call


def user_call() -> Call:
    """The call for the signed-in user, who alone tells the effective Org reliably (facts §3, recorded)."""
    return Call("GET", "auth/session/user")


def read_user(call: Call, answer: object) -> CurrentUser:
    """Read the answer to ``user_call``. Raises AnswerError TD410 when it names no user."""
    user = item(call, answer)
    if not text(user, "id") or not text(user, "name"):
        raise not_understood(call, "the user has no id or no name")
    org = inner(user, "current_org")
    privileges = frozenset(name for name in sequence(user, "privileges") if isinstance(name, str))
    return CurrentUser(
        text(user, "id"),
        text(user, "name"),
        text(user, "display_name"),
        whole(org, "id"),
        text(org, "name"),
        privileges,
    )


def orgs_call(name: str | None) -> Call:
    """The call that lists Orgs, or the one with this name."""
    return Call("POST", "orgs/search", {} if name is None else {"org_identifier": name})


def read_orgs(call: Call, answer: object) -> list[Org]:
    """Read the answer to ``orgs_call``. Raises AnswerError TD410 when an Org has no id."""
    orgs = []
    for found in items(call, answer):
        org_id = whole(found, "id")
        if org_id is None:
            raise not_understood(call, "an Org has no id")
        orgs.append(Org(org_id, text(found, "name"), text(found, "status")))
    return orgs
