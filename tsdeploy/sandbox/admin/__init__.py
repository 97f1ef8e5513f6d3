"""What a test or a person controls a sandbox with; no part of ThoughtSpot's API.

Its endpoints are declared as ThoughtSpot's are, below ``/sandbox/admin``, and answer JSON to this machine alone.
"""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.admin import cluster, contents, objects, principals, requests, snapshots, traffic
from tsdeploy.sandbox.web.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *cluster.ENDPOINTS,
    *contents.ENDPOINTS,
    *objects.ENDPOINTS,
    *principals.ENDPOINTS,
    *traffic.ENDPOINTS,
    *requests.ENDPOINTS,
    *snapshots.ENDPOINTS,
)
"""Every route under ``/sandbox/admin``. A ``GET`` takes its arguments from the query."""
