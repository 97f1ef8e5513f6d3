"""Every place where TML names a column, as data: the keys that lead there, how the name is written, and why.

Lists on the way are passed through; ``*`` is any key. The paths are those of ThoughtSpot's schema of the format and of
public exports. ``client_state`` is not among them: it repeats display names as decoration, and the server ignores
what it does not find.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tsdeploy.tml.columns.use import Role


class Writing(Enum):
    """How a place names columns."""

    TEXT = auto()
    """Names in brackets, in a longer text."""
    NAME = auto()
    """One name, with or without ``SOURCE::`` in front."""
    DISPLAY = auto()
    """One name as an answer shows it: ``Total X``, ``Month(X)``."""
    KEYS = auto()
    """A mapping whose keys are names."""
    JOIN = auto()
    """The name of a join of one of the sources: what the join compares is used here, too."""


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """One entry: where, how, why."""

    keys: tuple[str, ...]
    writing: Writing
    role: Role


def _place(keys: str, writing: Writing, role: Role) -> ColumnPlace:
    return ColumnPlace(tuple(keys.split(".")) if keys else (), writing, role)


def _filters(prefix: str = "") -> tuple[ColumnPlace, ...]:
    return (
        _place(f"{prefix}filters.column", Writing.NAME, Role.FILTER),
        _place(f"{prefix}parameter_overrides.value.name", Writing.NAME, Role.PARAMETER),
        _place(f"{prefix}ordered_chips.name", Writing.NAME, Role.CHIP),
    )


def _set(config: str) -> tuple[ColumnPlace, ...]:
    keys = (
        "anchor_column_id",
        "return_column_id",
        "base_column",
        "groups.conditions.column_name",
        "bins.binning_column_name",
        "pass_thru_filter.include_column_ids",
        "pass_thru_filter.include_column_names",
        "pass_thru_filter.exclude_column_ids",
        "pass_thru_filter.exclude_column_names",
    )
    return tuple(_place(f"{config}.{key}", Writing.NAME, Role.SET) for key in keys)


FORMULA = (_place("expr", Writing.TEXT, Role.FORMULA),)
JOIN = (_place("on", Writing.TEXT, Role.JOIN),)
PATHS = (_place("table_paths.join_path.join", Writing.JOIN, Role.JOIN),)
PATH_COLUMNS = (_place("column", Writing.NAME, Role.SECURITY),)
RULES = (_place("rules.expr", Writing.TEXT, Role.SECURITY),)
OWN_FILTERS = _filters()

COLUMN = (
    _place("column_id", Writing.NAME, Role.COLUMN_ID),
    _place("formula_id", Writing.NAME, Role.FORMULA_ID),
)
"""A column of a model or worksheet."""

OUTPUT = (_place("search_output_column", Writing.DISPLAY, Role.OUTPUT),)
"""A column of a view."""

COLUMN_PROPERTIES = (
    _place("properties.hierarchical_column_name", Writing.NAME, Role.PROPERTY),
    _place("properties.currency_type.column", Writing.NAME, Role.PROPERTY),
)
"""Other columns of the same document that a column refers to."""

MODEL = (
    _place("model_tables.joins.on", Writing.TEXT, Role.JOIN),
    _place("model_tables.joins.referencing_join", Writing.JOIN, Role.JOIN),
    _place("schema.tables.joins.on", Writing.TEXT, Role.JOIN),
    _place("schema.tables.joins.referencing_join", Writing.JOIN, Role.JOIN),
    _place("joins.on", Writing.TEXT, Role.JOIN),
    _place("joins.name", Writing.JOIN, Role.JOIN),
    _place("filters.column", Writing.NAME, Role.FILTER),
    _place("parameters.list_column_id", Writing.NAME, Role.PARAMETER),
    _place("parameters.linked_parameters", Writing.NAME, Role.PARAMETER),
    _place("aggregated_models.date_aggregation_info.column_id", Writing.NAME, Role.PROPERTY),
    *PATHS,
)

VIEW = (
    _place("search_query", Writing.TEXT, Role.SEARCH),
    _place("joins.on", Writing.TEXT, Role.JOIN),
    _place("joins.name", Writing.JOIN, Role.JOIN),
    *PATHS,
)

ANSWER = (
    _place("search_query", Writing.TEXT, Role.SEARCH),
    _place("formulas.expr", Writing.TEXT, Role.FORMULA),
    _place("answer_columns.name", Writing.DISPLAY, Role.ANSWER_COLUMN),
    _place("table.table_columns.column_id", Writing.DISPLAY, Role.TABLE),
    _place("table.ordered_column_ids", Writing.DISPLAY, Role.TABLE),
    _place("chart.chart_columns.column_id", Writing.DISPLAY, Role.CHART),
    _place("chart.axis_configs.*", Writing.DISPLAY, Role.CHART),
    _place("chart.custom_chart_config.dimensions.columns", Writing.DISPLAY, Role.CHART),
    _place("filters.column", Writing.NAME, Role.FILTER),
    _place("parameters.list_column_id", Writing.NAME, Role.PARAMETER),
    _place("parameter_values", Writing.KEYS, Role.PARAMETER),
    _place("dynamic_parameter_values", Writing.KEYS, Role.PARAMETER),
    _place("referenced_cohorts", Writing.NAME, Role.SET),
    _place("joins.name", Writing.JOIN, Role.JOIN),
    *PATHS,
)

SET = (
    *_set("config"),
    *_set("cohort_config"),
    _place("referenced_cohorts", Writing.NAME, Role.SET),
)

LIVEBOARD = (
    *_filters(),
    *_filters("groups."),
    *_filters("layout.tabs."),
    _place("views.view_filters.column", Writing.NAME, Role.FILTER),
    _place("views.view_parameters.name", Writing.NAME, Role.PARAMETER),
    _place("visualizations.ai_tile.scope.filter_columns", Writing.NAME, Role.FILTER),
)

FEEDBACK = (
    _place("search_tokens", Writing.TEXT, Role.FEEDBACK),
    _place("formula_info.expression", Writing.TEXT, Role.FEEDBACK),
    _place("axis_config.*", Writing.DISPLAY, Role.FEEDBACK),
)

COLUMN_ALIAS = (_place("columns.name", Writing.NAME, Role.ALIAS),)

COLUMN_SECURITY = (
    _place("rules.column_name", Writing.NAME, Role.COLUMN_SECURITY),
    _place("abac_rules.expr", Writing.TEXT, Role.COLUMN_SECURITY),
)
