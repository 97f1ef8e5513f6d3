"""TML that came as JSON, written the way ThoughtSpot writes YAML."""

from __future__ import annotations

from tsdeploy.tml.dialect import Dialect, key_text, scalar_text
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence


def to_yaml(root: Mapping, dialect: Dialect) -> str:
    """The YAML text of a JSON document. Numbers and booleans stay typed; two blanks, dashes at the key's column."""
    return _block(root, 0, dialect)


def _block(node: Mapping | Sequence, indent: int, dialect: Dialect) -> str:
    if isinstance(node, Sequence):
        return "".join(_item(item, indent, dialect) for item in node.items)
    return "".join(
        " " * indent + key_text(key, dialect) + ":" + _value(value, indent, dialect)
        for key, (_, value) in node.entries.items()
    )


def _item(node: Node, indent: int, dialect: Dialect) -> str:
    inner = indent + 2
    if isinstance(node, Scalar):
        return " " * indent + "-" + _scalar(node, inner, dialect)
    if _is_empty(node):
        return " " * indent + "-" + _empty(node)
    return " " * indent + "- " + _block(node, inner, dialect)[inner:]


def _value(node: Node, indent: int, dialect: Dialect) -> str:
    if isinstance(node, Scalar):
        return _scalar(node, indent + 2, dialect)
    if _is_empty(node):
        return _empty(node)
    return "\n" + _block(node, indent + 2 if isinstance(node, Mapping) else indent, dialect)


def _scalar(node: Scalar, indent: int, dialect: Dialect) -> str:
    """A quoted JSON scalar is text; anything else keeps its type by being written as it stands."""
    written = scalar_text(node.value, dialect, indent=indent) if node.style else node.value
    return f" {written}" if written.endswith("\n") else f" {written}\n"


def _is_empty(node: Mapping | Sequence) -> bool:
    return not (node.entries if isinstance(node, Mapping) else node.items)


def _empty(node: Mapping | Sequence) -> str:
    return " {}\n" if isinstance(node, Mapping) else " []\n"
