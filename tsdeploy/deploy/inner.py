"""Pair the inner GUIDs of a source document with those the server has: viz, group, view, parameter, alert."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node, Scalar, node_at

_SIBLINGS = ("id", "name")


def has_inner(document: Document) -> bool:
    """Whether the document holds GUIDs that the server may mint anew."""
    return any(reference.place.promotion is Promotion.MINT for reference in document.references)


def pair_inner(source: Document, live: Document) -> dict[str, str]:
    """Source inner GUID → live inner GUID.

    Items are paired by the id or name beside the GUID, those that share one in their order; where these were
    renumbered, all by their order, provided there are as many on both sides.
    """
    old, new = _minted(source), _minted(live)
    pairs: dict[str, str] = {}
    for pattern, before in old.items():
        pairs |= _pair(before, new.get(pattern, []))
    return pairs


def _pair(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> dict[str, str]:
    named = {sibling: guid for sibling, guid in _numbered(after) if sibling[0]}
    pairs = {guid: named[sibling] for sibling, guid in _numbered(before) if sibling in named}
    if len(before) == len(after) and any(guid not in pairs for _, guid in before):
        return {old[1]: new[1] for old, new in zip(before, after, strict=True)}
    return pairs


def _numbered(items: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, int], str]]:
    """What stands beside each GUID, with how often it was there before: people may call two views alike."""
    seen: Counter[str] = Counter()
    for sibling, guid in items:
        seen[sibling] += 1
        yield (sibling, seen[sibling]), guid


def _minted(document: Document) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Pattern below the root key → (what stands beside the GUID, GUID) of each item, in order."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for reference in document.references:
        if reference.place.promotion is Promotion.MINT and reference.scalar is not None:
            parent = node_at(document.root, reference.path[:-1])
            found[reference.place.pattern[1:]].append((_sibling(parent, reference.scalar), reference.guid))
    return found


def _sibling(parent: Node | None, minted: Scalar) -> str:
    if isinstance(parent, Mapping):
        for key in _SIBLINGS:
            scalar = parent.scalar(key)
            if scalar is not None and scalar is not minted:
                return scalar.value
    return ""
