"""The endpoints, one module for each part of the API."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.endpoints import (
    async_imports,
    auth,
    collections,
    connections,
    copies,
    export,
    export_batch,
    git_commits,
    git_configs,
    git_deploys,
    groups,
    header_updates,
    imports,
    metadata,
    new_principals,
    parameterize,
    publish,
    search,
    security,
    system,
    tags,
    tokens,
    users,
    variable_values,
    variables,
)
from tsdeploy.sandbox.web.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *tokens.ENDPOINTS,
    *auth.ENDPOINTS,
    *system.ENDPOINTS,
    *search.ENDPOINTS,
    *export.ENDPOINTS,
    *export_batch.ENDPOINTS,
    *imports.ENDPOINTS,
    *async_imports.ENDPOINTS,
    *metadata.ENDPOINTS,
    *header_updates.ENDPOINTS,
    *copies.ENDPOINTS,
    *parameterize.ENDPOINTS,
    *variables.ENDPOINTS,
    *variable_values.ENDPOINTS,
    *collections.ENDPOINTS,
    *publish.ENDPOINTS,
    *git_configs.ENDPOINTS,
    *git_commits.ENDPOINTS,
    *git_deploys.ENDPOINTS,
    *tags.ENDPOINTS,
    *security.ENDPOINTS,
    *users.ENDPOINTS,
    *groups.ENDPOINTS,
    *new_principals.ENDPOINTS,
    *connections.ENDPOINTS,
)
"""Every route under ``/api/rest/2.0``."""
