"""The outline of a body: which keys it has, what sort of values, and how many; never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_DEEPEST = 4
_MOST_KEYS = 20


def outline(value: object, depth: int = 0) -> str:
    """``{metadata: [3 × {identifier: text}], edoc_format: text}`` for a JSON value; "nothing" for None.

    Keys come from this program or the server's interface, and lists are told by their first item.
    """
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, Sequence):
        inside = f" × {outline(value[0], depth + 1)}" if value and depth < _DEEPEST else ""
        return f"[{len(value)}{inside}]"
    if value is None:
        return "nothing"
    return "flag" if isinstance(value, bool) else "number"


def _mapping(value: Mapping[object, object], depth: int) -> str:
    if depth >= _DEEPEST:
        return "{…}"
    keys = list(value)
    parts = [f"{key}: {outline(value[key], depth + 1)}" for key in keys[:_MOST_KEYS]]
    return "{" + ", ".join(parts) + (", …" if len(keys) > _MOST_KEYS else "") + "}"
