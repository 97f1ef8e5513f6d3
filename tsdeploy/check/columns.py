"""What can be searched on: the columns, joins, formulas and parameters of tables, views and models.

Names are compared with upper and lower case alike, as a search does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tsdeploy.check.spot import Spot, body
from tsdeploy.tml.columns.offered import COLUMN_LISTS, formula_ways
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping

if TYPE_CHECKING:
    from tsdeploy.check.context import Context

Names: TypeAlias = "dict[str, str]"


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table, view or model offers: casefolded name → name as it is written."""

    names: Names
    joins: Names
    formulas: Names
    parameters: Names


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """The tables that something is built on, by each name it calls them; None for one that is in no file."""

    by_name: dict[str, Document | None]
    called: Names
    complete: bool
    """Whether every one of them is there."""


def columns_of(document: Document) -> Columns:
    """The columns and whatever else has a name in a document."""
    content = body(document)
    return Columns(
        names=_names(content.each(COLUMN_LISTS[document.kind.root])),
        joins=_names((*content.each("joins_with"), *content.each("joins"))),
        formulas=formula_ids(content),
        parameters=_names(content.each("parameters")),
    )


def formula_ids(holder: Spot) -> Names:
    """Every way to refer to a formula: by id, by name, and by ``formula_`` and either."""
    given = (formula.text_of(key) for formula in holder.each("formulas") for key in ("id", "name"))
    return {way.casefold(): way for way in formula_ways(given)}


def sources_of(holder: Spot, context: Context) -> Sources:
    """What a model, a view or an answer is built on."""
    found: dict[str, Document | None] = {}
    called: Names = {}
    complete = True
    for table in (*holder.each("model_tables"), *holder.each("tables"), *holder.each("schema", "tables")):
        if not isinstance(table.node, Mapping):
            continue
        document = context.referred_by(table.node)
        complete = complete and document is not None
        alias = table.text_of("alias")
        for name in (alias,) if alias else (table.text_of("id"), table.text_of("name")):
            if name:
                found[name.casefold()] = document
                called[name.casefold()] = name
    return Sources(found, called, complete and bool(found))


def with_paths(sources: Sources, holder: Spot) -> Sources:
    """The same, with the names that join paths give to the tables at their end."""
    found, called = dict(sources.by_name), dict(sources.called)
    for path in holder.each("table_paths"):
        name = path.text_of("id")
        found[name.casefold()] = sources.by_name.get(path.text_of("table").casefold())
        called[name.casefold()] = name
    return Sources(found, called, sources.complete)


def answers_of(document: Document) -> Iterator[Spot]:
    """The answer that a document is, or the answers that it holds."""
    content = body(document)
    if document.kind.name == "answer":
        yield content
    elif document.kind.name == "liveboard":
        yield from content.each("visualizations", "answer")
    elif document.kind.name == "cohort":
        yield from content.each("answer")


def _names(spots: Iterable[Spot]) -> Names:
    return {name.casefold(): name for spot in spots if (name := spot.text_of("name"))}
