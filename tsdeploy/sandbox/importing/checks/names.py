"""Names of columns that mean nothing to the sources of an object: in searches, formulas, filters, joins, rules."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.resolution import part_of, viz_name
from tsdeploy.sandbox.texts.items import value
from tsdeploy.tml.columns.use import Role, Unknown
from tsdeploy.tml.syntax import node_at

_CHECKED_ELSEWHERE = frozenset({Role.COLUMN_ID, Role.FORMULA_ID})
"""14547 lists all columns of a Model that are made of nothing."""


def check_names(context: Context) -> Iterator[Problem]:
    """One problem for each name and place that means nothing."""
    said: set[Problem] = set()
    for unknown in context.unknown:
        problem = _problem(context, unknown)
        if problem is not None and problem not in said:
            said.add(problem)
            yield problem


def _problem(context: Context, unknown: Unknown) -> Problem | None:
    if unknown.role in _CHECKED_ELSEWHERE or unknown.role in guesses.ROLES_THAT_MAY_NAME_ANYTHING:
        return None
    if unknown.role is Role.SEARCH and not guesses.UNKNOWN_SEARCH_COLUMN_IS_ERROR:
        return None
    problem = _in_words(context, unknown)
    part = part_of(unknown.path)
    if part and part[1] == "visualizations":
        return problems.in_visualization(viz_name(context.document, part), problem, part)
    return Problem(problem.text, problem.code, part)


def _in_words(context: Context, unknown: Unknown) -> Problem:
    name, role = unknown.name, unknown.role
    if role is Role.FORMULA:
        return problems.formula_failed(_formula_name(context, unknown), problems.not_found_text(name))
    if role is Role.FILTER:
        return problems.wrong_filter(name)
    if role is Role.SET:
        return problems.column_not_found(name)
    if role is Role.JOIN:
        return _join(context, unknown)
    if role is Role.SEARCH:
        return problems.unknown_token(name)
    return guesses.unknown_name(context.document.kind.root, role, name)


def _formula_name(context: Context, unknown: Unknown) -> str:
    formula = node_at(context.document.root, unknown.path[:-1])
    return value(formula, "name") or value(formula, "id")


def _join(context: Context, unknown: Unknown) -> Problem:
    """14540. A join of a Table stands alone; one of a Model in the table that it starts from."""
    indexes = [step for step in unknown.path if isinstance(step, int)]
    holder = node_at(context.document.root, unknown.path[:3]) if len(indexes) > 1 else None
    owner = value(holder, "alias") or value(holder, "name") or context.document.name
    return problems.broken_join(problems.ordinal(indexes[-1]), owner, unknown.name, ())
