"""What differs between two versions although nobody changed it: by place, and where that is not enough by meaning.

Observed between server releases, between environments and between saves of one browser; every entry says which.
What is not listed is never noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tsdeploy.tml.catalogue import Promotion, places
from tsdeploy.tml.difference import client_state
from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.equivalent import (
    FORMULA_PREFIX,
    aliases,
    condition,
    search,
    with_paths_for_aliases,
    without_formula_prefix,
)
from tsdeploy.tml.difference.lists import key_of
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import Pattern, SuffixTable
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence, node_at

RENAMED_KEYS = {"sage_config": "spotter_config", "is_sage_enabled": "is_spotter_enabled"}
"""Keys that a release gave another name, old → new."""

_INNER_IDS: SuffixTable[bool] = SuffixTable(
    {
        # The parameter's own id, wherever else a parameter is overridden.
        "parameter_overrides[].key": True,
        "parameter_overrides[].value.id": True,
        # A number local to the file, given anew at each export.
        "nls_feedback.feedback[].id": True,
    }
)

_DEFAULTS: SuffixTable[str] = SuffixTable(
    {
        # Written out by newer releases only.
        "answer_columns[].sort_info.category": "DEFAULT",
        "properties.index_type": "DEFAULT",
    }
)

Meaning = Callable[[str], object]


def _trimmed(text: str) -> object:
    return text.strip()


_MEANINGS: SuffixTable[Meaning] = SuffixTable(
    {
        # An import takes blanks off the ends of formulas.
        "expr": _trimmed,
        # The server writes the parentheses of joins its own way, and promotion the words of a search.
        "on": condition,
        "search_query": search,
        "formula_id": _trimmed,
        "formulas[].id": _trimmed,
    }
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names local to a document that a release or an import may change throughout.

    ``formulas`` have lost or gained the prefix of their id between the two versions; ``paths`` are what the aliases
    in the row-level security of this version stand for, and ``used`` the aliases that its rules mention.
    """

    formulas: frozenset[str]
    paths: dict[str, str]
    used: frozenset[str]


class Volatile:
    """Judges single differences between two versions of one document."""

    def __init__(self, before: Document, after: Document) -> None:
        prefixed = _prefixed(before, after) | _prefixed(after, before)
        self._before, self._after = (Names(prefixed, _paths(one), _used_aliases(one)) for one in (before, after))
        self._ids = _minted(before.kind.root) | _minted(after.kind.root)

    def is_missing_or_default(self, pattern: Pattern, node: Node) -> bool:
        """Whether a value says the same as no value: it is empty, or what the server assumes anyway."""
        if isinstance(node, Scalar):
            return not node.value or node.value == _DEFAULTS.find(pattern) or self._is_inner_id(pattern)
        if isinstance(node, Sequence):
            return not node.items
        return all(self.is_missing_or_default((*pattern, key), value) for key, (_, value) in node.entries.items())

    def weigh(self, pattern: Pattern, before: Scalar, after: Scalar, parents: tuple[Node | None, ...]) -> Weight | None:
        """The weight of another value, None where it is an ordinary change."""
        if self._is_inner_id(pattern):
            return Weight.NOISE
        if pattern[-1] in client_state.KEYS:
            return client_state.weigh(before.value, after.value)[0]
        if pattern[-3:] == ("view_filters", "[]", "oper"):
            same = {before.value, after.value} == {"in", "="} and not any(map(_has_values, parents))
        elif pattern[-4:] == ("rls_rules", "table_paths", "[]", "id"):
            same = before.value not in self._after.used and before.value not in self._after.paths
        else:
            same = self._means_the_same(pattern, before.value, after.value)
        return Weight.NOISE if same else None

    def _means_the_same(self, pattern: Pattern, before: str, after: str) -> bool:
        meaning = _MEANINGS.find(pattern)
        if meaning is None:
            return False
        old, new = self._canonical(pattern, before, self._before), self._canonical(pattern, after, self._after)
        return meaning(old) == meaning(new)

    def is_one_for_list(self, pattern: Pattern, before: Node, after: Node) -> bool:
        """Whether one version writes a list of one where the other writes its item."""
        if pattern[-3:] != ("table_paths", "[]", "column"):
            return False
        values = [_only_value(node) for node in (before, after)]
        return values[0] is not None and values[0] == values[1]

    def _is_inner_id(self, pattern: Pattern) -> bool:
        return pattern in self._ids or bool(_INNER_IDS.find(pattern))

    def _canonical(self, pattern: Pattern, text: str, names: Names) -> str:
        if pattern[-1] in ("formula_id", "id"):
            bare = text.removeprefix(FORMULA_PREFIX)
            return bare if bare in names.formulas else text
        text = without_formula_prefix(text, names.formulas)
        return with_paths_for_aliases(text, names.paths) if "rls_rules" in pattern else text


def _minted(root: str) -> frozenset[Pattern]:
    return frozenset(place.pattern for place in places(root) if place.promotion is Promotion.MINT)


def _prefixed(before: Document, after: Document) -> frozenset[str]:
    """The ids without prefix, in the first document, of formulas whose id has it in the second."""
    if not any(FORMULA_PREFIX in line for line in {*after.text.splitlines()}.difference(before.text.splitlines())):
        # An id that got the prefix stands in a line that was not there before; to look is faster than all formulas.
        return frozenset()
    olds, news = set(_formula_ids(before.body)), set(_formula_ids(after.body))
    return frozenset(old for old in olds if f"{FORMULA_PREFIX}{old}" in news and f"{FORMULA_PREFIX}{old}" not in olds)


def _formula_ids(node: Node) -> Iterator[str]:
    """The ids of all formulas; in old exports their names are their ids."""
    for key, value in _children(node):
        if key == "formulas" and isinstance(value, Sequence):
            yield from (found for item in value.items if (found := key_of(item, "id") or key_of(item, "name")))
        yield from _formula_ids(value)


def _children(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Mapping):
        yield from ((key, value) for key, (_, value) in node.entries.items() if not isinstance(value, Scalar))
    elif isinstance(node, Sequence):
        yield from (("", item) for item in node.items if not isinstance(item, Scalar))


def _rls_items(document: Document, key: str) -> list[Node]:
    items = node_at(document.body, ("rls_rules", key))
    return items.items if isinstance(items, Sequence) else []


def _paths(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in _rls_items(document, "table_paths"):
        alias = key_of(item, "id")
        if alias:
            found[alias] = key_of(item, "table+join_path") or alias
    return found


def _used_aliases(document: Document) -> frozenset[str]:
    exprs = (key_of(item, "expr") or "" for item in _rls_items(document, "rules"))
    return frozenset(alias for expr in exprs for alias in aliases(expr))


def _has_values(filter_: Node | None) -> bool:
    values = filter_.get("values") if isinstance(filter_, Mapping) else None
    return isinstance(values, Scalar) or (isinstance(values, Sequence) and bool(values.items))


def _only_value(node: Node) -> str | None:
    if isinstance(node, Sequence) and len(node.items) == 1:
        node = node.items[0]
    return node.value if isinstance(node, Scalar) else None
