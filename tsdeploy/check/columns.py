"""Names that mean nothing where they stand: of columns, formulas, parameters and the tables in front of them.

What a name may mean is known to ``tsdeploy.tml.columns`` alone. Where one of the sources that a name might be in is
in no file, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.check.context import Context
from tsdeploy.check.guess import did_you_mean
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.columns.use import Role, Unknown
from tsdeploy.tml.syntax import Path

_BUILDING = frozenset({Role.COLUMN_ID, Role.FORMULA, Role.JOIN})
"""Where a table, view or model says what it is made of: the server refuses a name that it does not find there."""
_FORMULA = "formula_"


def find_missing_columns(context: Context) -> Iterator[Finding]:
    """``TABLE::column`` where the table has no such column, in columns, formulas and joins."""
    for unknown in _unknown(context, "TD140"):
        message = f"{unknown.name}: there is no table {unknown.lack.source} here"
        yield _no_source(context, unknown, "TD140", message, "a table is called by its alias where it has one")


def find_missing_formulas(context: Context) -> Iterator[Finding]:
    """Columns, formulas and searches that name a formula which is not there."""
    for unknown in _unknown(context, "TD141"):
        hint = did_you_mean(unknown.name, _alike(unknown)) or "add the formula, or remove what names it"
        yield _finding(context, unknown, "TD141", f"there is no formula {unknown.name} here", hint)


def find_missing_names(context: Context) -> Iterator[Finding]:
    """Columns and parameters that a search, a filter or anything else names, and that none of its sources has."""
    for unknown in _unknown(context, "TD145"):
        yield _no_column(context, unknown, "TD145", Severity.WARNING)


def find_unknown_aliases(context: Context) -> Iterator[Finding]:
    """Row-level security that names a table by an alias which no path defines, or a column which is not there."""
    for unknown in _unknown(context, "TD171"):
        message = f"the rule names {unknown.lack.source}, which no path defines"
        yield _no_source(context, unknown, "TD171", message, "aliases are the ids under table_paths:")


def _unknown(context: Context, code: str) -> Iterator[Unknown]:
    """What a rule has to tell of: a name once, however often one and the same text has it."""
    told: set[tuple[str, Path, str]] = set()
    for unknown in context.unknown:
        place = (unknown.document, unknown.path, unknown.name)
        if unknown.lack.is_certain and place not in told and _code(context, unknown) == code:
            told.add(place)
            yield unknown


def _code(context: Context, unknown: Unknown) -> str:
    if unknown.role is Role.SECURITY:
        return "TD171"
    if unknown.role is Role.FORMULA_ID or unknown.name.casefold().startswith(_FORMULA):
        return "TD141"
    is_data = context.columns.index.documents[unknown.document].kind.is_data
    return "TD140" if is_data and unknown.lack.source and unknown.role in _BUILDING else "TD145"


def _alike(unknown: Unknown) -> Iterable[str]:
    """The names that are written as the unknown one is: with ``formula_`` in front, or without."""
    with_prefix = unknown.name.casefold().startswith(_FORMULA)
    return [name for name in unknown.lack.known() if name.casefold().startswith(_FORMULA) is with_prefix]


def _no_source(context: Context, unknown: Unknown, code: str, message: str, hint: str) -> Finding:
    """What to say where there is nothing of the name in front of ``::``; where there is, it lacks the column."""
    if unknown.lack.offers or not unknown.lack.source:
        return _no_column(context, unknown, code, Severity.ERROR)
    hint = did_you_mean(unknown.lack.source, unknown.lack.known()) or hint
    return _finding(context, unknown, code, message, hint)


def _no_column(context: Context, unknown: Unknown, code: str, severity: Severity) -> Finding:
    lack = unknown.lack
    what = "parameter" if unknown.role is Role.PARAMETER else "column"
    labels = [context.columns.index.documents[offer.key].label for offer in lack.offers]
    if labels:
        owner = labels[0] if len(labels) == 1 else f"none of {', '.join(labels)}"
        message = f"{owner} has {'no' if len(labels) == 1 else 'a'} {what} {lack.column}"
        message = f"{unknown.name}: {message}" if lack.source else message
    elif lack.source:
        message = f"{unknown.name}: there is no {lack.source} here"
    else:
        message = f"there is no {what} {unknown.name} here"
    hint = did_you_mean(lack.column, _alike(unknown)) or "rename it here, too, or bring it back"
    return _finding(context, unknown, code, message, hint, severity)


def _finding(
    context: Context, unknown: Unknown, code: str, message: str, hint: str, severity: Severity = Severity.ERROR
) -> Finding:
    document = context.columns.index.documents[unknown.document]
    return Finding(code, message, document.at(unknown.position), unknown.where, hint, severity)
