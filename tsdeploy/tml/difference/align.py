"""Pairs of list items in two versions: by natural key, then by what outlives a new name, else by position."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from tsdeploy.tml.difference.lists import GUESSED_KEYS, ListRule, Order, item_label, key_of
from tsdeploy.tml.syntax import Node, Scalar, to_plain


@dataclass(frozen=True, slots=True)
class Pair:
    """One item in both versions, None where it is missing. ``label`` is its natural key, else its position."""

    label: str
    before: Node | None
    after: Node | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs of a list. ``order`` is None where the common items kept their order, else what that means."""

    pairs: tuple[Pair, ...]
    order: Order | None = None


def align(before: Sequence[Node], after: Sequence[Node], rule: ListRule | None) -> Alignment:
    """Pair the items of two versions of a list."""
    if not rule:
        guessed = _guessed(before, after)
        return _by_key(before, after, guessed) if guessed else Alignment(tuple(_by_position(before, after)))
    if rule.keys and not any(isinstance(item, Scalar) for item in (*before, *after)):
        return _by_key(before, after, rule)
    if not rule.keys:
        return _as_values(before, after, rule.order)
    return Alignment(tuple(_by_position(before, after)))


def _guessed(before: Sequence[Node], after: Sequence[Node]) -> ListRule | None:
    """A rule for a list nobody declared: a key that every item has, and none twice."""
    for key in GUESSED_KEYS:
        if all(_is_unique(items, key) for items in (before, after)):
            return ListRule((key,))
    return None


def _is_unique(items: Sequence[Node], key: str) -> bool:
    found = [key_of(item, key) for item in items]
    return None not in found and len(set(found)) == len(found)


def _by_position(before: Sequence[Node], after: Sequence[Node]) -> Iterator[Pair]:
    """Items between the common start and the common end, in a row."""
    olds, news = [_value(item) for item in before], [_value(item) for item in after]
    shorter = min(len(olds), len(news))
    start = next((n for n in range(shorter) if olds[n] != news[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if olds[-1 - n] != news[-1 - n]), rest)
    middle = max(len(olds), len(news)) - end
    for number in range(start, middle):
        old = before[number] if number < len(before) - end else None
        new = after[number] if number < len(after) - end else None
        yield Pair(str(number), old, new)


def _as_values(before: Sequence[Node], after: Sequence[Node], order: Order) -> Alignment:
    """Values without keys: what is in both is paired wherever it stands, the rest in a row."""
    linked = _linked(before, after, _value)
    replaced = dict(zip(*_lonely(before, after, linked), strict=False))
    pairs = _labelled(before, after, linked | replaced, lambda _: "")
    return Alignment(pairs, order if _is_reordered(linked) else None)


def _by_key(before: Sequence[Node], after: Sequence[Node], rule: ListRule) -> Alignment:
    linked = _linked(before, after, lambda item: _first_key(item, rule.keys), unique=True)
    for key in rule.renamed:
        linked |= _linked_rest(before, after, linked, partial(key_of, key=key))
    linked |= _linked_rest(before, after, linked, _value, unique=False)
    linked |= _linked_rest(before, after, linked, lambda item: _first_key(item, rule.keys), unique=False)
    twice = _twice(before, rule.keys) | _twice(after, rule.keys)
    pairs = _labelled(
        before, after, linked, lambda item: "" if _first_key(item, rule.keys) in twice else item_label(item, rule.keys)
    )
    return Alignment(pairs, rule.order if _is_reordered(linked) else None)


_KeyOf = Callable[[Node], "str | None"]


def _first_key(item: Node, keys: Sequence[str]) -> str | None:
    for key in keys:
        found = key_of(item, key)
        if found is not None:
            return f"{key}={found}"
    return None


def _twice(items: Sequence[Node], keys: Sequence[str]) -> set[str]:
    counted = Counter(_first_key(item, keys) for item in items)
    return {key for key, count in counted.items() if key is not None and count > 1}


def _value(item: Node) -> str:
    return json.dumps(to_plain(item), sort_keys=True)


def _linked(before: Sequence[Node], after: Sequence[Node], key: _KeyOf, *, unique: bool = False) -> dict[int, int]:
    """Positions before → after of items with the same key; with ``unique`` only where no other item has it."""
    olds, news = _positions(before, key), _positions(after, key)
    linked: dict[int, int] = {}
    for found, old in olds.items():
        new = news.get(found, [])
        if not unique or len(old) == len(new) == 1:
            linked |= dict(zip(old, new, strict=False))
    return linked


def _linked_rest(
    before: Sequence[Node], after: Sequence[Node], linked: dict[int, int], key: _KeyOf, *, unique: bool = True
) -> dict[int, int]:
    """The same among the items that are not linked yet."""
    olds, news = _lonely(before, after, linked)
    if not olds or not news:
        return {}
    found = _linked([before[n] for n in olds], [after[n] for n in news], key, unique=unique)
    return {olds[old]: news[new] for old, new in found.items()}


def _positions(items: Sequence[Node], key: _KeyOf) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        text = key(item)
        if text is not None:
            found.setdefault(text, []).append(number)
    return found


def _lonely(before: Sequence[Node], after: Sequence[Node], linked: dict[int, int]) -> tuple[list[int], list[int]]:
    taken = set(linked.values())
    olds = [number for number in range(len(before)) if number not in linked]
    return olds, [number for number in range(len(after)) if number not in taken]


def _labelled(
    before: Sequence[Node], after: Sequence[Node], linked: dict[int, int], label: Callable[[Node], str]
) -> tuple[Pair, ...]:
    pairs = []
    for number, old in enumerate(before):
        new = linked.get(number)
        if new is None:
            pairs.append(Pair(label(old) or str(number), old, None))
        else:
            pairs.append(Pair(label(after[new]) or str(new), old, after[new]))
    taken = set(linked.values())
    added = (number for number in range(len(after)) if number not in taken)
    return (*pairs, *(Pair(label(after[number]) or str(number), None, after[number]) for number in added))


def _is_reordered(linked: dict[int, int]) -> bool:
    news = [linked[old] for old in sorted(linked)]
    return any(one > other for one, other in pairwise(news))
