"""What a table, view or model says of its own columns, formulas and joins must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tsdeploy.check.context import Context
from tsdeploy.check.guess import did_you_mean
from tsdeploy.errors import Finding
from tsdeploy.tml.columns.offered import COLUMN_LISTS
from tsdeploy.tml.columns.scope import Source
from tsdeploy.tml.columns.sight import Sight
from tsdeploy.tml.spots import Spot, body


def find_doubled_names(context: Context) -> Iterator[Finding]:
    """Columns, formulas and tables of one object that are called alike."""
    for document in context.documents:
        if not document.kind.is_data:
            continue
        content = body(document)
        columns = COLUMN_LISTS[document.kind.root]
        yield from _doubled(content.each(columns, "name"), "column name")
        yield from _doubled(content.each("formulas", "id"), "formula id")
        if document.kind.root == "model":
            yield from _doubled(content.each(columns, "column_id"), "column_id")
            yield from _doubled(_table_names(content), "table")


def _table_names(model: Spot) -> Iterator[Spot]:
    for table in model.each("model_tables"):
        name = table.get("alias") or table.get("name")
        if name is not None:
            yield name


def _doubled(spots: Iterable[Spot], what: str) -> Iterator[Finding]:
    first: dict[str, Spot] = {}
    for spot in spots:
        if not spot.text:
            continue
        other = first.setdefault(spot.text, spot)
        if other is not spot:
            message = f"{what} {spot.text} stands twice"
            yield spot.finding("TD142", message, hint=f"the other one is at {other.at}; rename one of the two")


def find_broken_joins(context: Context) -> Iterator[Finding]:
    """Joins of a model to tables that are not in it, or by joins that their table does not have."""
    for sight in context.columns.sights.values():
        if sight.document.kind.root == "model":
            yield from _model_joins(sight, context)
        elif sight.document.kind.root == "worksheet":
            sources = sight.sources(sight.body)
            for join in (*sight.body.each("joins", "source"), *sight.body.each("joins", "destination")):
                if sources and join.text and join.text.casefold() not in sources:
                    yield _no_table(join, sources)


def _model_joins(sight: Sight, context: Context) -> Iterator[Finding]:
    sources = sight.sources(sight.body)
    known = context.columns.joins_for(sight, sources)
    for table in sight.body.each("model_tables"):
        owners = sight.meant.get(table.path, ())
        for join in table.each("joins"):
            end = join.get("with")
            if end is not None and end.text.casefold() not in sources:
                yield _no_table(end, sources)
            name = join.get("referencing_join")
            if name is not None and len(owners) == 1 and name.text and name.text.casefold() not in known:
                message = f"{context.columns.index.documents[owners[0].key].label} has no join {name.text}"
                yield name.finding("TD143", message, hint=did_you_mean(name.text, known.values()))


def _no_table(where: Spot, sources: Mapping[str, Source]) -> Finding:
    names = (source.name for source in sources.values())
    hint = did_you_mean(where.text, names) or "name a table of this object, by its alias where it has one"
    return where.finding("TD143", f"joins with {where.text}, which is no table here", hint=hint)


def find_broken_paths(context: Context) -> Iterator[Finding]:
    """Join paths that name a table or a join which is not there."""
    for sight in context.columns.sights.values():
        for holder in (sight.body, *(sight.body.each("rls_rules") if sight.document.kind.root == "table" else ())):
            yield from _broken_paths(sight, holder, context)


def _broken_paths(sight: Sight, holder: Spot, context: Context) -> Iterator[Finding]:
    paths = list(holder.each("table_paths"))
    tables = sight.sources(holder) if paths else {}
    known = {**tables, sight.document.name.casefold(): Source(sight.document.name)}
    for table in (table for path in paths for table in path.each("table")):
        if tables and table.text.casefold() not in known:
            hint = did_you_mean(table.text, (source.name for source in known.values()))
            yield table.finding("TD144", f"a join path leads to {table.text}, which is no table here", hint=hint)
    if not tables or not all(source.offers for source in tables.values()):
        return
    joins = context.columns.joins_for(sight, tables)
    for join in (join for path in paths for join in path.each("join_path", "join")):
        if join.text and join.text.casefold() not in joins:
            yield join.finding("TD144", f"there is no join {join.text}", hint=did_you_mean(join.text, joins.values()))
