"""What has to hold inside an object, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tsdeploy.sandbox.importing.checks import (
    alerts,
    cohorts,
    feedback,
    formulas,
    models,
    names,
    tables,
    values,
    warehouse,
)
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem

Check = Callable[[Context], Iterator[Problem]]

CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "table": (
        tables.check_columns,
        values.check_data_types,
        values.check_enumerations,
        tables.check_joins,
        tables.check_rules,
        names.check_names,
        warehouse.check_table,
    ),
    "sql_view": (values.check_enumerations, tables.check_joins, names.check_names),
    "view": (values.check_enumerations, tables.check_joins, formulas.check_formulas, names.check_names),
    "model": (
        models.check_tables,
        models.check_columns,
        models.check_unique_columns,
        values.check_enumerations,
        values.check_data_types,
        values.check_unique,
        models.check_joins,
        formulas.check_formulas,
        names.check_names,
    ),
    "worksheet": (models.check_columns, values.check_unique, formulas.check_formulas, names.check_names),
    "answer": (values.check_enumerations, values.check_unique, formulas.check_formulas, names.check_names),
    "liveboard": (values.check_enumerations, values.check_unique, formulas.check_formulas, names.check_names),
    "pinboard": (formulas.check_formulas, names.check_names),
    "cohort": (cohorts.check_cohort, values.check_enumerations, names.check_names),
    "nls_feedback": (feedback.check_model, values.check_enumerations, names.check_names),
    "column_alias": (names.check_names,),
    "column_security_rules": (names.check_names,),
    "monitor_alert": (alerts.check_visualization, names.check_names),
}


def check(context: Context) -> list[Problem]:
    """Everything that is wrong with one object."""
    return [problem for one in CHECKS.get(context.document.kind.root, ()) for problem in one(context)]


__all__ = ["CHECKS", "Context", "check"]
