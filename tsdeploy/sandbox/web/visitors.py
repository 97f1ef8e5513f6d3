"""Web pages that somebody has open can send requests to this machine: how to tell them from programs.

The browser says where a page is from (``Origin``), and a page that had its own name resolved to this machine gives
itself away by ``Host``.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Request

from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.web.failures import argument_error


def is_loopback(name: str) -> bool:
    """Whether a name or an address is always this machine's own."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_foreign_page(request: Request) -> bool:
    """Whether a request comes from a web page of somebody else, or may: it names this machine otherwise."""
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    return (origin is not None and urlsplit(origin).netloc != host) or not is_loopback(_name_of(host))


def refuse_foreign_pages(settings: Settings, request: Request) -> None:
    """Raises ApiError 403 for a foreign page: everybody knows the passwords here, and so does the page.

    Only where nothing but this machine can connect. Who gives an admin token, or listens on other addresses, has the
    sandbox called by names that nobody can tell from a page's.
    """
    if not settings.admin_token and is_loopback(str(request.environ["SERVER_NAME"])) and is_foreign_page(request):
        raise argument_error("This sandbox answers programs on this machine alone, and no web page.", 403)


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
