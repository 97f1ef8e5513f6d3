"""Requests that may name another Org than the caller's."""

from __future__ import annotations

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.access import Access
from tsdeploy.sandbox.principals import need_org
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.sandbox.web.failures import Code, system_error


def org_named(call: Call, identifier: str) -> int:
    """The id of the Org that a request names; the caller's where it names none.

    Raises ApiError 400/13003 for one that is not there, 403/10023 for one that the caller does not administer.
    """
    if not identifier:
        return call.org_id
    org_id = need_org(call.cluster, identifier).id
    if org_id != call.org_id:
        need_administrator(call, org_id)
    return org_id


def need_administrator(call: Call, org_id: int) -> None:
    """Raises ApiError 403/10023 unless the caller administers an Org; who administers Primary administers them all."""
    if not Access(call.cluster, call.session.user_id, org_id).is_admin:
        raise system_error(guesses.OTHER_ORG_TEXT, Code.FORBIDDEN, 403)
