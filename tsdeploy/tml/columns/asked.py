"""``SELECTOR::COLUMN``: one column of one object, as people ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding, UsageError
from tsdeploy.nearest import closest
from tsdeploy.tml.columns.graph import ColumnGraph
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.selector import select

_BETWEEN = "::"
_NAMES_SHOWN = 3


def asked_column(text: str, graph: Graph, columns: ColumnGraph) -> ColumnRef:
    """The column that a text names.

    Names may hold ``::`` themselves: of the ways to read the text, the first one that means something counts. Raises
    UsageError TD014 where there is no ``::``, TD015 when the selector means several objects, TD016 when the object
    has no such column, and what ``select`` raises.
    """
    readings = list(_readings(text))
    if not readings:
        hint = "write an object and its column, such as  table:SALES::NET_AMOUNT"
        raise UsageError(Finding("TD014", "names no column of an object", at=text, hint=hint))
    refused: list[UsageError] = []
    for selector, column in readings:
        try:
            return _column(text, selector, column, graph, columns)
        except UsageError as error:
            refused.append(error)
    # The reading that went furthest is the likeliest: an object that is there, and a column that is not.
    raise max(refused, key=lambda error: error.code)


def _readings(text: str) -> Iterator[tuple[str, str]]:
    at = text.find(_BETWEEN)
    while at >= 0:
        selector, column = text[:at], text[at + len(_BETWEEN) :]
        if selector and column:
            yield selector, column
        at = text.find(_BETWEEN, at + 1)


def _column(text: str, selector: str, column: str, graph: Graph, columns: ColumnGraph) -> ColumnRef:
    keys = select([selector], graph)
    if len(keys) != 1:
        shown = ", ".join(graph.documents[key].path for key in keys[:_NAMES_SHOWN])
        more = ", …" if len(keys) > _NAMES_SHOWN else ""
        message = f"{selector} means {len(keys)} objects, and a column belongs to one"
        hint = f"say which one, by its GUID or path:  {shown}{more}" if keys else "select one object"
        raise UsageError(Finding("TD015", message, at=text, hint=hint))
    offer = columns.offers.get(keys[0])
    found = offer.find(column) if offer else None
    if found is None:
        document = graph.documents[keys[0]]
        where = document.at(document.body.start)
        hint = _nearest(column, list(offer.columns)) if offer else "tables, views, Models and sets have columns"
        raise UsageError(Finding("TD016", f"{document.label} has no column {column}", where, text, hint))
    return found


def _nearest(column: str, names: list[str]) -> str:
    folded = {name.casefold(): name for name in names}
    close = closest(column.casefold(), folded, _NAMES_SHOWN)
    shown = [folded[name] for name in close] or names[:_NAMES_SHOWN]
    return f"{'did you mean' if close else 'it has, for instance,'} {', '.join(shown)} ?" if shown else "it has none"
