"""Columns of ThoughtSpot that take the warehouse's new name, carried through everything that uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tsdeploy.errors import Finding
from tsdeploy.mapping.model import ColumnRule
from tsdeploy.tml import syntax
from tsdeploy.tml.columns.names import escape
from tsdeploy.tml.columns.reading import ColumnReader, make_reader
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Use
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.syntax import Path, Scalar, path_text
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.rewriting import Rewriting, because
from tsdeploy.transform.warehouse import column_rule, source_location

_Spans = dict[int, tuple[Scalar, Path, ColumnRule, list[tuple[int, int, str]]]]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """The columns that are renamed, and who uses them."""

    renames: Mapping[ColumnRef, ColumnRule] = field(default_factory=dict)
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    reader: ColumnReader | None = None

    def rewrite(self, rewriting: Rewriting, key: str) -> Iterator[Finding]:
        """Rename the columns that a document offers, and those of others that it uses."""
        spans: _Spans = {}
        for use in self.uses.get(key, ()):
            rule = self.renames[use.column]
            if use.is_key:
                name = use.scalar.value[: use.start] + rule.target + use.scalar.value[use.end :]
                rewriting.rename_key(use.scalar, name, at=use.where, why=because(rule))
            else:
                text = escape(rule.target) if use.escaped else rule.target
                entry = spans.setdefault(use.scalar.start, (use.scalar, use.path, rule, []))
                entry[3].append((use.start, use.end, text))
        for column, rule in self.renames.items():
            if column.document == key:
                yield from self._offered(column, rule, spans, rewriting.document)
        for scalar, path, rule, parts in spans.values():
            rewriting.splice(scalar, parts, at=path_text(path), why=because(rule))

    def _offered(self, ref: ColumnRef, rule: ColumnRule, spans: _Spans, document: Document) -> Iterator[Finding]:
        assert self.reader is not None
        columns = self.reader.index.offers[ref.document].columns
        paths = {scalar.start: path for path, scalar in syntax.walk(document.root)}
        for spelling in columns[ref.column].spellings:
            scalar, name = spelling.scalar, spelling.name
            if rule.target in columns:
                message = f"{document.label} would have two columns {rule.target}"
                hint = "leave out carry:, or rename one of the two in the source"
                yield Finding("TD231", message, document.at(scalar.start), path_text(paths[scalar.start]), hint)
                return
            entry = spans.setdefault(scalar.start, (scalar, paths[scalar.start], rule, []))
            entry[3].append((name.start, name.end, rule.target))


def carried(documents: Iterable[Document], rules_of: Callable[[Document], DocumentRules]) -> Carried:
    """The columns of the documents that rules with ``carry`` rename."""
    everything = tuple(documents)
    renames = {
        ColumnRef(document.key, name): rule
        for document in everything
        for name, rule in _renamed(document, rules_of(document))
    }
    if not renames:
        return Carried()
    keyed = build_graph(everything).documents
    reader = make_reader(index_columns(keyed))
    uses: dict[str, list[Use]] = {}
    for key in keyed:
        for use in reader.read(key):
            if isinstance(use, Use) and use.column in renames and use.start < use.end:
                uses.setdefault(key, []).append(use)
    return Carried(renames, {key: tuple(found) for key, found in uses.items()}, reader)


def _renamed(document: Document, rules: DocumentRules) -> Iterator[tuple[str, ColumnRule]]:
    location = source_location(document)
    columns = document.body.get("columns") if isinstance(document.body, syntax.Mapping) else None
    if location is None or not isinstance(columns, syntax.Sequence):
        return
    for column in columns.items:
        name, physical = (
            column.scalar(key) if isinstance(column, syntax.Mapping) else None for key in ("name", "db_column_name")
        )
        if name is not None and physical is not None and name.value == physical.value:
            rule = column_rule(rules, location, physical.value)
            if rule is not None and rule.carry:
                yield name.value, rule
