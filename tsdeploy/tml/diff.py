"""What differs between two versions of a document, in places and values, not in lines.

List items are matched by their natural key (a column's name, a visualization's id), so that reordering is no
change. What a server adds or mints by itself is noise, and left out on request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.tml.catalogue import ITEM, Promotion, places
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Path, Plain, to_plain

_RENUMBERED = frozenset({("nls_feedback", "feedback", ITEM, "id")})
"""Numbers that the server gives anew at each export."""

_NATURAL_KEYS = (
    "feedback_phrase",
    "name",
    "id",
    "column_id",
    "visualization_id",
    "key",
    "with",
    "destination",
    "type",
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference. ``at`` is where, with list items named by their natural key; a missing side is None."""

    at: str
    before: Plain | None
    after: Plain | None

    @property
    def verb(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def diff_documents(before: Document, after: Document, *, noise: bool = False) -> tuple[FieldChange, ...]:
    """The differences between two versions of an object, identity left out.

    With ``noise`` also inner GUIDs that the server mints (viz, group, view, parameter) and numbers it gives anew.
    """
    hidden = frozenset() if noise else _RENUMBERED | _minted(before) | _minted(after)
    root = after.kind.root
    return tuple(_compare(to_plain(before.body), to_plain(after.body), "", (root,), hidden))


def _minted(document: Document) -> frozenset[Path]:
    minted = (place for place in places(document.kind.root) if place.promotion is Promotion.MINT)
    return frozenset(place.pattern for place in minted)


def _compare(
    old: Plain | None, new: Plain | None, at: str, pattern: Path, hidden: frozenset[Path]
) -> Iterator[FieldChange]:
    if pattern in hidden or old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _compare(old.get(key), new.get(key), f"{at}.{key}".lstrip("."), (*pattern, key), hidden)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, at, (*pattern, ITEM), hidden)
    else:
        yield FieldChange(at, old, new)


def _compare_lists(
    old: list[Plain], new: list[Plain], at: str, pattern: Path, hidden: frozenset[Path]
) -> Iterator[FieldChange]:
    key = _natural_key(old, new, pattern, hidden)
    if key is None:
        for number in range(max(len(old), len(new))):
            before, after = (items[number] if number < len(items) else None for items in (old, new))
            yield from _compare(before, after, f"{at}[{number}]", pattern, hidden)
        return
    olds, news = _keyed(old, key), _keyed(new, key)
    for name in dict.fromkeys((*olds, *news)):
        yield from _compare(olds.get(name), news.get(name), f"{at}[{name}]", pattern, hidden)


def _natural_key(old: list[Plain], new: list[Plain], pattern: Path, hidden: frozenset[Path]) -> str | None:
    for key in _NATURAL_KEYS:
        if (*pattern, key) not in hidden and all(_is_unique(items, key) for items in (old, new)):
            return key
    return None


def _is_unique(items: list[Plain], key: str) -> bool:
    values = [item.get(key) if isinstance(item, dict) else None for item in items]
    return all(isinstance(value, str) for value in values) and len(set(map(str, values))) == len(values)


def _keyed(items: list[Plain], key: str) -> dict[str, Plain]:
    return {str(item[key]): item for item in items if isinstance(item, dict)}
