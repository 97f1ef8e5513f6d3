"""What a sandbox cluster is told when it is made."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """The knobs of one cluster.

    ``orgs`` are the names of Orgs beside Primary. ``auto_obj_ids`` gives each object written an obj_id of its
    own (``NameWithoutSpaces-1a2b3c4d``), as clusters do where the feature is on. ``max_body_bytes`` is what one
    request may carry; 500 MB is the documented limit of ThoughtSpot.
    """

    name: str = "sandbox"
    orgs: tuple[str, ...] = ()
    auto_obj_ids: bool = False
    secret_key: str = "sandbox"
    password: str = "tsadmin"
    release: str = "26.8.0.cl-123"
    max_body_bytes: int = 500 * MEBIBYTE
