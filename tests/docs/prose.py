"""Plain text as Markdown: what only looks like markup is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"(`[^`]+`|\$?[\w/.]*\{[^}]*\}[\w/.{}]*)")
_MARKUP = re.compile(r"([*_<\[\]])")


def prose(text: str) -> str:
    """A docstring, a help text or a description; what has braces is code."""
    parts = _CODE.split(text.replace("``", "`"))
    return "".join(_code(part) if number % 2 else _MARKUP.sub(r"\\\1", part) for number, part in enumerate(parts))


def row(*cells: str) -> str:
    """A row of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def codes(words: Iterable[str]) -> str:
    """Words as code, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)


def _code(part: str) -> str:
    return part if part.startswith("`") else f"`{part}`"
