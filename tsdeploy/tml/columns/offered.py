"""The columns that a document offers to others, by the name that others use, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from tsdeploy.tml.columns.names import Name, tokens, whole
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.spots import Spot, body
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

_SHOWN = ("column_id", "formula_id", "search_output_column")
_MADE_OF = (*_SHOWN, "sql_output_column", "db_column_name")


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

    ``ways`` are all names that it goes by: a formula also by its id. ``blocks`` are what makes it, each with the keys
    under which its name stands: the item of a list of columns, and the formula that it shows.
    """

    name: str
    kind: ColumnKind
    ways: tuple[str, ...] = ()
    blocks: tuple[tuple[Spot, tuple[str, ...]], ...] = ()

    @property
    def made_of(self) -> tuple[str, ...]:
        """What it stands on, as it is written.

        ``TABLE::column``, a formula id, a column of a view's search or of the warehouse, or the names in the formula's
        text.
        """
        item = self.blocks[-1][0]
        if self.kind is ColumnKind.FORMULA:
            return tuple(tokens(item.text_of("expr")))
        return tuple(text for key in _MADE_OF if (text := item.text_of(key)))

    @property
    def spellings(self) -> tuple[Spelling, ...]:
        """Where the name itself stands."""
        return tuple(one for item, keys in self.blocks for one in _spellings(item, self.name, keys))


def offers_columns(document: Described) -> bool:
    """Whether others may use columns of it: a table, view, model or set."""
    return document.kind.is_data or document.kind.name == "cohort"


def columns_of(document: Document) -> Mapping[str, Column]:
    """What a table, view, model or set offers, by name; nothing for other kinds.

    A column that shows a formula of its own name is one with it. Of several with one name the first counts, by the
    ways of all.
    """
    content = body(document)
    if document.kind.name == "cohort":
        return _by_name(_set(content))
    if not document.kind.is_data:
        return {}
    formulas = _by_name(_formulas(content))
    by_way = {way.casefold(): formula for formula in formulas.values() for way in formula.ways}
    columns = (_column(item, by_way) for item in content.each(COLUMN_LISTS[document.kind.root]))
    return _by_name([*columns, *formulas.values(), *_parameters(content)])


def formula_ways(given: Iterable[str]) -> Iterator[str]:
    """Every way to refer to a formula: by id, by name, and by ``formula_`` and either."""
    return (way for name in given if name for way in (name, f"formula_{name}"))


def _by_name(columns: Iterable[Column]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        first = found.setdefault(column.name, column)
        if first is not column:
            found[column.name] = replace(first, ways=tuple(dict.fromkeys((*first.ways, *column.ways))))
    found.pop("", None)
    return found


def _column(item: Spot, formulas: Mapping[str, Column]) -> Column:
    """A column of a list, as one with the formula of the same name that it shows, if it does."""
    name = item.text_of("name")
    shown = (formulas.get(item.text_of(key).casefold()) for key in _SHOWN) if formulas else ()
    formula = next((one for one in shown if one is not None), None)
    if formula is None or formula.name != name:
        return Column(name, ColumnKind.COLUMN, (name,), ((item, ("name",)),))
    return replace(formula, blocks=((item, ("name", "formula_id")), *formula.blocks))


def _formulas(content: Spot) -> Iterator[Column]:
    for item in content.each("formulas"):
        given = (item.text_of("name"), item.text_of("id"))
        ways = tuple(dict.fromkeys(formula_ways(given)))
        yield Column(given[0] or given[1], ColumnKind.FORMULA, ways, ((item, ("name", "id")),))


def _parameters(content: Spot) -> Iterator[Column]:
    for item in content.each("parameters"):
        name = item.text_of("name")
        yield Column(name, ColumnKind.PARAMETER, (name,), ((item, ("name",)),))


def _set(content: Spot) -> Iterator[Column]:
    name = content.text_of("name")
    holders = (content, *content.each("config"), *content.each("cohort_config"))
    yield Column(name, ColumnKind.SET, (name,), tuple((holder, ("name",)) for holder in holders))


def _spellings(item: Spot, name: str, keys: Iterable[str]) -> Iterator[Spelling]:
    for spot in (spot for key in keys for spot in item.each(key)):
        found = whole(spot.text).ending_in(name)
        if found.start < found.end and isinstance(spot.node, Scalar):
            yield Spelling(spot.node, found)
