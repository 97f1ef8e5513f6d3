"""Texts that mean the same: join conditions with other parentheses, searches with their words in another order.

Each function gives a text's meaning as something to compare; two texts mean the same when these are equal. What is
not understood stands for itself, so that in doubt texts differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(
    r"""
    \[ (?: [^\]\\] | \\. )* \]                    # a column in brackets
  | ' (?: [^'\\] | \\. )* ' | " (?: [^"\\] | \\. )* "   # a literal
  | [()]
  | [^\s()\['"]+                                  # a word or an operator
  | .                                             # a bracket or a quote without its other half
    """,
    re.VERBOSE | re.DOTALL,
)
_TERM = re.compile(
    r"""
    \s* ( \[ (?: [^\]\\] | \\. )* \]               # a column in brackets
    (?: \. (?: ' (?: [^'\\] | \\. )* ' | " (?: [^"\\] | \\. )* " | [^\s\['".]+ ) )* )   # and its values
    """,
    re.VERBOSE | re.DOTALL,
)
_ORDERED = re.compile(r"\s*(?:sort\s+by\b|$)", re.IGNORECASE)
"""What may follow columns without belonging to the last of them."""
_ALIASED = re.compile(r"\[([^\[\]]+?)::")
_FORMULA = re.compile(r"\[formula_([^\[\]]+)\]")
_DEEPEST = 50
_LONGEST = 20_000

FORMULA_PREFIX = "formula_"


def condition(text: str) -> object:
    """The meaning of a condition of columns, ``and`` and ``or``: parentheses that change nothing are left out."""
    if len(text) > _LONGEST:
        return text
    tokens = [token for token in _TOKEN.findall(text) if not token.isspace()]
    tree = _nested(tokens)
    return tokens if tree is None else _simplified(tree)


def _nested(tokens: Iterable[str]) -> list[object] | None:
    """Tokens with each pair of parentheses as a list of its own; None where they do not match."""
    stack: list[list[object]] = [[]]
    for token in tokens:
        if token == "(":  # noqa: S105 - a name, no secret
            if len(stack) > _DEEPEST:
                return None
            inner: list[object] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif token == ")":  # noqa: S105 - a name, no secret
            if len(stack) == 1:
                return None
            stack.pop()
        else:
            stack[-1].append(token)
    return stack[0] if len(stack) == 1 else None


def _simplified(tree: Sequence[object]) -> object:
    """Alternatives of conjunctions: ``and`` binds closer than ``or``."""
    return _joined(
        "or", [_joined("and", [_operand(part) for part in _split(rest, "and")]) for rest in _split(tree, "or")]
    )


def _split(tree: Sequence[object], word: str) -> list[list[object]]:
    parts: list[list[object]] = [[]]
    for item in tree:
        if isinstance(item, str) and item.lower() == word:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def _joined(word: str, parts: list[object]) -> object:
    if len(parts) == 1:
        return parts[0]
    flat: list[object] = []
    for part in parts:
        same = isinstance(part, tuple) and part[0] == word
        flat += part[1:] if isinstance(part, tuple) and same else [part]
    return (word, *flat)


def _operand(tree: list[object]) -> object:
    """What stands between ``and`` and ``or``: parentheses around the whole or around one column say nothing."""
    if len(tree) == 1 and isinstance(tree[0], list):
        return _simplified(tree[0])
    items: list[object] = []
    for number, item in enumerate(tree):
        if not isinstance(item, list):
            items.append(item)
            continue
        inner = _simplified(item)
        # Behind a word the parentheses are those of a function.
        bare = isinstance(inner, str) and not _is_word(tree[number - 1] if number else "")
        items.append(inner if bare else ["(", inner])
    return items[0] if len(items) == 1 else items


def _is_word(token: object) -> bool:
    return isinstance(token, str) and token[-1:].isalnum()


def search(text: str) -> object:
    """The meaning of a search query: its columns and filters in any order, up to ``sort by``, whose words keep theirs.

    A search with other keywords (``top 10``, a comparison) means what it says, word by word.
    """
    if len(text) > _LONGEST:
        return text
    terms = []
    position = 0
    while match := _TERM.match(text, position):
        terms.append(match[1])
        position = match.end()
    rest = " ".join(text[position:].split())
    return (sorted(terms) if _ORDERED.match(rest) else terms), rest


def without_formula_prefix(text: str, renamed: frozenset[str]) -> str:
    """An expression or search whose formulas are called by the ids that an older release gave them."""
    return _FORMULA.sub(lambda match: f"[{match[1]}]" if match[1] in renamed else match[0], text)


def with_paths_for_aliases(text: str, paths: dict[str, str]) -> str:
    """An expression whose ``[ALIAS::column]`` name the path that the alias stands for."""
    return _ALIASED.sub(lambda match: f"[{paths.get(match[1], match[1])}::", text)


def aliases(text: str) -> list[str]:
    """The aliases that an expression mentions."""
    return _ALIASED.findall(text)
