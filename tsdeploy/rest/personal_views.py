"""The views that people saved of Liveboards: how many there are, not what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tsdeploy.rest.metadata import search_metadata
from tsdeploy.rest.query import SearchQuery
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import text

_KEY: Final = "personalisedViews"
"""Not documented. A server that has them elsewhere says nothing of them, which is not the same as none."""


def personal_views(session: Session, guids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """GUID of a Liveboard → the GUIDs of its views, everybody's; without Liveboards of which the server does not tell.

    TML has only those of the user who asks for it.
    """
    query = SearchQuery(types=("LIVEBOARD",), identifiers=tuple(guids), details=True, personal_views=True)
    found: dict[str, tuple[str, ...]] = {}
    for header in search_metadata(session, query) if query.identifiers else ():
        views = (header.details or {}).get(_KEY)
        if isinstance(views, list):
            found[header.id] = tuple(text(view, "id") for view in views if isinstance(view, dict))
    return found
