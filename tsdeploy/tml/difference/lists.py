"""How the items of each list find each other in two versions, and whether their order says anything.

One entry a list, by the end of its path. ``keys`` are natural keys: the first that an item has in full counts.
``renamed`` pairs items that the keys left alone: the same column under another name. Parts of a key are joined
with ``+``. Source for the orders: ThoughtSpot writes formulas, joins, answer columns and data sources in
alphabetical order and columns in the order of their import, where each is found by name; what people arrange
(tabs, chips, column order, axes) keeps its order because it is shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

from tsdeploy.tml.patterns import ITEM, Pattern, SuffixTable
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence, node_at, to_plain


class Order(Enum):
    """What another order of the same items is."""

    FREE = "free"
    """Noise: the server sorts them, or nobody sees the order."""
    SHOWN = "shown"
    """A change of layout."""


@dataclass(frozen=True, slots=True)
class ListRule:
    """How the items of one list are matched; without keys the items are compared as plain values."""

    keys: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    order: Order = Order.FREE


def _keyed(keys: str, renamed: str = "", order: Order = Order.FREE) -> ListRule:
    return ListRule(tuple(keys.split()), tuple(renamed.split()), order)


_VALUES = ListRule()
_COLUMNS = _keyed("name", "column_id formula_id db_column_name search_output_column sql_output_column")

LISTS: SuffixTable[ListRule] = SuffixTable(
    {
        # Data: tables, views, models.
        "columns": _COLUMNS,
        "worksheet_columns": _COLUMNS,
        "view_columns": _COLUMNS,
        "sql_view_columns": _COLUMNS,
        "column_groups": _keyed("name"),
        "synonyms": _VALUES,
        "formulas": _keyed("name id", "id expr"),
        "parameters": _keyed("name", "id"),
        "list_choice": _keyed("value", "display_name", Order.SHOWN),
        "linked_parameters": _VALUES,
        "tables": _keyed("alias id name", "fqn obj_id name"),
        "model_tables": _keyed("alias name", "fqn obj_id"),
        "joins": _keyed("with name id", "referencing_join on"),
        "joins_with": _keyed("name", "destination.name+on with.name+on"),
        "table_paths": _keyed("id"),
        "rls_rules.table_paths": _keyed("table+join_path"),
        "rls_rules.table_paths[].column": _VALUES,
        "rls_rules.rules": _keyed("name", "expr"),
        "aggregated_models": _keyed("name obj_id fqn id"),
        "constraint": _keyed("table"),
        "action_object_associations": _keyed("action_name action_id"),
        "lesson_plans": _keyed("lesson_id name title"),
        # Connections.
        "properties": _keyed("key"),
        "connection_configurations": _keyed("name id", "id"),
        "external_tables": _keyed("name id"),
        "connection.table": _keyed("id name"),
        "connection.table[].column": _keyed("id name"),
        "selected_databases": _VALUES,
        "user_group_ids": _VALUES,
        "user_groups": _VALUES,
        # Filters, wherever they stand.
        "filters": _keyed("column"),
        "view_filters": _keyed("column"),
        "values": _VALUES,
        "excluded_visualizations": _VALUES,
        "apply_on_tables": _VALUES,
        "excluded_container_id": _VALUES,
        # Answers.
        "answer_columns": _keyed("name id"),
        "table_columns": _keyed("column_id"),
        "chart_columns": _keyed("column_id"),
        "cohorts": _keyed("name"),
        "referenced_cohorts": _VALUES,
        # Liveboards.
        "visualizations": _keyed("id", "viz_guid"),
        "groups[].visualizations": _VALUES,
        "groups": _keyed("id name", "group_guid"),
        "tabs": _keyed("name", "id tiles[].visualization_id", Order.SHOWN),
        "tiles": _keyed("visualization_id id"),
        "group_layouts": _keyed("id"),
        "ordered_chips": _keyed("type+name name", "name", Order.SHOWN),
        "parameter_overrides": _keyed("value.name key"),
        "views": _keyed("name", "view_guid obj_id"),
        "view_parameters": _keyed("name", "id"),
        "style_properties": _keyed("name"),
        "overrides": _keyed("object_id"),
        # Sets, alerts, coaching, aliases, security, collections, actions.
        "config.groups": _keyed("name", "", Order.SHOWN),
        "cohort_config.groups": _keyed("name", "", Order.SHOWN),
        "conditions": _keyed("operator+column_name", "column_name"),
        "conditions[].value": _VALUES,
        "monitor_alert": _keyed("name", "guid"),
        "subscribed_user": _keyed("username user_email"),
        "subscribed_group": _keyed("group_name"),
        "slack_channel_ids": _VALUES,
        "feedback": _keyed("type+feedback_phrase feedback_phrase", "type+search_tokens feedback_phrase"),
        "formula_info": _keyed("name"),
        "locales": _keyed("name"),
        "orgs": _keyed("name"),
        "column_security_rules.rules": _keyed("column_name"),
        "group_name": _VALUES,
        "abac_rules": _keyed("name"),
        "content": _keyed("type+name name", "id name", Order.SHOWN),
        "url_query_params": _keyed("key name"),
    }
)

GUESSED_KEYS = ("name", "id", "column_id", "key", "type")
"""Natural keys tried in lists that are not declared; one counts only if every item has it and none twice."""


def key_of(item: Node, key: str) -> str | None:
    """The value of a natural key, as text; None where the item lacks a part of it."""
    parts = [_part(item, tuple(part.split("."))) for part in key.split("+")]
    texts = [part for part in parts if part is not None]
    return None if len(texts) < len(parts) else texts[0] if len(texts) == 1 else json.dumps(texts)


def item_label(item: Node, keys: tuple[str, ...]) -> str:
    """The natural key of an item as people read it; "" where it has none."""
    return next((label for key in keys if key_of(item, key) is not None and (label := _label(item, key))), "")


def _label(item: Node, key: str) -> str:
    """The last part of a key that is plain text, lists joined by commas."""
    nodes = [node_at(item, tuple(part.split("."))) for part in key.split("+")]
    texts = [text for node in nodes if (text := _readable(node))]
    return texts[-1] if texts else ""


def _part(item: Node, path: tuple[str, ...]) -> str | None:
    if path[0].endswith(ITEM):
        return _collected(item, path)
    node = node_at(item, path)
    if node is None:
        return None
    return node.value or None if isinstance(node, Scalar) else json.dumps(to_plain(node))


def _collected(item: Node, path: tuple[str, ...]) -> str | None:
    """One key of every item of a list inside the item: the tiles of a tab."""
    inner = item.get(path[0].removesuffix(ITEM)) if isinstance(item, Mapping) else None
    if not isinstance(inner, Sequence):
        return None
    found = sorted(node.value for one in inner.items if isinstance(node := node_at(one, path[1:]), Scalar))
    return json.dumps(found) if found else None


def _readable(node: Node | None) -> str:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return ", ".join(item.value for item in node.items if isinstance(item, Scalar))
    return ""


def rule_of(pattern: Pattern) -> ListRule | None:
    """The rule of the list at a pattern."""
    return LISTS.find(pattern)
