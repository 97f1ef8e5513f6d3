"""Documents and how they are changed: by text for single values, by tree for everything else."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.syntax import Mapping, Node, Path, Plain, Scalar, Sequence, to_plain

_OTHERS: list[Plain] = ["", "x", [], {}, ["y"], {"name": "z"}, [{"id": "1"}, "a"], [["b"]]]


def edited(document: Document, changes: dict[str, str]) -> Document:
    """The document after replacements of text, each of which must be there."""
    text = document.text
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_document(text, document.path)


def with_values(document: Document, scalars: dict[Scalar, str]) -> Document:
    """The document with other values for some scalars."""
    edits = [edit.replace(document.text, scalar, value, document.dialect) for scalar, value in scalars.items()]
    return parse_document(edit.apply(document.text, edits), document.path)


def as_json(tree: Plain, path: str = "x.tml") -> Document:
    """A tree as a document, written as JSON."""
    return parse_document(json.dumps(tree), path)


def tree_of(document: Document) -> Plain:
    """The document as dicts, lists and text."""
    return to_plain(document.root)


def scalars_of(node: Node, pattern: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """Every scalar with its path, list items as ``[]``."""
    if isinstance(node, Scalar):
        yield pattern, node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars_of(item, (*pattern, ITEM))
    elif isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            yield from scalars_of(value, (*pattern, key))


def shuffled(tree: Plain, source: random.Random, chosen: frozenset[Path], pattern: Path = ()) -> Plain:
    """The tree with the lists at the chosen patterns in another order."""
    if isinstance(tree, dict):
        return {key: shuffled(value, source, chosen, (*pattern, key)) for key, value in tree.items()}
    if isinstance(tree, str):
        return tree
    items = [shuffled(item, source, chosen, (*pattern, ITEM)) for item in tree]
    if pattern in chosen:
        source.shuffle(items)
    return items


def mutilated(tree: Plain, source: random.Random, depth: int = 0) -> Plain:
    """The tree with keys lost, items doubled and values of another type, below its first two levels."""
    if depth > 2 and source.random() < 0.05:
        return source.choice(_OTHERS)
    if isinstance(tree, dict):
        kept = {key: value for key, value in tree.items() if depth < 2 or source.random() > 0.05}
        return {key: mutilated(value, source, depth + 1) for key, value in kept.items()}
    if isinstance(tree, str):
        return tree
    items = [mutilated(item, source, depth + 1) for item in tree if source.random() > 0.1]
    if items and source.random() < 0.3:
        items.append(source.choice(items))
    return items
