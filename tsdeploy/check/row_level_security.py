"""Row-level security rules. One bad rule makes the server drop all rules of the table (known as BL-144)."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.check.context import Context
from tsdeploy.errors import Finding
from tsdeploy.tml.spots import body


def find_rules_without_column(context: Context) -> Iterator[Finding]:
    """Rules whose expression names no column."""
    for document in context.documents:
        if document.kind.root == "table":
            for expression in body(document).each("rls_rules", "rules", "expr"):
                if "::" not in expression.text:
                    hint = "compare a column:  [TABLE_1::COLUMN] = ts_groups"
                    yield expression.finding("TD170", "the rule names no column", hint=hint)
