"""The columns an object offers, and the tables that their ids are written with."""

from __future__ import annotations

from tsdeploy.sandbox.texts.items import child, mappings, value
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Node, Sequence

_COLUMN_LISTS = {
    "table": "columns",
    "model": "columns",
    "worksheet": "worksheet_columns",
    "view": "view_columns",
    "sql_view": "sql_view_columns",
}
_PHYSICAL = {"table": "db_column_name", "sql_view": "sql_output_column", "view": "search_output_column"}


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
