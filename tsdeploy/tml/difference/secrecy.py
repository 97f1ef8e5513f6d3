"""Values as a difference may show them: secrets of connections, actions and webhooks are masked."""

from __future__ import annotations

import re

from tsdeploy.tml.patterns import Pattern
from tsdeploy.tml.secret_names import names_secret
from tsdeploy.tml.syntax import Mapping, Node, Plain, Scalar, Sequence

MASK = "(secret)"
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_NAMES = ("key", "name")
_VALUES = ("value", "values", "variable_value", "variable_values", "token")


def shown(node: Node, pattern: Pattern = (), item: Node | None = None) -> Plain:
    """A value as dicts, lists and text. ``item`` is the list item that it stands in: its ``key`` may name a secret."""
    if isinstance(node, Scalar):
        return MASK if _is_secret(node.value, pattern, item) else node.value
    if isinstance(node, Sequence):
        return [shown(one, (*pattern, "[]"), one if isinstance(one, Mapping) else item) for one in node.items]
    return {key: shown(value, (*pattern, key), item or node) for key, (_, value) in node.entries.items()}


def _is_secret(value: str, pattern: Pattern, item: Node | None) -> bool:
    """Whether a scalar is a secret by its key, the key around it, or the name beside it; variables are none."""
    if not value or _VARIABLE.fullmatch(value):
        return False
    keys = [step for step in pattern if step != "[]"]
    if not keys:
        return False
    if keys[-1] not in _NAMES and names_secret(keys[-1]):
        return True
    if keys[-1] not in _VALUES:
        return False
    around = keys[-2] if len(keys) > 1 else ""
    beside = (item.scalar(name) for name in _NAMES) if isinstance(item, Mapping) else ()
    return names_secret(around) or any(name is not None and names_secret(name.value) for name in beside)
