"""The order in which ThoughtSpot writes keys: that of its schema, not of the file that was imported.

Source: facts about TML, 5.1; the orders are those of public exports.
"""

from __future__ import annotations

from typing import Final

ITEM: Final = "[]"

_ORDERS: Final = {
    "connection": "name type authentication_type properties description",
    "table": "name description db schema db_table connection columns rls_rules joins_with properties parameters",
    "table.columns.[]": "name description db_column_name properties db_column_properties",
    "table.joins_with.[]": "name description destination on type is_one_to_one",
    "table.rls_rules": "tables table_paths rules",
    "sql_view": "name description connection sql_query sql_view_columns joins_with",
    "view": "name description tables joins table_paths formulas search_query view_columns joins_with",
    "model": "name description model_tables formulas filters columns properties parameters",
    "model.columns.[]": "name description column_id formula_id properties",
    "model.formulas.[]": "id name expr properties was_auto_generated",
    "worksheet": "name description tables joins table_paths formulas worksheet_columns properties",
    "answer": "name description tables joins table_paths formulas search_query answer_columns table chart display_mode",
    "liveboard": "name description visualizations groups filters layout parameter_overrides ordered_chips style views",
    "liveboard.visualizations.[]": "id answer viz_guid note_tile",
    "cohort": "name description worksheet config",
    "collection": "name description content",
}
_RANKS: Final = {
    tuple(path.split(".")): {key: rank for rank, key in enumerate(keys.split())} for path, keys in _ORDERS.items()
}


def ordered(path: tuple[str, ...], keys: list[str]) -> list[str]:
    """Keys of a mapping as the server writes them; one that is not known stays behind the one it followed."""
    ranks = _RANKS.get(path)
    if ranks is None:
        return keys
    places: list[tuple[int, int]] = []
    rank = -1
    for number, key in enumerate(keys):
        rank = ranks.get(key, rank)
        places.append((rank, number))
    return [keys[number] for _, number in sorted(places)]
