"""The requests that a sandbox answered: the last ones, without what is secret in them."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from tsdeploy.sandbox.traffic.exchange import Incoming

KEPT: Final = 10_000
"""How many requests are remembered."""
_MAX_BODY = 4 * 1024 * 1024
_SECRET = re.compile(r"password|secret|token|credential|authorization|private_?key", re.IGNORECASE)
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Request:
    """One request and what came of it.

    ``path`` is the endpoint without ``/api/rest/2.0/``; ``caller`` the user's name, "" before sign-in; ``status`` 0
    where the connection was reset; ``time`` and ``milliseconds`` are when it came and how long it took;
    ``objects`` how many it was about; ``fault`` the ids of the rules that happened to it; ``body`` the JSON sent, with
    secrets hidden, None unless bodies are kept.
    """

    number: int
    time: int
    method: str
    path: str
    caller: str
    org_id: int | None
    status: int
    milliseconds: float
    objects: int
    received: int
    sent: int
    fault: str = ""
    body: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """As the admin API and the file show it."""
        return asdict(self)


class RequestLog:
    """The last requests, oldest first. ``keep_bodies`` also keeps the JSON that was sent."""

    def __init__(self, size: int = KEPT) -> None:
        self.keep_bodies = False
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=size)

    def number(self) -> int:
        """The number of a request that has just come in."""
        return next(self._numbers)

    def add(self, request: Request) -> None:
        """Remember a request, and forget the oldest when there are too many."""
        with self._lock:
            self._requests.append(request)

    def all(self) -> tuple[Request, ...]:
        """Every request that is remembered."""
        with self._lock:
            return tuple(self._requests)

    def of(self, path: str, method: str = "") -> tuple[Request, ...]:
        """The requests to an endpoint, or to those of a glob."""
        return tuple(
            request for request in self.all() if fnmatchcase(request.path, path) and method in ("", request.method)
        )

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._requests.clear()

    def save(self, path: Path) -> int:
        """Write a line of JSON for each request; how many there were."""
        requests = self.all()
        path.write_text("".join(f"{json.dumps(one.to_json())}\n" for one in requests), encoding="utf-8")
        return len(requests)

    def body(self, incoming: Incoming) -> Mapping[str, Any] | None:
        """What to remember of the JSON that was sent."""
        if not self.keep_bodies or len(incoming.body) > _MAX_BODY:
            return None
        return {key: sanitized(key, value) for key, value in incoming.arguments.items()}


def sanitized(key: str, value: Any) -> Any:
    """A value of JSON, with everything hidden that stands under the name of a secret."""
    if isinstance(value, Mapping):
        return {inner: sanitized(inner, item) for inner, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [sanitized(key, item) for item in value]
    return _HIDDEN if _SECRET.search(key) and value not in (None, "") else value
