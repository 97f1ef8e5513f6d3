"""Who may use the admin API: programs on this machine, or whoever knows its token; never a foreign web page."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Request

from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.web.failures import argument_error
from tsdeploy.sandbox.web.routes import ADMIN_TOKEN_HEADER


def admit(settings: Settings, request: Request) -> None:
    """Raises ApiError 401 without the token, where there is one; else 403 for another machine or a web page.

    A web page that somebody has open can send requests to this machine. The browser says where the page is from
    (``Origin``), and a page that had its own name resolved to this machine gives itself away by ``Host``.
    """
    if settings.admin_token:
        if not hmac.compare_digest(request.headers.get(ADMIN_TOKEN_HEADER, "").encode(), settings.admin_token.encode()):
            raise argument_error(f"The admin API needs its token in the header {ADMIN_TOKEN_HEADER}.", 401)
        return
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    foreign_page = origin is not None and urlsplit(origin).netloc != host
    if foreign_page or not _is_loopback(request.remote_addr or "") or not _is_loopback(_name_of(host)):
        raise argument_error("The admin API answers this machine alone unless it was given a token.", 403)


def _name_of(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
