"""Who may use the admin API: programs on this machine, or whoever knows its token; never a foreign web page."""

from __future__ import annotations

import hmac

from flask import Request

from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.web.failures import argument_error
from tsdeploy.sandbox.web.routes import ADMIN_TOKEN_HEADER
from tsdeploy.sandbox.web.visitors import is_foreign_page, is_loopback


def admit(settings: Settings, request: Request) -> None:
    """Raises ApiError 401 without the token, where there is one; else 403 for another machine or a web page."""
    if settings.admin_token:
        if not hmac.compare_digest(request.headers.get(ADMIN_TOKEN_HEADER, "").encode(), settings.admin_token.encode()):
            raise argument_error(f"The admin API needs its token in the header {ADMIN_TOKEN_HEADER}.", 401)
        return
    if is_foreign_page(request) or not is_loopback(request.remote_addr or ""):
        raise argument_error("The admin API answers this machine alone unless it was given a token.", 403)
