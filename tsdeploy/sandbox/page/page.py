"""The page at ``/``: one file without anything from elsewhere, under a policy that allows its own script alone.

It holds no data. Its script asks the admin API, and writes what it gets as text nodes only.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from flask import Response


def page() -> Response:
    """The page with its security headers."""
    style, script = _part("page.css"), _part("page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    html = _part("page.html").replace("{{style}}", style).replace("{{script}}", script)
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response(html, mimetype="text/html", headers=headers)


def _part(name: str) -> str:
    return (files("tsdeploy.sandbox.page") / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
