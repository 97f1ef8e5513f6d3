"""The endpoints, one module for each part of the API."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.endpoints import auth, connections, export, imports, metadata, search, system, tags
from tsdeploy.sandbox.web.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *auth.ENDPOINTS,
    *system.ENDPOINTS,
    *search.ENDPOINTS,
    *export.ENDPOINTS,
    *imports.ENDPOINTS,
    *metadata.ENDPOINTS,
    *tags.ENDPOINTS,
    *connections.ENDPOINTS,
)
"""Every route under ``/api/rest/2.0``."""
