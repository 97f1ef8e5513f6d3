"""Text from outside, made safe to look at: nothing hidden in it, nothing that turns it around, and nothing that a
pipeline would take for a command.

CI hosts read what a job prints. Sources: GitHub "Workflow commands" (``::name::`` at the start of a line, ``##[name]``
anywhere), Azure "Logging commands" (``##vso[name]``), TeamCity "Service messages" (``##teamcity[name]``).
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\w*\[)", re.MULTILINE)
_IN_JSON = re.compile(r"#(?=#\w*\[)")
_KEPT = frozenset("\n\t")
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
"""Letters, marks and signs to Unicode for which nothing is drawn: joiners, fillers of syllables, Braille's blank."""


def visible(text: str) -> str:
    """The text as one line; control, direction and other invisible characters are written as ``\\u202e``."""
    flat = inert(" ".join(text.split()))
    return flat if is_seen(flat) else "".join(map(_shown, flat))


def visible_lines(text: str) -> str:
    """As ``visible``, of a text whose lines, tabs and wide blanks are to stay as they are."""
    shown = inert(text)
    return shown if is_seen(shown) else "".join(map(_shown_in_lines, shown))


def inert(text: str) -> str:
    """The text, with the first character of what a pipeline would take for a command spelled out."""
    if ":" not in text and "#" not in text:
        return text
    return _COMMAND.sub(lambda found: "\\u0023" if found[0] == "#" else f"{found[1]}\\u003a", text)


def is_seen(text: str) -> bool:
    """Whether something is drawn for every character, or it is a plain blank."""
    return text.isprintable() and (text.isascii() or _BLANK.search(text) is None)


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_cells(character) for character in text)


def shortened(text: str, limit: int) -> str:
    """The text in at most ``limit`` columns, with an ellipsis where it was cut."""
    if cells(text) <= limit:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def json_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON in which every invisible character is escaped; nothing of it is lost."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = _IN_JSON.sub(r"\\u0023", json.dumps(value, ensure_ascii=False, indent=indent, separators=separators))
    return "\n".join(map(_json_line, text.split("\n")))


def _shown(character: str) -> str:
    if is_seen(character):
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _shown_in_lines(character: str) -> str:
    return character if character in _KEPT or unicodedata.category(character) == "Zs" else _shown(character)


def _json_line(line: str) -> str:
    return line if is_seen(line) else "".join(map(_json_shown, line))


def _json_shown(character: str) -> str:
    return character if is_seen(character) else json.dumps(character)[1:-1]


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
