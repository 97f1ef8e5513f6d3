"""Whether a condition of row-level security lets more people see more: by the parts that ``and`` joins."""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum

_PIECE = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\[(?:[^\]\\]|\\.)*\]|[()]|\b(?:and|or)\b|\s+|.", re.DOTALL | re.IGNORECASE
)
"""Quoted text, a column, a bracket, a word that joins, or whatever else."""


class Tendency(Enum):
    """What becomes of a condition."""

    LOOSER = "looser"
    TIGHTER = "tighter"
    OTHER = "other"


def tendency(before: str, after: str) -> Tendency:
    """Compare two conditions: one that asks for less than before is looser, one that asks for more is tighter."""
    old, new = _parts(before), _parts(after)
    if old is None or new is None or old == new:
        return Tendency.OTHER
    if new <= old:
        return Tendency.LOOSER
    return Tendency.TIGHTER if old <= new else Tendency.OTHER


def _parts(condition: str) -> Counter[str] | None:
    """What ``and`` joins outside of all brackets; None where ``or`` joins anything there, or brackets are missing."""
    parts = [""]
    depth = 0
    for piece in _PIECE.findall(condition):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        word = piece.lower()
        if depth < 0 or (depth == 0 and word == "or"):
            return None
        if depth == 0 and word == "and":
            parts.append("")
        else:
            parts[-1] += " " if piece.isspace() else piece
    return Counter(part.strip() for part in parts) if depth == 0 else None
