"""The server's answers to an import, as findings that name the object, its file and the line.

HTTP 200 is not success: each item is judged by itself.
"""

from __future__ import annotations

import re

from tsdeploy.deploy.messages import explain, place_of, plain_text
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.rest import ImportItem, Status
from tsdeploy.transform.inputs import Rendered

_RLS = re.compile(r"\brls\b|row.level.security", re.IGNORECASE)


def judge(item: ImportItem, rendered: Rendered, environment: str) -> Finding | None:
    """The finding for an item that is not simply fine: TD601 refused, TD602 no answer, TD603 a warning.

    A warning about row-level security is an error: one bad rule makes the server drop all rules of the table.
    """
    if item.status is Status.OK or item.notice_only:
        return None
    label = rendered.source.label
    if item.status is Status.ABSENT:
        hint = "plan again to see what is there"
        message = f"{environment} said nothing about {label}"
        return Finding("TD602", message, Location(rendered.source.path, 1, 1), hint=hint)
    said = plain_text(item.message)
    explained = explain(said or "no reason given")
    where, at = place_of(explained.name, rendered.source)
    code = f" ({item.error_code})" if item.error_code else ""
    if item.status is Status.WARNING and not _RLS.search(said):
        message = f"{environment} accepts {label} with a warning{code}: {explained}"
        return Finding("TD603", message, where, at, explained.hint, Severity.WARNING)
    return Finding("TD601", f"{environment} refuses {label}{code}: {explained}", where, at, explained.hint)
