"""Secrets in TML. A finding says where one stands and of what sort it is, never any part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.check.context import Context
from tsdeploy.check.secret_text import SHORTEST, sort_of_secret
from tsdeploy.errors import Finding
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.document import Document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.secret_names import names_secret
from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence, path_text, walk
from tsdeploy.tml.unfollowed import unfollowed

_KEEPS_SECRETS = frozenset(
    {root for root in KINDS if any(place.promotion is Promotion.SECRET for place in unfollowed(root))}
    # No kinds of TML that this version knows, and known to hold secrets.
    | {"webhook", "template_variable"}
)
_VALUES = frozenset({"value", "values", "variable_value", "variable_values"})
_HARMLESS = re.compile(r"\s*|(?:\$\{[^{}]+\})+|\*+|•+|x{4,}|<[^<>]*>", re.IGNORECASE)
"""Nothing, a reference to a variable, or a place-holder."""


def find_written_secrets(context: Context) -> Iterator[Finding]:
    """Values of fields that are made for secrets: properties of connections, sign-in of actions and webhooks."""
    for document in context.documents:
        if document.kind.root in _KEEPS_SECRETS:
            for path, scalar in _secret_fields(document.body, (document.kind.root,), inside=False):
                if not _HARMLESS.fullmatch(scalar.value):
                    hint = "change the secret, and write a variable such as ${warehouse_password}, or nothing"
                    where = document.at(scalar.start)
                    yield Finding("TD160", "a secret is written out", where, path_text(path), hint)


def _secret_fields(node: Node, path: Path, *, inside: bool) -> Iterator[tuple[Path, Scalar]]:
    """Scalars that hold a secret by their key, or by the ``key`` or ``name`` that stands beside their ``value``.

    ``inside``: an outer key, as in ``api_key: {value: …}``, said that there is a secret.
    """
    if isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            yield from _secret_fields(item, (*path, number), inside=inside)
    elif isinstance(node, Mapping):
        inside = inside or _is_sensitive(node)
        for key, (_, child) in node.entries.items():
            secret = inside if key in _VALUES else names_secret(key) and not _is_label(key, node)
            if not isinstance(child, Scalar):
                yield from _secret_fields(child, (*path, key), inside=secret or inside)
            elif secret:
                yield (*path, key), child
    elif inside:
        yield path, node


def _is_sensitive(node: Mapping) -> bool:
    """Whether a pair of key and value, or a variable, says of itself that its value is secret."""
    label, sensitive = node.scalar("key") or node.scalar("name"), node.scalar("sensitive")
    is_pair = not _VALUES.isdisjoint(node.entries)
    return (is_pair and label is not None and names_secret(label.value)) or (
        sensitive is not None and sensitive.value.lower() == "true"
    )


def _is_label(key: str, node: Mapping) -> bool:
    """Whether a key only names the value beside it."""
    return key == "key" and not _VALUES.isdisjoint(node.entries)


def find_hidden_secrets(context: Context) -> Iterator[Finding]:
    """Secrets inside texts of any kind: URLs in formulas and notes, keys in descriptions, base64 in chart code."""
    for document in context.documents:
        if not _holds_secret(document):
            continue
        for path, scalar in walk(document.root):
            sort = sort_of_secret(scalar.value)
            if sort:
                hint = "take it out of the text and of git's history, and change it"
                where = document.at(scalar.start)
                yield Finding("TD161", f"the text holds {sort}", where, path_text(path), hint)


def _holds_secret(document: Document) -> bool:
    """Whether any value does. A line break is part of no secret, so that all values can be looked at in one text."""
    values = document.root.tape.values
    texts = [value for value in values if len(value) >= SHORTEST and isinstance(value, str)]
    return sort_of_secret("\n".join(texts)) != ""
