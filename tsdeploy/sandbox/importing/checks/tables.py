"""Columns, joins and row-level security rules of Tables. Code 14540."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.texts.columns import column_names
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.tml.syntax import Mapping

_COLUMN = re.compile(r"\[([^\[\]]+?)::([^\[\]]+)\]")


def check_columns(context: Context) -> Iterator[Problem]:
    """A Table has columns, each with a name of its own."""
    names = column_names(context.document)
    if not names:
        yield problems.no_columns()
    for name in repeated(names):
        yield problems.duplicate_column(name)


def check_joins(context: Context) -> Iterator[Problem]:
    """A join compares columns that are there."""
    for index, join in enumerate(mappings(context.document.body, "joins_with")):
        yield from _broken(context, join, index)


def check_rules(context: Context) -> Iterator[Problem]:
    """A rule without a column imports without a word, and takes all rules of its Table along: a fault of the platform.

    Source: facts about the REST API, section 7, and about TML, 4.1, rule 9.
    """
    rules = mappings(context.document.body, "rls_rules", "rules")
    if any(not _COLUMN.search(value(rule, "expr")) for rule in rules):
        yield problems.silently((context.document.kind.root, "rls_rules"))


def _broken(context: Context, join: Mapping, index: int) -> Iterator[Problem]:
    document = context.document
    place = f"{document.kind.root}.joins_with[{index}]"
    target = context.target(f"{place}.destination") or context.target(f"{place}.with")
    if target is None:
        return  # skipped as a relationship whose table is not there
    known = {
        document.name: set(column_names(document)),
        target.name: set(column_names(target.document)),
        value(join, "destination", "name"): set(column_names(target.document)),
    }
    for table, column in _COLUMN.findall(value(join, "on")):
        if table in known and column not in known[table]:
            part = (document.kind.root, "joins_with", index)
            yield problems.broken_join(problems.ordinal(index), document.name, f"{table}::{column}", part)


def repeated(names: list[str]) -> list[str]:
    """The names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1 and name]
