"""The columns that a document offers to others, by the name that others use, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from tsdeploy.tml.columns.names import Name, tokens, whole
from tsdeploy.tml.columns.spots import Spot
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Scalar

COLUMN_LISTS = {
    "table": "columns",
    "input_table": "columns",
    "sql_view": "sql_view_columns",
    "view": "view_columns",
    "model": "columns",
    "worksheet": "worksheet_columns",
}
"""Root key → the list that holds a document's columns."""

_MADE_OF = ("column_id", "formula_id", "search_output_column", "sql_output_column", "db_column_name")


class ColumnKind(Enum):
    """What something that can be named like a column is."""

    COLUMN = "column"
    FORMULA = "formula"
    PARAMETER = "parameter"
    SET = "set"


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """A scalar that gives a column its name, and the span of the name in the scalar's value."""

    scalar: Scalar
    name: Name


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column, formula, parameter or set.

    ``ways`` are all names that it goes by: a formula also by its id. ``made_of`` is what it stands on, as it is
    written: ``TABLE::column``, a formula id, a column of a view's search or of the warehouse, or the names in the
    formula's text. ``spellings`` are where the name itself stands.
    """

    name: str
    kind: ColumnKind
    ways: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    spellings: tuple[Spelling, ...] = ()


def columns_of(document: Document) -> Mapping[str, Column]:
    """What a table, view, model or set offers, by name; nothing for other kinds.

    A column that shows a formula of its own name is one with it. Of several with one name the first counts.
    """
    body = Spot((document.kind.root,), document.body)
    if document.kind.name == "cohort":
        return _by_name(_set(body))
    if not document.kind.is_data:
        return {}
    formulas = _by_name(_formulas(body))
    by_way = {way.casefold(): formula for formula in formulas.values() for way in formula.ways}
    columns = (_merged(column, by_way) for column in _columns(body, COLUMN_LISTS[document.kind.root]))
    return _by_name([*columns, *formulas.values(), *_parameters(body)])


def formula_ways(given: Iterable[str]) -> Iterator[str]:
    """Every way to refer to a formula: by id, by name, and by ``formula_`` and either."""
    return (way for name in given if name for way in (name, f"formula_{name}"))


def _by_name(columns: Iterable[Column]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        if column.name:
            found.setdefault(column.name, column)
    return found


def _columns(body: Spot, listed: str) -> Iterator[Column]:
    for item in body.each(listed):
        name = item.text_of("name")
        made_of = tuple(text for key in _MADE_OF if (text := item.text_of(key)))
        yield Column(name, ColumnKind.COLUMN, (name,), made_of, tuple(_spellings(item, name, "name", "formula_id")))


def _formulas(body: Spot) -> Iterator[Column]:
    for item in body.each("formulas"):
        given = (item.text_of("name"), item.text_of("id"))
        name = given[0] or given[1]
        ways = tuple(dict.fromkeys(formula_ways(given)))
        spellings = tuple(_spellings(item, name, "name", "id"))
        yield Column(name, ColumnKind.FORMULA, ways, tuple(tokens(item.text_of("expr"))), spellings)


def _parameters(body: Spot) -> Iterator[Column]:
    for item in body.each("parameters"):
        name = item.text_of("name")
        yield Column(name, ColumnKind.PARAMETER, (name,), (), tuple(_spellings(item, name, "name")))


def _set(body: Spot) -> Iterator[Column]:
    name = body.text_of("name")
    holders = (body, *body.each("config"), *body.each("cohort_config"))
    spellings = tuple(one for holder in holders for one in _spellings(holder, name, "name"))
    yield Column(name, ColumnKind.SET, (name,), (), spellings)


def _merged(column: Column, formulas: Mapping[str, Column]) -> Column:
    """The column with the formula of the same name that it shows, if it does."""
    formula = next((formulas[text.casefold()] for text in column.made_of if text.casefold() in formulas), None)
    if formula is None or formula.name != column.name:
        return replace(column, spellings=column.spellings[:1])
    return replace(
        column,
        kind=ColumnKind.FORMULA,
        ways=formula.ways,
        made_of=formula.made_of,
        spellings=(*column.spellings, *formula.spellings),
    )


def _spellings(item: Spot, name: str, *keys: str) -> Iterator[Spelling]:
    for spot in (spot for key in keys for spot in item.each(key)):
        if isinstance(spot.node, Scalar):
            found = whole(spot.text).ending_in(name)
            if found.start < found.end:
                yield Spelling(spot.node, found)
