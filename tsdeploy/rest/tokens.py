"""What the server knows of a bearer token."""

from __future__ import annotations

from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import item, whole
from tsdeploy.rest.transport import Call


def token_expiry_ms(session: Session, token: str) -> int | None:
    """When a token expires, in milliseconds since 1970; None when the server does not say.

    Raises ApiError for a token that does not hold any more, and on releases before 9.12.
    """
    call = Call("POST", "auth/token/validate", {"token": token})
    return whole(item(call, session.ask(call)), "expiration_time_in_millis")
