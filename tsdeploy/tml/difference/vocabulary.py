"""What people call the things in a document and the fields of each, and how much they weigh. Data, by end of path."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.patterns import SuffixTable

_STRUCTURE, _CONTENT, _LAYOUT = Weight.STRUCTURE, Weight.CONTENT, Weight.LAYOUT


@dataclass(frozen=True, slots=True)
class Thing:
    """A list item that people talk about.

    ``code`` begins the machine-readable kind of its changes. ``marks`` puts its name in quotation marks. ``shows``
    is the field worth telling when it comes or goes. ``absorbs``: the thing around it is part of its name.
    """

    code: str
    words: str
    weight: Weight
    shows: str = ""
    marks: bool = False
    absorbs: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a thing or of the document.

    Without ``weight`` it weighs what its thing does. ``essence``: it is what the thing is, so that the thing itself
    is said to have changed. ``prose`` is text, often long. ``hidden`` values are for machines and not shown.
    """

    code: str
    words: str
    weight: Weight | None = None
    essence: bool = False
    prose: bool = False
    hidden: bool = False


_COLUMN = Thing("column", "column", _STRUCTURE)
_SOURCE = Thing("source", "data source", _STRUCTURE)
_TABLE = Thing("table", "table", _STRUCTURE)
_JOIN = Thing("join", "join", _STRUCTURE, shows="on")
_FILTER = Thing("filter", "filter", _CONTENT, shows="values")

THINGS: SuffixTable[Thing] = SuffixTable(
    {
        "columns[]": _COLUMN,
        "worksheet_columns[]": _COLUMN,
        "view_columns[]": _COLUMN,
        "sql_view_columns[]": _COLUMN,
        "column_alias.columns[]": Thing("alias", "aliases of column", _CONTENT),
        "formulas[]": Thing("formula", "formula", _STRUCTURE, shows="expr"),
        "parameters[]": Thing("parameter", "parameter", _STRUCTURE, shows="default_value"),
        "list_choice[]": Thing("choice", "choice", _CONTENT),
        "joins_with[]": _JOIN,
        "joins[]": _JOIN,
        "model_tables[].joins[]": Thing("join", "join", _STRUCTURE, shows="on", absorbs=True),
        "schema.tables[].joins[]": Thing("join", "join", _STRUCTURE, shows="on", absorbs=True),
        "model_tables[]": _TABLE,
        "tables[]": _SOURCE,
        "worksheet.tables[]": _TABLE,
        "worksheet.schema.tables[]": _TABLE,
        "table_paths[]": Thing("path", "join path", _STRUCTURE),
        "rls_rules.tables[]": Thing("rls_table", "RLS table", _STRUCTURE),
        "rls_rules.table_paths[]": Thing("rls_path", "RLS path to", _STRUCTURE),
        "rls_rules.rules[]": Thing("rls_rule", "RLS rule", _STRUCTURE, shows="expr", marks=True),
        "column_security_rules.rules[]": Thing("csr_rule", "security rule of column", _STRUCTURE),
        "aggregated_models[]": Thing("aggregated_model", "aggregated model", _STRUCTURE),
        "action_object_associations[]": Thing("action", "custom action", _CONTENT),
        "lesson_plans[]": Thing("lesson", "lesson", _CONTENT),
        "connection.properties[]": Thing("property", "property", _STRUCTURE, shows="value"),
        "connection_configurations[]": Thing("configuration", "configuration", _STRUCTURE),
        "connection.table[]": _TABLE,
        "connection.table[].column[]": _COLUMN,
        "filters[]": _FILTER,
        "view_filters[]": _FILTER,
        "answer_columns[]": Thing("answer_column", "column", _CONTENT),
        "table_columns[]": Thing("answer_column", "column", _CONTENT),
        "chart_columns[]": Thing("answer_column", "column", _CONTENT),
        "cohorts[]": Thing("set", "set", _CONTENT),
        "visualizations[]": Thing("visualization", "visualization", _CONTENT, marks=True),
        "groups[]": Thing("group", "group", _CONTENT),
        "config.groups[]": Thing("set_group", "group", _CONTENT),
        "cohort_config.groups[]": Thing("set_group", "group", _CONTENT),
        "conditions[]": Thing("condition", "condition", _CONTENT, shows="value"),
        "tabs[]": Thing("tab", "tab", _CONTENT),
        "tiles[]": Thing("tile", "tile", _LAYOUT),
        "group_layouts[]": Thing("group_layout", "layout of group", _LAYOUT),
        "ordered_chips[]": Thing("chip", "chip", _LAYOUT),
        "parameter_overrides[]": Thing("override", "parameter override", _CONTENT, shows="value.override_value"),
        "views[]": Thing("saved_view", "saved view", _CONTENT, marks=True),
        "view_parameters[]": Thing("view_parameter", "parameter", _CONTENT),
        "style_properties[]": Thing("style", "style", _LAYOUT, shows="value"),
        "overrides[]": Thing("style_override", "style of", _LAYOUT),
        "monitor_alert[]": Thing("alert", "alert", _CONTENT, marks=True),
        "subscribed_user[]": Thing("subscriber", "subscriber", _CONTENT),
        "subscribed_group[]": Thing("subscriber", "subscribed group", _CONTENT),
        "feedback[]": Thing("feedback", "feedback phrase", _CONTENT, shows="search_tokens", marks=True),
        "formula_info[]": Thing("formula", "formula", _CONTENT, shows="expression"),
        "collection.content[]": Thing("content", "collection content", _CONTENT, marks=True),
        "collection_object.content[]": Thing("content", "collection content", _CONTENT, marks=True),
    }
)

_DESCRIPTION = Field("description", "description", _CONTENT, prose=True)
_EXPRESSION = Field("expression", "expression", essence=True)
_STATE = Field("display_settings", "display settings", hidden=True)
_SPOTTER = Field("spotter", "Spotter", _CONTENT)

FIELDS: SuffixTable[Field] = SuffixTable(
    {
        # Beside the content, and anywhere.
        "guid": Field("guid", "GUID", _STRUCTURE),
        "obj_id": Field("obj_id", "obj_id", _STRUCTURE),
        "kind": Field("kind", "kind of object", _STRUCTURE),
        "description": _DESCRIPTION,
        "dynamic_description": _DESCRIPTION,
        "search_query": Field("search_query", "search query", _CONTENT, prose=True),
        "view.search_query": Field("definition", "definition", _STRUCTURE, prose=True),
        "expr": _EXPRESSION,
        "expression": _EXPRESSION,
        "is_spotter_enabled": _SPOTTER,
        "is_sage_enabled": _SPOTTER,
        "hidden": Field("hidden", "hidden", _CONTENT),
        "is_hidden": Field("hidden", "hidden", _CONTENT),
        # Columns.
        "db_column_name": Field("db_column_name", "warehouse column"),
        "data_type": Field("data_type", "data type"),
        "db_column_properties.data_type": Field("data_type", "data type"),
        "column_type": Field("column_type", "column type"),
        "aggregation": Field("aggregation", "aggregation"),
        "column_id": Field("source", "source"),
        "formula_id": Field("formula", "formula"),
        "format_pattern": Field("format", "format", _CONTENT),
        "index_type": Field("indexing", "indexing", _CONTENT),
        "index_priority": Field("index_priority", "index priority", _CONTENT),
        "synonyms": Field("synonyms", "synonyms", _CONTENT),
        "synonym_type": Field("synonym_type", "synonym type", _CONTENT),
        "ai_context": Field("ai_context", "AI context", _CONTENT),
        "currency_type": Field("currency", "currency", _CONTENT),
        "geo_config": Field("geography", "geography", _CONTENT),
        "calendar": Field("calendar", "calendar", _CONTENT),
        # Joins and tables.
        "joins[].type": Field("type", "type"),
        "joins_with[].type": Field("type", "type"),
        "joins[].on": Field("condition", "condition", prose=True),
        "joins_with[].on": Field("condition", "condition", prose=True),
        "cardinality": Field("cardinality", "cardinality"),
        "is_one_to_one": Field("one_to_one", "one to one"),
        "referencing_join": Field("referencing_join", "join of the table"),
        "alias": Field("alias", "alias"),
        "table.connection": Field("connection", "connection", _STRUCTURE),
        "sql_view.connection": Field("connection", "connection", _STRUCTURE),
        "sql_query": Field("sql", "SQL", _STRUCTURE, prose=True),
        "is_bypass_rls": Field("bypass_rls", "bypass RLS", _STRUCTURE),
        "join_progressive": Field("progressive_joins", "progressive joins", _STRUCTURE),
        "rls_rules": Field("rls_rules", "row-level security", _STRUCTURE),
        # Parameters.
        "default_value": Field("default", "default"),
        "override_value": Field("value", "value", _CONTENT),
        # Connections.
        "connection.type": Field("type", "type", _STRUCTURE),
        "connection.authentication_type": Field("authentication", "authentication", _STRUCTURE),
        "connection.properties[].value": Field("value", "value", essence=True),
        # Filters.
        "values": Field("values", "values"),
        "conditions[].value": Field("values", "values"),
        "combine_type": Field("combination", "combination"),
        "oper": Field("operator", "operator"),
        "excluded_visualizations": Field("excluded", "excluded visualizations"),
        # Answers and visualizations.
        "answer.name": Field("title", "title"),
        "chart.type": Field("chart_type", "chart type"),
        "chart_type": Field("chart_type", "chart type"),
        "display_mode": Field("display_mode", "display mode"),
        "ordered_column_ids": Field("columns", "columns", _LAYOUT),
        "ordered_column_ids[]": Field("columns", "columns", _LAYOUT),
        "custom_name": Field("custom_name", "custom name"),
        "sort_info": Field("sorting", "sorting"),
        "format": Field("format", "format"),
        "client_state": _STATE,
        "client_state_v2": _STATE,
        "headline_client_state": _STATE,
        "custom_visual_props": Field("custom_chart", "custom chart", hidden=True),
        "note_tile.html_parsed_string": Field("text", "text", essence=True),
        # Liveboards.
        "groups[].visualizations": Field("visualizations", "visualizations"),
        "groups[].name": Field("title", "title"),
        "layout.tabs": Field("tabs", "tabs", _LAYOUT),
        "ordered_chips": Field("chips", "chips", _LAYOUT),
        "style_properties[].value": Field("value", "value", essence=True),
        # Alerts, coaching, actions.
        "threshold.value": Field("threshold", "threshold"),
        "comparator": Field("comparison", "comparison"),
        "custom_message": Field("message", "message", prose=True),
        "feedback_phrase": Field("phrase", "phrase"),
        "search_tokens": Field("tokens", "search tokens", prose=True),
        "rating": Field("rating", "rating"),
        "url": Field("url", "URL"),
    }
)

BRANCHES: dict[str, Field] = {
    # Everything below these keys is called by the key, and the rest of the path.
    "frequency_spec": Field("schedule", "schedule"),
    "date_filter": Field("date_filter", "date filter"),
    "axis_configs": Field("axes", "axes"),
    "sort_info": Field("sorting", "sorting"),
    "format": Field("format", "format"),
    "currency_type": Field("currency", "currency", _CONTENT),
    "geo_config": Field("geography", "geography", _CONTENT),
    "style": Field("style", "style", _LAYOUT),
    "layout": Field("layout", "layout", _LAYOUT),
    "cache_config": Field("cache", "cache"),
}
