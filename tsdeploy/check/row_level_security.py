"""Row-level security rules. One bad rule makes the server drop all rules of the table (known as BL-144)."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.check.columns import Sources, sources_of, with_paths
from tsdeploy.check.context import Context
from tsdeploy.check.spot import Spot, body, did_you_mean
from tsdeploy.errors import Finding
from tsdeploy.tml.columns.names import tokens


def find_rules_without_column(context: Context) -> Iterator[Finding]:
    """Rules whose expression names no column."""
    for rules in _rules(context):
        for expression in rules.each("rules", "expr"):
            if "::" not in expression.text:
                hint = "compare a column:  [TABLE_1::COLUMN] = ts_groups"
                yield expression.finding("TD170", "the rule names no column", hint=hint)


def find_unknown_aliases(context: Context) -> Iterator[Finding]:
    """Rules that name a table by an alias which no path defines, or a column that the table does not have."""
    for rules in _rules(context):
        sources = with_paths(sources_of(rules, context), rules)
        for expression in rules.each("rules", "expr"):
            for token in dict.fromkeys(tokens(expression.text)):
                yield from _unknown(expression, token, sources, context)


def _unknown(expression: Spot, token: str, sources: Sources, context: Context) -> Iterator[Finding]:
    alias, found, column = token.partition("::")
    if not found:
        return
    if alias.casefold() not in sources.by_name:
        if alias.casefold() != expression.document.name.casefold():
            hint = did_you_mean(alias, sources.called) or "aliases are the ids under table_paths:"
            yield expression.finding("TD171", f"the rule names {alias}, which no path defines", hint=hint)
        return
    source = sources.by_name[alias.casefold()]
    if source is not None and column.casefold() not in context.columns[source].names:
        hint = did_you_mean(column, context.columns[source].names)
        yield expression.finding("TD171", f"{token}: {source.label} has no column {column}", hint=hint)


def _rules(context: Context) -> Iterator[Spot]:
    for document in context.documents:
        if document.kind.root == "table":
            yield from body(document).each("rls_rules")
