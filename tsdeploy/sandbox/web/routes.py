"""Where things are on a sandbox's port."""

from __future__ import annotations

from typing import Final

BASE: Final = "/api/rest/2.0"
ADMIN_BASE: Final = "/sandbox/admin"
HEALTH: Final = "/sandbox/health"
ADMIN_TOKEN_HEADER: Final = "X-Sandbox-Admin-Token"  # noqa: S105 - a name, no secret
"""Carries the admin token, where the sandbox was given one."""
