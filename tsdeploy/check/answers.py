"""Answers and Liveboards against the models they are built on, where those are among the documents."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.check.columns import Names, answers_of, formula_ids, sources_of
from tsdeploy.check.context import Context
from tsdeploy.check.spot import Spot, body, did_you_mean
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.columns.names import tokens
from tsdeploy.tml.document import Document


def find_missing_search_columns(context: Context) -> Iterator[Finding]:
    """Columns that a search or a filter names and the model does not have.

    A search may also name sets and parameters. Where one of the sources is in no file, nothing is said.
    """
    sets = {document.name.casefold(): document.name for document in context.documents if document.kind.name == "cohort"}
    for document in context.documents:
        everything: Names = dict(sets)
        complete = True
        for answer in answers_of(document):
            offered = _offered_to(answer, context)
            complete = complete and offered is not None
            if offered is not None:
                everything |= offered
                yield from _missing(answer, offered | sets)
        if complete and len(everything) > len(sets) and document.kind.name == "liveboard":
            yield from _missing_filters(document, everything)


def _offered_to(answer: Spot, context: Context) -> Names | None:
    """Everything that an answer may name; None when one of its sources is in no file."""
    sources = sources_of(answer, context)
    if not sources.complete:
        return None
    found: Names = formula_ids(answer)
    for source in sources.by_name.values():
        if source is not None:
            columns = context.columns[source]
            found |= columns.names | columns.formulas | columns.parameters
    for named in (*answer.each("cohorts"), *answer.each("parameters")):
        found[named.text_of("name").casefold()] = named.text_of("name")
    return found


def _missing(answer: Spot, offered: Names) -> Iterator[Finding]:
    for where in (*answer.each("search_query"), *answer.each("formulas", "expr")):
        for token in dict.fromkeys(tokens(where.text)):
            if token and not _is_offered(token, offered) and not token.casefold().startswith("formula_"):
                yield _no_column(where, token, offered)


def _missing_filters(document: Document, offered: Names) -> Iterator[Finding]:
    content = body(document)
    for holder in (content, *content.each("groups"), *content.each("layout", "tabs")):
        for column in holder.each("filters", "column"):
            if column.text and not _is_offered(column.text, offered):
                yield _no_column(column, column.text, offered)


def _is_offered(name: str, offered: Names) -> bool:
    """Whether a name is there, with or without the model in front of it."""
    return name.casefold() in offered or name.rpartition("::")[2].casefold() in offered


def _no_column(where: Spot, name: str, offered: Names) -> Finding:
    hint = did_you_mean(name.rpartition("::")[2], offered) or "rename it here, too, or bring the column back"
    return where.finding("TD145", f"the model has no column {name}", hint=hint, severity=Severity.WARNING)
