"""TML written the way ThoughtSpot writes it, whatever it came as: JSON, or YAML of people and other tools.

Source: facts about TML, 5.1: two blanks, dashes at the key's column, no comments, no flow style, nothing folded,
nothing that is null, keys in the order of the schema. What the server exported comes out as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tsdeploy.sandbox.texts.order import ITEM, ordered
from tsdeploy.tml.dialect import Dialect, key_text, scalar_text
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence

_KEYS = 4096
_TYPED = re.compile(r"true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
"""Plain scalars that are no text."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SIMPLE = re.compile(r"[A-Za-z]\w*(?:[ -]\w+)*", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_QUOTED_BY_JACKSON = re.compile(r"[\[\]{},]")
_PLAIN_INSIDE_QUOTES = re.compile(r"[ !#-\[\]-~]*(?:\\[\"\\][ !#-\[\]-~]*)*")
"""Double-quoted text of ASCII in which only quotes and backslashes are escaped."""

_SPECIAL_BLANK = re.compile(r"\\[_NLP]")


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    dialect: Dialect

    def block(self, node: Mapping | Sequence, indent: int, path: tuple[str, ...]) -> str:
        if isinstance(node, Sequence):
            return "".join(self._item(item, indent, (*path, ITEM)) for item in node.items if not _is_null(item))
        nodes = node.nodes
        return "".join(
            " " * indent + _key(key, self.dialect) + ":" + self._value(nodes[key], indent, (*path, key))
            for key in ordered(path, list(nodes))
            if not _is_null(nodes[key])
        )

    def _item(self, node: Node, indent: int, path: tuple[str, ...]) -> str:
        inner = indent + 2
        if isinstance(node, Scalar):
            return " " * indent + "-" + self._scalar(node, inner)
        if _is_empty(node):
            return " " * indent + "-" + _empty(node)
        return " " * indent + "- " + self.block(node, inner, path)[inner:]

    def _value(self, node: Node, indent: int, path: tuple[str, ...]) -> str:
        if isinstance(node, Scalar):
            return self._scalar(node, indent + 2)
        if _is_empty(node):
            return _empty(node)
        return "\n" + self.block(node, indent + 2 if isinstance(node, Mapping) else indent, path)

    def _scalar(self, node: Scalar, indent: int) -> str:
        written = self._written(node, indent)
        return f" {written}" if written.endswith("\n") else f" {written}\n"

    def _written(self, node: Scalar, indent: int) -> str:
        """The shortcuts say what ``scalar_text`` would, which looks at every character on its own."""
        if not node.style and _TYPED.fullmatch(node.value):
            return node.value
        if _SIMPLE.fullmatch(node.value) and node.value.lower() not in _WORDS:
            return node.value
        if node.style == '"' and self._is_written_alike(node):
            return self.text[node.start : node.end]
        return scalar_text(node.value, self.dialect, indent=indent)

    def _is_written_alike(self, node: Scalar) -> bool:
        """Whether double-quoted text is what the server would write.

        It escapes NBSP in current exports, and wrote it as it is before: either stays.
        """
        start, end = node.start + 1, node.end - 1
        if _SPECIAL_BLANK.search(self.text, start, end):
            return True
        is_quoted = self.dialect is Dialect.JACKSON and _QUOTED_BY_JACKSON.search(node.value) is not None
        return is_quoted and _PLAIN_INSIDE_QUOTES.fullmatch(self.text, start, end) is not None


def to_yaml(root: Mapping, text: str) -> str:
    """The text of a document as the server writes it. ``text`` is the one that it was read from."""
    dialect = Dialect.SNAKEYAML if "model" in root.nodes else Dialect.JACKSON
    return _Writer(text, dialect).block(root, 0, ())


@lru_cache(maxsize=_KEYS)
def _key(key: str, dialect: Dialect) -> str:
    """A key as it is written; TML has few, each of them many times."""
    return key_text(key, dialect)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.style and node.value in _NULLS


def _is_empty(node: Mapping | Sequence) -> bool:
    return not (node.nodes if isinstance(node, Mapping) else node.items)


def _empty(node: Mapping | Sequence) -> str:
    return " {}\n" if isinstance(node, Mapping) else " []\n"
