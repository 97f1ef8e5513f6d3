"""Whether what was read of an object is still true, told without reading it again.

A text is believed as long as the server's ``modified`` stamps of the object, and of the objects it is built on, are
those of the time when it was read: a renamed column changes the texts of all who use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def stamp(guid: str, depends: Iterable[str], modified: Mapping[str, int]) -> str:
    """The object's own stamp, and the latest of those it is built on, as far as they are known."""
    latest = max((modified[other] for other in depends if other in modified), default=0)
    return f"{modified[guid]} {latest}"
