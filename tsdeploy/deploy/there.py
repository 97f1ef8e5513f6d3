"""Live objects by GUID alone: what git no longer has, or has in other terms."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.errors import RestError
from tsdeploy.export.fetch import export_options, export_reference, fetch
from tsdeploy.plan.live import LiveObject
from tsdeploy.plan.live_cache import live_text
from tsdeploy.rest import SearchQuery, Session, search_metadata


def read_by_guid(session: Session, guids: Iterable[str]) -> dict[str, LiveObject]:
    """GUID → object, of those that exist. Raises RestError TD503 for what is there and cannot be read."""
    wanted = tuple(sorted(set(guids) - {""}))
    headers = {one.id: one for one in search_metadata(session, SearchQuery(identifiers=wanted))} if wanted else {}
    references = [export_reference(header) for header in headers.values()]
    fetched = fetch(session, references, export_options("guid", associated=False))
    if fetched.findings:
        raise RestError(fetched.findings[0], *fetched.findings[1:])
    return {
        item.guid: LiveObject(live_text(item.guid, item.document.path, item.document.text, ()), headers[item.guid])
        for item in fetched.objects
        if item.guid in headers
    }
