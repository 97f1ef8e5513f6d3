"""A request as it came in, what the application says about it, and the answer as it goes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tsdeploy.sandbox.kept import kept

V2: Final = "/api/rest/2.0/"


class Incoming:
    """One request. ``endpoint`` is its path without what all of V2 have in front; no query."""

    def __init__(self, method: str, path: str, client: str, body: bytes) -> None:
        self.method = method
        self.endpoint = path[len(V2) :] if path.startswith(V2) else path.lstrip("/")
        self.client = client
        self.body = body

    @kept
    def arguments(self) -> Mapping[str, Any]:
        """The JSON body, {} when it is no object."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


@dataclass(slots=True)
class Notes:
    """What the application found out about a request while it answered. ``caller`` is a user's name."""

    caller: str = ""
    org_id: int | None = None
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. ``cut`` is how much of the body is sent before the connection ends, None for all of it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: int | None = None

    def header(self, name: str) -> str:
        """The value of a header, "" when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_header(self, name: str, value: str) -> tuple[tuple[str, str], ...]:
        """The headers with one of them replaced or added."""
        return (*((key, old) for key, old in self.headers if key.lower() != name.lower()), (name, value))
