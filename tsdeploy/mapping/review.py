"""What is suspicious about the rules of a mapping, whatever the release: two sources of one target, and chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.model import Mapping, Rule, Scope, TableRule
from tsdeploy.mapping.names import NameRule

_Pair: TypeAlias = "tuple[Rule, Scope, object, object]"
"""A rule, its scope, what it is for, and what that becomes."""


def review(mapping: Mapping) -> tuple[Finding, ...]:
    """Warnings: TD222 for two sources that become one, TD223 for a target that is a source itself."""
    names = [*mapping.connections, *mapping.groups, *mapping.users, *mapping.hosts]
    columns = [(rule, (rule.table, rule.column), (rule.table, rule.target)) for rule in mapping.columns]
    pairs: list[_Pair] = [
        *((rule, rule.scope, source, target) for rule in names for source, target in _ends(rule)),
        *((rule, rule.scope, source, target) for rule, source, target in columns),
    ]
    bound: list[_Pair] = [(rule, (), rule.source, parse_binding(rule.target).key) for rule in mapping.objects.values()]
    tables: list[_Pair] = [(rule, rule.scope, rule.source, mapping.move(rule.source)[0]) for rule in mapping.tables]
    return (
        *_merged([*pairs, *tables]),
        *_chained([*pairs, *bound]),
        *(_chain(rule, other) for rule in mapping.tables for other in _next_tables(rule, mapping)),
    )


def _ends(rule: NameRule) -> Iterator[tuple[object, object]]:
    """A name and what it becomes; for a ``*`` neither is a single name."""
    if not rule.is_pattern:
        yield (rule.section, rule.source), (rule.section, rule.target)


def _merged(pairs: Iterable[_Pair]) -> Iterator[Finding]:
    first: dict[object, _Pair] = {}
    for pair in pairs:
        rule, scope, source, target = pair
        other = first.setdefault((type(rule), scope, target), pair)
        if other[2] != source:
            message = f"{rule} and {str(other[0]).partition(': ')[2]} become the same in the target"
            hint = "what is live there cannot be told apart any more when it is read back; keep them apart if you can"
            yield Finding("TD222", message, rule.location, hint=hint, severity=Severity.WARNING)


def _chained(pairs: list[_Pair]) -> Iterator[Finding]:
    sources = {(type(rule), source): rule for rule, _, source, target in pairs if source != target}
    for rule, _, source, target in pairs:
        other = sources.get((type(rule), target))
        if other is not None and source != target and other is not rule:
            yield _chain(rule, other)


def _next_tables(rule: TableRule, mapping: Mapping) -> Iterator[TableRule]:
    """The rules that are for where the tables of a rule arrive, and would move them on."""
    there = mapping.move(rule.source)[0]
    for other in mapping.tables if there != rule.source else ():
        moves_on = mapping.move(other.source)[0] != other.source
        if other is not rule and other.source.given() and moves_on and other.source.covers(there):
            yield other


def _chain(rule: Rule, other: Rule) -> Finding:
    message = f"the target of {rule} is itself a source, in line {other.location.line}"
    hint = "rules apply once, and never to what another rule made; if you meant it so, keep it"
    return Finding("TD223", message, rule.location, hint=hint, severity=Severity.WARNING)
