"""Tables, columns and joins of Models and worksheets. Codes 14540 and 14547."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.checks.tables import repeated
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.world import Subject
from tsdeploy.sandbox.texts.columns import column_items, column_names, formula_ids, sources
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.tml.syntax import Mapping


def check_tables(context: Context) -> Iterator[Problem]:
    """No two tables of a Model have one alias."""
    tables = mappings(context.document.body, "model_tables")
    for alias in repeated([value(table, "alias") or value(table, "name") for table in tables]):
        yield problems.duplicate_alias(alias)


def check_columns(context: Context) -> Iterator[Problem]:
    """Each column has a name of its own and is made of a column or formula that is there."""
    for name in repeated(column_names(context.document)):
        yield problems.duplicate_column(name)
    places = sources(context.document)
    formulas = formula_ids(context.document)
    wrong = [
        value(item, "column_id") or value(item, "formula_id")
        for item in column_items(context.document)
        if not _is_made(context, item, places, formulas)
    ]
    if wrong:
        yield problems.wrong_columns(wrong)


def _is_made(context: Context, item: Mapping, places: dict[str, str], formulas: frozenset[str]) -> bool:
    column_id, formula_id = value(item, "column_id"), value(item, "formula_id")
    if not column_id:
        return not formula_id or formula_id in formulas
    alias, _, column = column_id.partition("::")
    if alias not in places:
        return False
    target = context.target(places[alias])
    return target is None or column in column_names(target.document)


def check_unique_columns(context: Context) -> Iterator[Problem]:
    """A Model shows a column of a table once."""
    for column_id in repeated([value(item, "column_id") for item in column_items(context.document)]):
        yield problems.repeated_column_id(column_id)


def check_joins(context: Context) -> Iterator[Problem]:
    """A join of a Model leads to another of its tables, by a join of its own or one of the table's."""
    tables = mappings(context.document.body, "model_tables")
    aliases = {value(table, "alias") or value(table, "name") for table in tables}
    for number, table in enumerate(tables):
        source = context.target(f"model.model_tables[{number}]")
        for index, join in enumerate(mappings(table, "joins")):
            where = f"model->model_tables({problems.ordinal(number)})->joins({problems.ordinal(index)})"
            yield from _structure(join, where, source)
            target = value(join, "with")
            if target and target not in aliases:
                yield problems.broken_join(problems.ordinal(index), value(table, "name"), target, ())


def _structure(join: Mapping, where: str, source: Subject | None) -> Iterator[Problem]:
    if not value(join, "with"):
        yield problems.join_without_target(where)
    if value(join, "on") and not (value(join, "type") and value(join, "cardinality")):
        yield problems.half_defined_join(where)
    named = value(join, "referencing_join")
    known = {value(one, "name") for one in mappings(source.document.body, "joins_with")} if source else {named}
    if named and named not in known:
        yield problems.unknown_referencing_join(named)
