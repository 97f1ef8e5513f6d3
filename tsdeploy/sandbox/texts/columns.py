"""The columns an object offers, and the columns of others that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.sandbox.texts.items import child, mappings, texts, value
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node, Sequence, walk

_COLUMN_LISTS = {
    "table": "columns",
    "model": "columns",
    "worksheet": "worksheet_columns",
    "view": "view_columns",
    "sql_view": "sql_view_columns",
}
_PHYSICAL = {"table": "db_column_name", "sql_view": "sql_output_column", "view": "search_output_column"}
_TOKEN = re.compile(r"\[([^\[\]]+)\]")
_TOKEN_KEYS = frozenset({"expr", "on", "search_query"})
_COLUMN_KEYS = frozenset({"anchor_column_id", "column_name", "binning_column_name"})
_DATA_ROOTS = frozenset({"table", "sql_view", "view", "model", "worksheet"})


def columns(document: Document) -> dict[str, str]:
    """Name → what it is made of (``db_column_name``, ``column_id`` or ``formula_id``), in document order."""
    root = document.kind.root
    made_of = _PHYSICAL.get(root, "column_id")
    return {
        value(item, "name"): value(item, made_of) or value(item, "formula_id")
        for item in mappings(document.body, _COLUMN_LISTS.get(root, ""))
        if value(item, "name")
    }


def column_names(document: Document) -> list[str]:
    """The names of the columns, doubles included."""
    return [value(item, "name") for item in mappings(document.body, _COLUMN_LISTS.get(document.kind.root, ""))]


def column_items(document: Document) -> list[Mapping]:
    """The column entries."""
    return mappings(document.body, _COLUMN_LISTS.get(document.kind.root, ""))


def formula_ids(document: Document) -> frozenset[str]:
    """Every way in which a ``formula_id`` may name a formula of the document."""
    found: set[str] = set()
    for formula in mappings(document.body, "formulas"):
        name = value(formula, "name")
        found |= {value(formula, "id") or name, name, f"formula_{name}"}
    return frozenset(found)


def sources(document: Document) -> dict[str, str]:
    """Alias → place of the reference it stands for, in the document that owns the alias.

    ``model_tables`` are known by ``alias`` or ``name``, ``tables`` by ``id`` or ``name``; a worksheet's column ids
    are written with the ids of its ``table_paths``.
    """
    root = document.kind.root
    found: dict[str, str] = {}
    for key, names in (("model_tables", ("alias", "name")), ("tables", ("id", "name"))):
        for index, block in enumerate(_blocks(document.body, key)):
            alias = next((value(block, name) for name in names if value(block, name)), "")
            found[alias] = f"{root}.{key}[{index}]"
    for path in mappings(document.body, "table_paths"):
        table = found.get(value(path, "table"))
        if table:
            found[value(path, "id")] = table
    return found


def _blocks(node: Node, key: str) -> list[Node]:
    found = child(node, key)
    return found.items if isinstance(found, Sequence) else []


def uses(document: Document, name: str, target: str, links: dict[str, str]) -> frozenset[str]:
    """The columns that a document uses of the object ``target`` called ``name``.

    ``links`` are the document's references by place. Inside data objects a column is written ``ALIAS::Column``;
    in answers, Liveboards and sets it is the bare name, or ``Model::Column``.
    """
    if target not in links.values():
        return frozenset()
    if document.kind.root in _DATA_ROOTS:
        aliases = {alias for alias, place in sources(document).items() if links.get(place) == target}
        return frozenset(column for alias, column in _qualified(document) if alias in aliases | {name})
    return frozenset(column for alias, column in _qualified(document) if alias in ("", name))


def _qualified(document: Document) -> Iterator[tuple[str, str]]:
    """Every column the document speaks of, with its prefix, "" where it has none."""
    for text in _column_texts(document):
        alias, separator, column = text.partition("::")
        yield (alias, column) if separator else ("", text)


def _column_texts(document: Document) -> Iterator[str]:
    for path, scalar in walk(document.body):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        if key in _TOKEN_KEYS:
            yield from _TOKEN.findall(scalar.value)
        elif key in _COLUMN_KEYS or (key == "column_id" and document.kind.root in _DATA_ROOTS):
            yield scalar.value
    for filtered in mappings(document.body, "filters"):
        yield from texts(filtered, "column")
