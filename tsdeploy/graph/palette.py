"""One colour for each sort of object, the same in every rendering."""

from __future__ import annotations

_SORTS = (
    ("connection",),
    ("table", "sql_view", "input_table"),
    ("view",),
    ("model", "worksheet"),
    ("cohort",),
    ("answer",),
    ("liveboard",),
    ("monitor_alert",),
    ("collection",),
)
_FILLS = ("#dfe3e8", "#d3e5f7", "#d3f0ee", "#dcefd2", "#f0efc8", "#fde6c8", "#fbd9d0", "#f6d4e4", "#e3dbf5", "#ececec")

OTHER = len(_SORTS)
"""The number of everything that has no colour of its own."""


def sort_of(kind: str) -> int:
    """The number of the sort that a kind belongs to, from 0 to ``OTHER``."""
    return next((number for number, kinds in enumerate(_SORTS) if kind in kinds), OTHER)


def fill(sort: int) -> str:
    """A light colour to stand behind black text."""
    return _FILLS[sort]
