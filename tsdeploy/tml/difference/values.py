"""Values as a sentence shows them."""

from __future__ import annotations

from tsdeploy.tml.difference.labels import note_text
from tsdeploy.tml.difference.secrecy import shown
from tsdeploy.tml.patterns import Pattern
from tsdeploy.tml.syntax import Node, Plain


def value_text(node: Node | None, pattern: Pattern, item: Node | None) -> str | None:
    """A value as one text, secrets masked; None where there is none."""
    if node is None:
        return None
    if pattern[-1:] == ("html_parsed_string",):
        return plain_text(note_text(str(shown(node, pattern, item))))
    return plain_text(shown(node, pattern, item))


def plain_text(value: Plain) -> str:
    """Text as it is, a list by its items, a mapping by its keys and values; what is empty is ``""``."""
    if isinstance(value, str):
        return value or '""'
    if isinstance(value, list):
        return ", ".join(map(plain_text, value)) or '""'
    return ", ".join(f"{key}: {plain_text(inner)}" for key, inner in value.items()) or '""'
