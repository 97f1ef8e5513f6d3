"""Text from outside inside Markdown: as code, where nothing is markup, a mention or a link."""

from __future__ import annotations

import re

from tsdeploy.visible import visible

_TICKS = re.compile(r"`+")


def code(text: str) -> str:
    """Any text as an inline code span of one line.

    GitHub and GitLab make no mentions, issue references, links, emoji or HTML of what stands in one.
    """
    shown = visible(text) or '""'
    fence = "`" * (max(map(len, _TICKS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
