"""TML as a JSON edoc: the same content, with the types that plain YAML scalars have."""

from __future__ import annotations

import json
import re
from typing import Any

from tsdeploy.tml.syntax import Node, Scalar, Sequence

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def to_json(root: Node) -> str:
    """The JSON text of a document."""
    return json.dumps(_typed(root), ensure_ascii=False)


def _typed(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value if node.style else _plain(node.value)
    if isinstance(node, Sequence):
        return [_typed(item) for item in node.items]
    return {key: _typed(value) for key, (_, value) in node.entries.items()}


def _plain(value: str) -> Any:
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _DECIMAL.fullmatch(value) else value
