"""The places of a document that name something, but are no reference that promotion follows: the rest of the catalogue.

They are kept as they are, belong to the environment, or hold secrets. Listed so that the catalogue is whole: what is
in neither list names nothing. Source: ThoughtSpot's schema of the format and counts over public exports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.kinds import KINDS


class Names(Enum):
    """What a place names."""

    COLUMN = "column"
    """A column, formula, parameter or set by name or id, as ``TABLE::Column`` or as it is displayed."""
    LOCAL = "local id"
    """Something in the same document."""
    OBJECT_NAME = "name"
    """An object, a join or a calendar by name."""
    PERSON = "user or group"
    """Somebody by name or e-mail."""
    WAREHOUSE = "warehouse"
    """Something in the warehouse, or how to reach it."""
    VALUE = "value"
    """Data or a setting of the environment."""
    TEXT = "text"
    """Free text or a program that may name any of these."""


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """One entry: a path pattern as in the catalogue, what it names, and what promotion does with it."""

    pattern: str
    names: Names
    promotion: Promotion


_KEEP, _ENV, _SECRET = Promotion.KEEP, Promotion.ENVIRONMENT, Promotion.SECRET
_Rows = tuple[tuple[str, Names, Promotion], ...]

_JOINS: _Rows = (
    ("joins_with[].name", Names.OBJECT_NAME, _KEEP),
    ("joins_with[].on", Names.COLUMN, _KEEP),
    ("joins_with[].relation_id", Names.LOCAL, _KEEP),
)
_FORMULAS: _Rows = (
    ("formulas[].id", Names.LOCAL, _KEEP),
    ("formulas[].name", Names.COLUMN, _KEEP),
    ("formulas[].expr", Names.COLUMN, _KEEP),
)
_PARAMETERS: _Rows = (
    ("parameters[].name", Names.COLUMN, _KEEP),
    ("parameters[].default_value", Names.VALUE, _ENV),
    ("parameters[].list_column_id", Names.COLUMN, _KEEP),
    ("parameters[].linked_parameters[]", Names.COLUMN, _KEEP),
    ("parameters[].sap_parameter_name", Names.WAREHOUSE, _ENV),
)
_FILTERS: _Rows = (
    ("filters[].column[]", Names.COLUMN, _KEEP),
    ("filters[].values[]", Names.VALUE, _KEEP),
    ("filters[].excluded_visualizations[]", Names.LOCAL, _KEEP),
    ("filters[].apply_on_tables[]", Names.OBJECT_NAME, _KEEP),
    ("filters[].applicability.target_id", Names.LOCAL, _KEEP),
)
_ACTIONS: _Rows = (("action_object_associations[].action_name", Names.OBJECT_NAME, _KEEP),)
_PATHS: _Rows = (
    ("table_paths[].id", Names.LOCAL, _KEEP),
    ("table_paths[].table", Names.LOCAL, _KEEP),
    ("table_paths[].column[]", Names.COLUMN, _KEEP),
    ("table_paths[].join_path[].join[]", Names.OBJECT_NAME, _KEEP),
)
_ANSWER: _Rows = (
    *_FORMULAS,
    *_PARAMETERS,
    *_FILTERS,
    *_ACTIONS,
    *_PATHS,
    ("search_query", Names.COLUMN, _KEEP),
    ("answer_columns[].name", Names.COLUMN, _KEEP),
    ("answer_columns[].sort_info.sort_by_guid", Names.COLUMN, _KEEP),
    ("parameter_values", Names.COLUMN, _KEEP),
    ("table.table_columns[].column_id", Names.COLUMN, _KEEP),
    ("table.ordered_column_ids[]", Names.COLUMN, _KEEP),
    ("table.client_state", Names.LOCAL, _KEEP),
    ("table.client_state_v2", Names.LOCAL, _KEEP),
    ("chart.chart_columns[].column_id", Names.COLUMN, _KEEP),
    ("chart.axis_configs[]", Names.COLUMN, _KEEP),
    ("chart.client_state", Names.LOCAL, _KEEP),
    ("chart.client_state_v2", Names.LOCAL, _KEEP),
    ("chart.custom_chart_name", Names.OBJECT_NAME, _ENV),
    ("chart.custom_visual_props", Names.TEXT, _KEEP),
)
_OVERRIDES: _Rows = (
    ("parameter_overrides[].value.name", Names.COLUMN, _KEEP),
    ("parameter_overrides[].value.override_value", Names.VALUE, _KEEP),
    ("parameter_overrides[].value.excluded_container_id[]", Names.LOCAL, _KEEP),
    ("parameter_overrides[].value.secondary_parameter[]", Names.COLUMN, _KEEP),
    ("ordered_chips[].name", Names.COLUMN, _KEEP),
)
_LIVEBOARD: _Rows = (
    *_FILTERS,
    *_OVERRIDES,
    ("visualizations[].id", Names.LOCAL, _KEEP),
    *((f"visualizations[].answer.{path}", names, promotion) for path, names, promotion in _ANSWER),
    ("visualizations[].action_object_associations[].action_name", Names.OBJECT_NAME, _KEEP),
    ("visualizations[].ai_tile.target_agent", Names.OBJECT_NAME, _ENV),
    ("visualizations[].ai_tile.template_id", Names.VALUE, _ENV),
    ("visualizations[].ai_tile.scope.visualizations[].viz_id", Names.LOCAL, _KEEP),
    ("visualizations[].ai_tile.scope.tab_names[]", Names.LOCAL, _KEEP),
    ("groups[].id", Names.LOCAL, _KEEP),
    ("groups[].visualizations[]", Names.LOCAL, _KEEP),
    ("layout.tabs[].name", Names.LOCAL, _KEEP),
    ("layout.tabs[].tiles[].visualization_id", Names.LOCAL, _KEEP),
    ("layout.tiles[].visualization_id", Names.LOCAL, _KEEP),
    ("layout.tabs[].group_layouts[].id", Names.LOCAL, _KEEP),
    ("views[].name", Names.OBJECT_NAME, _KEEP),
    ("views[].author.username", Names.PERSON, _ENV),
    ("views[].author.user_email", Names.PERSON, _ENV),
    ("style.overrides[].object_id", Names.LOCAL, _KEEP),
)
_COHORT: _Rows = (
    ("config.anchor_column_id", Names.COLUMN, _KEEP),
    ("config.return_column_id", Names.COLUMN, _KEEP),
    ("config.groups[].conditions[].column_name", Names.COLUMN, _KEEP),
    ("config.bins.binning_column_name", Names.COLUMN, _KEEP),
    ("cohort_config.base_column", Names.COLUMN, _KEEP),
    ("referenced_cohorts[]", Names.OBJECT_NAME, _KEEP),
    ("owner", Names.PERSON, _ENV),
)
_COLLECTION: _Rows = (("content[].name", Names.OBJECT_NAME, _KEEP), ("content[].type", Names.VALUE, _KEEP))

_ROWS: dict[str, _Rows] = {
    "connection": (
        ("name", Names.OBJECT_NAME, _ENV),
        ("type", Names.WAREHOUSE, _ENV),
        ("authentication_type", Names.WAREHOUSE, _ENV),
        ("properties[].value", Names.WAREHOUSE, _SECRET),
        ("properties[].templated_fields.value", Names.WAREHOUSE, _ENV),
        ("connection_configurations[].properties[].value", Names.WAREHOUSE, _SECRET),
        ("connection_configurations[].user_group_ids[]", Names.PERSON, _ENV),
        ("selected_databases[]", Names.WAREHOUSE, _ENV),
        ("table[].external_table.db_name", Names.WAREHOUSE, _ENV),
        ("table[].external_table.schema_name", Names.WAREHOUSE, _ENV),
        ("table[].external_table.table_name", Names.WAREHOUSE, _ENV),
    ),
    "table": (
        ("db", Names.WAREHOUSE, Promotion.MAP),
        ("schema", Names.WAREHOUSE, Promotion.MAP),
        ("db_table", Names.WAREHOUSE, Promotion.MAP),
        ("dataset_id", Names.LOCAL, _KEEP),
        ("columns[].name", Names.COLUMN, _KEEP),
        ("columns[].db_column_name", Names.WAREHOUSE, _KEEP),
        ("columns[].properties.calendar", Names.OBJECT_NAME, _ENV),
        ("columns[].properties.hierarchical_column_name", Names.COLUMN, _KEEP),
        ("columns[].properties.currency_type.column", Names.COLUMN, _KEEP),
        *_JOINS,
        *((f"rls_rules.{path}", names, promotion) for path, names, promotion in _PATHS),
        ("rls_rules.rules[].expr", Names.PERSON, _ENV),
        ("rls_rules.rules[].rule_id", Names.LOCAL, _KEEP),
        *_PARAMETERS,
    ),
    "sql_view": (
        ("sql_query", Names.WAREHOUSE, _ENV),
        ("sql_view_columns[].sql_output_column", Names.WAREHOUSE, _KEEP),
        *_JOINS,
    ),
    "view": (
        *_JOINS,
        *_PATHS,
        *_FORMULAS,
        *_PARAMETERS,
        ("joins[].on[]", Names.COLUMN, _KEEP),
        ("search_query", Names.COLUMN, _KEEP),
        ("view_columns[].search_output_column", Names.COLUMN, _KEEP),
    ),
    "model": (
        *_JOINS,
        *_FORMULAS,
        *_PARAMETERS,
        *_FILTERS,
        *_ACTIONS,
        ("model_tables[].alias", Names.LOCAL, _KEEP),
        ("model_tables[].joins[].with", Names.LOCAL, _KEEP),
        ("model_tables[].joins[].referencing_join", Names.OBJECT_NAME, _KEEP),
        ("model_tables[].joins[].on", Names.COLUMN, _KEEP),
        ("columns[].column_id", Names.COLUMN, _KEEP),
        ("columns[].formula_id", Names.LOCAL, _KEEP),
        ("aggregated_models[].date_aggregation_info[].column_id", Names.COLUMN, _KEEP),
        ("cache_config.schedule.cron", Names.VALUE, _ENV),
        ("cache_config.schedule.timezone", Names.VALUE, _ENV),
        ("cache_config.tables[].id", Names.OBJECT_NAME, _ENV),
        ("constraints.constraint[].table", Names.OBJECT_NAME, _KEEP),
        ("lesson_plans[]", Names.TEXT, _KEEP),
        ("column_groups[]", Names.COLUMN, _KEEP),
    ),
    "worksheet": (
        *_JOINS,
        *_FORMULAS,
        *_PARAMETERS,
        *_FILTERS,
        *_ACTIONS,
        *_PATHS,
        ("joins[].name", Names.LOCAL, _KEEP),
        ("worksheet_columns[].column_id", Names.COLUMN, _KEEP),
        ("worksheet_columns[].formula_id", Names.LOCAL, _KEEP),
        ("schema.tables[].alias", Names.LOCAL, _KEEP),
        ("schema.tables[].joins[].with", Names.LOCAL, _KEEP),
    ),
    "answer": _ANSWER,
    "cohort": (*_COHORT, *((f"answer.{path}", names, promotion) for path, names, promotion in _ANSWER)),
    "liveboard": _LIVEBOARD,
    "pinboard": _LIVEBOARD,
    "monitor_alert": (
        ("[].creator.username", Names.PERSON, _ENV),
        ("[].creator.user_email", Names.PERSON, _ENV),
        ("[].subscribed_user[].username", Names.PERSON, _ENV),
        ("[].subscribed_user[].user_email", Names.PERSON, _ENV),
        ("[].subscribed_group[].group_name", Names.PERSON, _ENV),
        ("[].slack_channel_ids[]", Names.VALUE, _ENV),
        ("[].frequency_spec.time_zone", Names.VALUE, _ENV),
        ("[].frequency_spec.start_time", Names.VALUE, _ENV),
        ("[].frequency_spec.end_time", Names.VALUE, _ENV),
        ("[].personalised_view_info.filters[]", Names.COLUMN, _KEEP),
    ),
    "nls_feedback": (
        ("feedback[].id", Names.LOCAL, _KEEP),
        ("feedback[].search_tokens", Names.COLUMN, _KEEP),
        ("feedback[].formula_info[].expression", Names.COLUMN, _KEEP),
        ("feedback[].axis_config[]", Names.COLUMN, _KEEP),
        ("feedback[].nl_context", Names.TEXT, _KEEP),
    ),
    "column_alias": (
        ("columns[].name", Names.COLUMN, _KEEP),
        ("columns[].locales[].name", Names.VALUE, _KEEP),
        ("columns[].orgs[].name", Names.OBJECT_NAME, _ENV),
        ("columns[].groups[].name", Names.PERSON, _ENV),
    ),
    "column_security_rules": (
        ("rules[].column_name", Names.COLUMN, _KEEP),
        ("rules[].accessible_groups.group_name[]", Names.PERSON, _ENV),
        ("rules[].abac_rule", Names.LOCAL, _KEEP),
        ("abac_rules[].name", Names.LOCAL, _KEEP),
        ("abac_rules[].expr", Names.COLUMN, _KEEP),
    ),
    "collection": _COLLECTION,
    "collection_object": _COLLECTION,
    "action_object": (
        ("url_action_details.url", Names.VALUE, _ENV),
        ("url_action_details.authentication.basic.password", Names.VALUE, _SECRET),
        ("url_action_details.authentication.bearer_token.token", Names.VALUE, _SECRET),
        ("url_action_details.authentication.api_key.value", Names.VALUE, _SECRET),
        ("url_action_details.url_query_params[]", Names.VALUE, _ENV),
        ("user_groups[]", Names.PERSON, _ENV),
    ),
    "user_object": (("org_name", Names.OBJECT_NAME, _ENV),),
    "group_object": (("org_name", Names.OBJECT_NAME, _ENV),),
    "role_object": (("org_name", Names.OBJECT_NAME, _ENV),),
}


def unfollowed(root: str) -> tuple[Unfollowed, ...]:
    """The entries of the documents with a root key; none for a kind that is not known."""
    rows = _ROWS.get(root, ())
    return tuple(Unfollowed(_under(root, path), names, promotion) for path, names, promotion in rows)


def _under(root: str, path: str) -> str:
    return f"{root}{path}" if path.startswith("[]") else f"{root}.{path}"


assert set(_ROWS) <= set(KINDS), "only a kind has places"
