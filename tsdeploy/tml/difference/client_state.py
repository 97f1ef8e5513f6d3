"""The settings that a browser keeps as JSON inside a string: which of their differences anybody would see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.references import GUID_PATTERN

KEYS = frozenset({"client_state", "client_state_v2", "headline_client_state"})
"""The keys under which such a string stands."""

_GUID = re.compile(GUID_PATTERN)
_RELEASE = frozenset({"version", "tableVizPropVersion"})
_LOOK = {
    "widthState": "column widths",
    "width": "column widths",
    "rowExpandedPaths": "expanded rows",
    "seriesColors": "colors",
    "systemSeriesColors": "colors",
    "color": "colors",
}
_DEEPEST = 60
_MOST_NAMED = 3


def weigh(before: str, after: str) -> tuple[Weight, str]:
    """The weight of a change of such a string, and in a few words what changed ("" where that is not known).

    Ids that the browser makes anew (those under a key ``id``, and their mentions) and the format's version are
    noise; widths, colors and expanded rows are layout; anything else is content.
    """
    old, new = _read(before), _read(after)
    if old is None or new is None:
        return Weight.CONTENT, ""
    places = tuple(dict.fromkeys(_differences(_numbered(before, old), _numbered(after, new), ())))
    content = [path for path in places if not _RELEASE & set(path) and not _LOOK.keys() & set(path)]
    if content:
        return Weight.CONTENT, _named(dict.fromkeys(filter(None, map(_setting, content))))
    looks = dict.fromkeys(_LOOK[step] for path in places for step in path if step in _LOOK)
    return (Weight.LAYOUT, _named(looks)) if looks else (Weight.NOISE, "")


def _read(text: str) -> Any:
    """The JSON, or None where it is none or nested beyond reason."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if _depth(value) <= _DEEPEST else None


def _depth(value: Any) -> int:
    level, deepest = [value], 0
    while level and deepest <= _DEEPEST:
        deepest += 1
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest


def _numbered(text: str, value: Any) -> Any:
    """The JSON with the ids it declares replaced by numbers, in the order in which they are declared."""
    declared = {found: f"#{number}" for number, found in enumerate(dict.fromkeys(_ids(value)))}
    if not declared:
        return value
    return json.loads(_GUID.sub(lambda match: declared.get(match.group(), match.group()), text))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "id" and isinstance(item, str) and _GUID.fullmatch(item):
                yield item
            else:
                yield from _ids(item)


def _differences(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            if key not in old or key not in new:
                yield (*path, key)
            else:
                yield from _differences(old[key], new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _differences(one, other, path)
    elif old != new or type(old) is not type(new):
        yield path


def _setting(path: tuple[str, ...]) -> str:
    """What people may know the place by: its last key that is no id."""
    return next((step for step in reversed(path) if not step.startswith("#") and not _GUID.fullmatch(step)), "")


def _named(names: dict[str, None]) -> str:
    shown = list(names)[:_MOST_NAMED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
