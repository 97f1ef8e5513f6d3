"""Who signs in, and what they may do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from tsdeploy.config.auth import PasswordAuth, TokenAuth
from tsdeploy.doctor.check import Remark, ok, problem, warning
from tsdeploy.doctor.visit import Visit
from tsdeploy.rest import ApiError
from tsdeploy.rest.tokens import token_expiry_ms

_HOUR = 3600.0
_SKEW = 60.0
"""Seconds that clocks may be apart without anybody noticing."""


def check_credentials(visit: Visit) -> Iterator[Remark]:
    """Which kind they are, and whether the variable with the secret is set. Raises ConfigError TD305 when it is not."""
    auth = visit.environment.auth
    if isinstance(auth, TokenAuth):
        auth.token.reveal()
        yield ok(f"a ready token, from {auth.token.variable}; it cannot be renewed")
    elif isinstance(auth, PasswordAuth):
        auth.password.reveal()
        yield ok(f"{auth.username} with a password, from {auth.password.variable}")
    else:
        auth.secret_key.reveal()
        yield ok(f"{auth.username} by trusted authentication, with the key from {auth.secret_key.variable}")


def check_sign_in(visit: Visit) -> Iterator[Remark]:
    """Whether the server lets the user in, and into the Org that is wanted. Raises what ``Session.user`` raises."""
    user = visit.session.user
    yield ok(f"as {user.name}" + (f" ({user.display_name})" if user.display_name not in ("", user.name) else ""))


def check_token(visit: Visit) -> Iterator[Remark]:
    """How long a ready token lasts; those that are minted are minted again."""
    auth = visit.environment.auth
    if not isinstance(auth, TokenAuth):
        yield ok("minted here, and again before it expires")
        return
    hint = f"mint a new one and put it into {auth.token.variable}; for CI, type: trusted renews by itself"
    try:
        expiry = token_expiry_ms(visit.session, auth.token.reveal())
    except ApiError:
        expiry = None
    if expiry is None:
        yield warning("the server does not tell when the token expires", hint)
        return
    left = expiry / 1000 - (visit.session.budget.server_time or time.time())
    until = f"{datetime.fromtimestamp(expiry / 1000, timezone.utc):%Y-%m-%d %H:%M} UTC"
    yield ok(f"holds until {until}") if left > _HOUR else warning(f"holds only until {until}", hint)


def check_clock(visit: Visit) -> Iterator[Remark]:
    """How far this machine's clock is from the ``Date`` of the server's answers."""
    server = visit.session.budget.server_time
    ahead = time.time() - server
    if not server:
        yield ok("the server does not tell the time")
    elif abs(ahead) <= _SKEW:
        yield ok("this machine and the server agree on the time")
    else:
        text = f"this machine's clock is {_duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the server's"
        yield warning(text, "set it (NTP): certificates, locks, deploy windows and backups go by it")


def check_org(visit: Visit) -> Iterator[Remark]:
    """Whether the file says which Org is meant; that it is the one signed in to was made sure of before."""
    user, wanted = visit.session.user, visit.environment.org
    if user.org_id is None:
        yield ok("this cluster has no Orgs")
        return
    here = f"Org {user.org_id}" + (f" ({user.org_name})" if user.org_name else "")
    hint = f"write  org: {user.org_id}  into {visit.file}"
    if wanted is not None:
        yield ok(f"{here}, as {visit.file} says")
    elif isinstance(visit.environment.auth, PasswordAuth):
        # Without an org_id a password opens the Org of the user's last visit (REST API v2.0, auth/token/full).
        yield warning(f"{here} this time: without  org:  the server takes the Org that the user was in last", hint)
    else:
        yield ok(f"{here}; the file names none")


@dataclass(frozen=True, slots=True)
class _Need:
    """What commands need: one of these privileges. Source: REST API v2.0, the endpoints that they call."""

    commands: str
    privileges: tuple[str, ...]


_READING = _Need("export, plan, drift and backup", ("DATADOWNLOADING", "DATAMANAGEMENT"))
_WRITING = _Need("deploy, rollback, prune and restore", ("DATAMANAGEMENT",))


def check_privileges(visit: Visit) -> Iterator[Remark]:
    """Whether the user may do what is done with such an environment."""
    user = visit.session.user
    if not user.privileges:
        hint = f"where that is so, put the user into a group that has {' and '.join(_WRITING.privileges)}"
        yield warning(f"the server names none for {user.name}", hint)
        return
    for need in (_READING, _WRITING) if visit.environment.source else (_READING,):
        held = sorted(user.privileges & {*need.privileges, "ADMINISTRATION"})
        if held:
            yield ok(f"{held[0]} is enough for {need.commands}")
        else:
            wanted = " or ".join(need.privileges)
            hint = f"put {user.name} into a group that has {wanted}, in the Org that is meant"
            yield problem(f"{wanted} is missing for {need.commands}", hint, "TD404")


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
