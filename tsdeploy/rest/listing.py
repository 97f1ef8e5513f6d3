"""Lists that come in pages have an end, whatever the server says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.transport import Call

MOST_LISTED: Final = 1_000_000
"""Entries of one list that are asked for: far more than any cluster has, and soon over."""


@dataclass(slots=True)
class Listing:
    """What a list has brought so far."""

    _seen: set[str] = field(default_factory=set)

    def go_on(self, call: Call, page: Iterable[str]) -> None:
        """Note the ids of a page that another is to follow.

        Raises AnswerError TD410 for one that brings nothing new, after which nothing new may ever come, and when there
        is no end.
        """
        before = len(self._seen)
        self._seen.update(page)
        if len(self._seen) == before:
            raise not_understood(call, "the server keeps sending the same page, so the list would be incomplete")
        refuse_endless(call, len(self._seen))


def refuse_endless(call: Call, offset: int) -> None:
    """Raises AnswerError TD410 for a page that stands behind more than anybody has."""
    if offset >= MOST_LISTED:
        raise not_understood(call, f"the server's list has more than {MOST_LISTED} entries, or no end")
