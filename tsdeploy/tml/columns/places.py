"""Every place where TML names a column, as data: the keys that lead there, how the name is written, and why.

Lists on the way are passed through; ``*`` is any key. The paths are those of ThoughtSpot's schema of the format and of
public exports. ``client_state`` is not among them: it repeats display names as decoration, and the server ignores
what it does not find.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tsdeploy.tml.columns.use import Role
from tsdeploy.tml.step_tree import StepTree, grow

ANY = "*"
"""A step that stands for every key of a mapping."""


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


@dataclass(frozen=True, slots=True)
class Places:
    """What to look for in a part of a document.

    ``strict`` are the places that name a column as it is called: without displayed names, which repeat those of the
    search, and without names of joins.
    """

    every: StepTree[ColumnPlace]
    strict: StepTree[ColumnPlace]


def _places(*entries: ColumnPlace) -> Places:
    strict = (entry for entry in entries if entry.writing not in (Writing.DISPLAY, Writing.JOIN))
    return Places(grow(entries, _keys), grow(strict, _keys))


def _keys(place: ColumnPlace) -> tuple[str, ...]:
    return place.keys


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


_PATHS = _place("table_paths.join_path.join", Writing.JOIN, Role.JOIN)

FORMULA = _places(_place("expr", Writing.TEXT, Role.FORMULA))
JOIN = _places(_place("on", Writing.TEXT, Role.JOIN))
PATH_COLUMNS = _places(_place("column", Writing.NAME, Role.SECURITY))
RULES = _places(_place("rules.expr", Writing.TEXT, Role.SECURITY), _PATHS)
OWN_FILTERS = _places(*_filters())

OUTPUT = _places(_place("search_output_column", Writing.DISPLAY, Role.OUTPUT))
"""A column of a view."""

_PROPERTIES = (
    _place("properties.hierarchical_column_name", Writing.NAME, Role.PROPERTY),
    _place("properties.currency_type.column", Writing.NAME, Role.PROPERTY),
)

COLUMN_PROPERTIES = _places(*_PROPERTIES)
"""Other columns of the same document that a column refers to."""

COLUMN = _places(
    _place("column_id", Writing.NAME, Role.COLUMN_ID),
    _place("formula_id", Writing.NAME, Role.FORMULA_ID),
    *_PROPERTIES,
)
"""A column of a model or worksheet."""

MODEL = _places(
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
    _PATHS,
)

VIEW = _places(
    _place("search_query", Writing.TEXT, Role.SEARCH),
    _place("joins.on", Writing.TEXT, Role.JOIN),
    _place("joins.name", Writing.JOIN, Role.JOIN),
    _PATHS,
)

ANSWER = _places(
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
    _PATHS,
)

SET = _places(
    *_set("config"),
    *_set("cohort_config"),
    _place("referenced_cohorts", Writing.NAME, Role.SET),
)

LIVEBOARD = _places(
    *_filters(),
    *_filters("groups."),
    *_filters("layout.tabs."),
    _place("views.view_filters.column", Writing.NAME, Role.FILTER),
    _place("views.view_parameters.name", Writing.NAME, Role.PARAMETER),
    _place("visualizations.ai_tile.scope.filter_columns", Writing.NAME, Role.FILTER),
)

FEEDBACK = _places(
    _place("search_tokens", Writing.TEXT, Role.FEEDBACK),
    _place("formula_info.expression", Writing.TEXT, Role.FEEDBACK),
    _place("axis_config.*", Writing.DISPLAY, Role.FEEDBACK),
)

COLUMN_ALIAS = _places(_place("columns.name", Writing.NAME, Role.ALIAS))

COLUMN_SECURITY = _places(
    _place("rules.column_name", Writing.NAME, Role.COLUMN_SECURITY),
    _place("abac_rules.expr", Writing.TEXT, Role.COLUMN_SECURITY),
)
