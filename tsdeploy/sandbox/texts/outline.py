"""What headers say of a Liveboard, seen in its text: reading it as a tree would take most of the time of a search.

Texts that are kept are written as the server writes them, so that an indent says how deep a line is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEXT_KEY = re.compile(r"\n  (?=[^\s-])")


@dataclass(frozen=True, slots=True)
class LiveboardOutline:
    """How many containers a Liveboard has, and whether it has tabs and filters that must be set."""

    containers: int
    has_tabs: bool
    has_mandatory_filter: bool


def liveboard_outline(text: str) -> LiveboardOutline:
    """Look at the text of a Liveboard that is kept."""
    return LiveboardOutline(
        containers=_part(text, "visualizations").count("\n  - "),
        has_tabs="\n    tabs:\n" in _part(text, "layout"),
        has_mandatory_filter="\n    is_mandatory: true\n" in f"{_part(text, 'filters')}\n",
    )


def _part(text: str, key: str) -> str:
    """The lines below a key of the content."""
    head = f"\n  {key}:"
    start = text.find(head)
    if start < 0:
        return ""
    start += len(head)
    following = _NEXT_KEY.search(text, start)
    return text[start : following.start() if following else len(text)]
