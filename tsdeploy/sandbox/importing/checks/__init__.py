"""What has to hold inside an object, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tsdeploy.sandbox.importing.checks import alerts, answers, feedback, models, tables
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem

Check = Callable[[Context], Iterator[Problem]]

CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "table": (tables.check_columns, tables.check_joins),
    "sql_view": (tables.check_joins,),
    "view": (tables.check_joins,),
    "model": (models.check_tables, models.check_columns, models.check_joins),
    "worksheet": (models.check_columns,),
    "answer": (answers.check_answer,),
    "liveboard": (answers.check_visualizations,),
    "pinboard": (answers.check_visualizations,),
    "cohort": (answers.check_cohort,),
    "nls_feedback": (feedback.check_model,),
    "monitor_alert": (alerts.check_visualization,),
}


def check(context: Context) -> list[Problem]:
    """Everything that is wrong with one object."""
    return [problem for one in CHECKS.get(context.document.kind.root, ()) for problem in one(context)]


__all__ = ["CHECKS", "Context", "check"]
