"""The server's answers to an import, as findings that name the object and its file.

HTTP 200 is not success: each item is judged by itself.
"""

from __future__ import annotations

import html
import re

from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.rest import ImportItem, Status
from tsdeploy.transform.render import Rendered

_BREAK = re.compile(r"<\s*/?\s*(br|li|ul|p)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_RLS = re.compile(r"\brls\b|row.level.security", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def plain_text(message: str) -> str:
    """A server message without its HTML, in one line."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("; ", message)))
    return re.sub(r"(?:\s*;\s*)+", "; ", _BLANKS.sub(" ", text)).strip("; ")


def judge(item: ImportItem, rendered: Rendered, environment: str) -> Finding | None:
    """The finding for an item that is not simply fine: TD601 refused, TD602 no answer, TD603 a warning.

    A warning about row-level security is an error: one bad rule makes the server drop all rules of the table.
    """
    if item.status is Status.OK or item.notice_only:
        return None
    where = Location(rendered.source.path, 1, 1)
    label = rendered.source.label
    if item.status is Status.ABSENT:
        hint = "plan again to see what is there"
        return Finding("TD602", f"{environment} said nothing about {label}", where, hint=hint)
    said = plain_text(item.message) or "no reason given"
    code = f" ({item.error_code})" if item.error_code else ""
    if item.status is Status.WARNING and not _RLS.search(said):
        message = f"{environment} accepts {label} with a warning{code}: {said}"
        return Finding("TD603", message, where, severity=Severity.WARNING)
    return Finding("TD601", f"{environment} refuses {label}{code}: {said}", where)
