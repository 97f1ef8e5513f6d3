"""What a table, view or model says of its own columns, formulas and joins must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.check.columns import (
    Names,
    Sources,
    answers_of,
    formula_ids,
    sources_of,
    with_paths,
)
from tsdeploy.check.context import Context
from tsdeploy.check.spot import Spot, body, did_you_mean
from tsdeploy.errors import Finding
from tsdeploy.tml.columns.names import tokens
from tsdeploy.tml.columns.offered import COLUMN_LISTS
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Mapping, Scalar

_BUILT = frozenset({"model", "worksheet"})


def find_missing_columns(context: Context) -> Iterator[Finding]:
    """``TABLE::column`` where the table has no such column, in columns, formulas and joins."""
    for document in context.documents:
        if document.kind.root in _BUILT:
            yield from _model_columns(body(document), context)
        for join in body(document).each("joins_with") if document.kind.is_data else ():
            yield from _join_columns(join, document, context)


def _model_columns(model: Spot, context: Context) -> Iterator[Finding]:
    sources = with_paths(sources_of(model, context), model)
    for column in model.each(COLUMN_LISTS[model.document.kind.root], "column_id"):
        yield from _missing_column(column, column.text, sources, context)
    for where in (*model.each("formulas", "expr"), *model.each("model_tables", "joins", "on")):
        for token in tokens(where.text):
            yield from _missing_column(where, token, sources, context)


def _missing_column(where: Spot, column_id: str, sources: Sources, context: Context) -> Iterator[Finding]:
    if "::" not in column_id or not sources.by_name:
        return
    table, _, column = column_id.partition("::")
    if table.casefold() not in sources.by_name:
        table, _, column = column_id.rpartition("::")
    if table.casefold() not in sources.by_name:
        hint = did_you_mean(table, sources.called) or "a table is called by its alias where it has one"
        yield where.finding("TD140", f"{column_id}: there is no table {table} here", hint=hint)
        return
    source = sources.by_name[table.casefold()]
    if source is not None and column.casefold() not in context.columns[source].names:
        hint = did_you_mean(column, context.columns[source].names)
        yield where.finding("TD140", f"{column_id}: {source.label} has no column {column}", hint=hint)


def _join_columns(join: Spot, document: Document, context: Context) -> Iterator[Finding]:
    ends: dict[str, Document | None] = {document.name.casefold(): document}
    for key in ("source", "destination", "with"):
        end = join.get(key)
        if end is not None and isinstance(end.node, Mapping):
            ends[end.text_of("name").casefold()] = context.referred_by(end.node)
    for condition in join.each("on"):
        for token in tokens(condition.text):
            table, found, column = token.partition("::")
            source = ends.get(table.casefold())
            if found and source is not None and column.casefold() not in context.columns[source].names:
                yield condition.finding("TD140", f"{token}: {source.label} has no column {column}")


def find_missing_formulas(context: Context) -> Iterator[Finding]:
    """Columns, formulas and searches that name a formula which is not there."""
    for document in context.documents:
        if document.kind.is_data:
            content = body(document)
            yield from _missing_formulas(content, formula_ids(content), content.each("formulas", "expr"))
            yield from _formula_columns(content)
        for answer in answers_of(document):
            yield from _answer_formulas(answer, context)


def _formula_columns(content: Spot) -> Iterator[Finding]:
    known = formula_ids(content)
    for column in content.each(COLUMN_LISTS[content.document.kind.root], "formula_id"):
        if column.text and column.text.casefold() not in known:
            yield _no_formula(column, column.text, known)


def _answer_formulas(answer: Spot, context: Context) -> Iterator[Finding]:
    sources = sources_of(answer, context)
    if not sources.complete:
        return
    known = formula_ids(answer)
    for source in sources.by_name.values():
        known |= context.columns[source].formulas if source is not None else {}
    yield from _missing_formulas(answer, known, (*answer.each("formulas", "expr"), *answer.each("search_query")))


def _missing_formulas(holder: Spot, known: Names, texts: Iterable[Spot]) -> Iterator[Finding]:
    for where in texts:
        for token in dict.fromkeys(tokens(where.text)):
            if token.casefold().startswith("formula_") and token.casefold() not in known:
                yield _no_formula(where, token, known)


def _no_formula(where: Spot, name: str, known: Names) -> Finding:
    hint = did_you_mean(name, known) or "add the formula, or remove what names it"
    return where.finding("TD141", f"there is no formula {name} here", hint=hint)


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
        if not isinstance(spot.node, Scalar) or not spot.text:
            continue
        other = first.setdefault(spot.text, spot)
        if other is not spot:
            message = f"{what} {spot.text} stands twice"
            yield spot.finding("TD142", message, hint=f"the other one is at {other.at}; rename one of the two")


def find_broken_joins(context: Context) -> Iterator[Finding]:
    """Joins of a model to tables that are not in it, or by joins that their table does not have."""
    for document in context.documents:
        content = body(document)
        if document.kind.root == "model":
            yield from _model_joins(content, context)
        elif document.kind.root == "worksheet":
            names = sources_of(content, context).called
            for join in (*content.each("joins", "source"), *content.each("joins", "destination")):
                if names and join.text and join.text.casefold() not in names:
                    yield _no_table(join, names)


def _model_joins(model: Spot, context: Context) -> Iterator[Finding]:
    sources = sources_of(model, context)
    known = _joins_of(sources, model, context)
    for table in model.each("model_tables"):
        source = context.referred_by(table.node)
        for join in table.each("joins"):
            end = join.get("with")
            if end is not None and end.text.casefold() not in sources.by_name:
                yield _no_table(end, sources.called)
            name = join.get("referencing_join")
            if name is not None and source is not None and name.text and name.text.casefold() not in known:
                message = f"{source.label} has no join {name.text}"
                yield name.finding("TD143", message, hint=did_you_mean(name.text, known))


def _joins_of(sources: Sources, holder: Spot, context: Context) -> Names:
    """The joins that the tables bring along, and those of the document itself."""
    documents = (holder.document, *sources.by_name.values())
    known: Names = {}
    for document in documents:
        known |= context.columns[document].joins if document in context.columns else {}
    return known


def _no_table(where: Spot, names: Names) -> Finding:
    hint = did_you_mean(where.text, names) or "name a table of this object, by its alias where it has one"
    return where.finding("TD143", f"joins with {where.text}, which is no table here", hint=hint)


def find_broken_paths(context: Context) -> Iterator[Finding]:
    """Join paths that name a table or a join which is not there."""
    for document in context.documents:
        content = body(document)
        for holder in (content, *(content.each("rls_rules") if document.kind.root == "table" else ())):
            yield from _broken_paths(holder, context)


def _broken_paths(holder: Spot, context: Context) -> Iterator[Finding]:
    sources = sources_of(holder, context)
    names = {**sources.called, holder.document.name.casefold(): holder.document.name}
    joins = _joins_of(sources, holder, context)
    for table in holder.each("table_paths", "table"):
        if sources.by_name and table.text.casefold() not in names:
            hint = did_you_mean(table.text, names)
            yield table.finding("TD144", f"a join path leads to {table.text}, which is no table here", hint=hint)
    for join in holder.each("table_paths", "join_path", "join"):
        if sources.complete and join.text and join.text.casefold() not in joins:
            yield join.finding("TD144", f"there is no join {join.text}", hint=did_you_mean(join.text, joins))
