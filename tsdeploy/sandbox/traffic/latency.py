"""How long answers take: so much for each call, and so much for each object in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds for a call, and for each object that it asks for, sends or gets."""

    per_call: int = 0
    per_object: int = 0

    def seconds(self, objects: int) -> float:
        """How long a call with so many objects takes."""
        return (self.per_call + self.per_object * objects) / 1000


@dataclass(frozen=True, slots=True)
class Latency:
    """The delay of every endpoint. ``endpoints`` are globs with a delay of their own; the first that fits counts."""

    usual: Delay = Delay()
    endpoints: tuple[tuple[str, Delay], ...] = ()

    def of(self, endpoint: str) -> Delay:
        """The delay of one endpoint."""
        return next((delay for pattern, delay in self.endpoints if fnmatchcase(endpoint, pattern)), self.usual)

    def to_json(self) -> dict[str, Any]:
        """As the admin API shows and takes it."""
        return {**asdict(self.usual), "endpoints": [{"path": path, **asdict(delay)} for path, delay in self.endpoints]}
