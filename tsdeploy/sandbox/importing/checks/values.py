"""Values outside their enumeration, and names that stand twice in one document. Code 14528."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.checks.tables import repeated
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.resolution import part_of, viz_name
from tsdeploy.sandbox.texts.items import child, mappings, value
from tsdeploy.tml.syntax import Node, Path

_ITEM = "[]"


@dataclass(frozen=True, slots=True)
class _Values:
    """Where a value of an enumeration stands; ``[]`` is every item of a list."""

    keys: tuple[str, ...]
    allowed: tuple[str, ...]


def _values(keys: str, allowed: tuple[str, ...]) -> _Values:
    return _Values(tuple(keys.split(".")), allowed)


_JOIN_TYPES = ("INNER", "LEFT_OUTER", "OUTER", "RIGHT_OUTER")
_DISPLAY_MODES = ("CHART_MODE", "TABLE_MODE", "UNDEFINED")
_PROPERTIES = (
    ("column_type", ("ATTRIBUTE", "MEASURE", "UNKNOWN")),
    ("index_type", ("DEFAULT", "DONT_INDEX", "PREFIX_AND_SUBSTRING", "PREFIX_AND_WORD_SUBSTRING", "PREFIX_ONLY")),
)

_ENUMERATIONS = {
    "table": (
        _values("table.joins_with.[].type", _JOIN_TYPES),
        *(_values(f"table.columns.[].properties.{key}", allowed) for key, allowed in _PROPERTIES),
    ),
    "sql_view": (_values("sql_view.joins_with.[].type", _JOIN_TYPES),),
    "view": (_values("view.joins_with.[].type", _JOIN_TYPES),),
    "model": (
        _values("model.model_tables.[].joins.[].type", _JOIN_TYPES),
        _values(
            "model.model_tables.[].joins.[].cardinality",
            ("MANY_TO_ONE", "MANY_TO_MANY", "ONE_TO_MANY", "ONE_TO_ONE"),
        ),
        *(_values(f"model.columns.[].properties.{key}", allowed) for key, allowed in _PROPERTIES),
    ),
    "answer": (_values("answer.display_mode", _DISPLAY_MODES),),
    "liveboard": (_values("liveboard.visualizations.[].answer.display_mode", _DISPLAY_MODES),),
    "cohort": (_values("cohort.config.cohort_type", ("ADVANCED", "SIMPLE")),),
    "nls_feedback": (
        _values("nls_feedback.feedback.[].type", ("BUSINESS_TERM", "REFERENCE_QUESTION")),
        _values("nls_feedback.feedback.[].rating", ("DOWNVOTE", "UPVOTE")),
    ),
}
_DATA_TYPES = frozenset(
    {"BOOL", "CHAR", "DATE", "DATE_TIME", "DOUBLE", "FLOAT", "INT32", "INT64", "TIME", "TIMESTAMP", "VARCHAR"}
)
_AGGREGATIONS = frozenset(
    {"AVERAGE", "COUNT", "COUNT_DISTINCT", "MAX", "MIN", "NONE", "STD_DEVIATION", "SUM", "VARIANCE"}
)
_UNIQUE = {
    "model": (("formulas", "id"), ("formulas", "name"), ("parameters", "name")),
    "worksheet": (("formulas", "name"), ("parameters", "name")),
    "answer": (("formulas", "id"),),
    "liveboard": (("visualizations", "id"), ("groups", "id")),
}


def check_enumerations(context: Context) -> Iterator[Problem]:
    """Every value of an enumeration that TML fixes."""
    root = context.document.kind.root
    for one in _ENUMERATIONS.get(root, ()):
        for path, field, given in _found(context.document.root, one.keys, (), ""):
            if given not in one.allowed:
                yield _labelled(context, problems.wrong_value(given, field, one.allowed, part_of(path)))


def _found(node: Node | None, keys: tuple[str, ...], path: Path, field: str) -> Iterator[tuple[Path, str, str]]:
    """Path, name as errors write it (``table->joins_with(1st)->type``), and value."""
    key, *rest = keys
    below = child(node, key)
    here = f"{field}->{key}" if field else key
    if not rest:
        given = value(node, key)
        if given:
            yield (*path, key), here, given
    elif rest[0] == _ITEM:
        for index, item in enumerate(mappings(node, key)):
            yield from _found(item, tuple(rest[1:]), (*path, key, index), f"{here}({problems.ordinal(index)})")
    else:
        yield from _found(below, tuple(rest), (*path, key), here)


def _labelled(context: Context, problem: Problem) -> Problem:
    if problem.part[1:2] != ("visualizations",):
        return problem
    return problems.in_visualization(viz_name(context.document, problem.part), problem, problem.part)


def check_data_types(context: Context) -> Iterator[Problem]:
    """The types of a Table's columns, and how columns aggregate."""
    for column in mappings(context.document.body, "columns"):
        data_type = value(column, "db_column_properties", "data_type")
        if data_type and data_type not in _DATA_TYPES:
            yield problems.wrong_data_type(data_type, value(column, "name"))
        aggregation = value(column, "properties", "aggregation")
        if aggregation and aggregation not in _AGGREGATIONS:
            yield problems.wrong_aggregation(aggregation)


def check_unique(context: Context) -> Iterator[Problem]:
    """Formulas, parameters, visualizations and groups have names of their own."""
    for key, name in _UNIQUE.get(context.document.kind.root, ()):
        for twice in repeated([value(item, name) for item in mappings(context.document.body, key)]):
            yield guesses.named_twice(key, twice)
