"""What can never be right among the rules of one mapping: two about the same, two objects bound to one."""

from __future__ import annotations

from tsdeploy.errors import Finding
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.model import Mapping, Rule
from tsdeploy.mapping.names import NameRule


def doubled(mapping: Mapping) -> list[Finding]:
    """TD308 for each rule about what an earlier one is about, TD309 for each object bound to another's."""
    return [*_same_subjects(mapping), *_same_objects(mapping)]


def second_rule(rule: Rule, first: Rule) -> Finding:
    """The finding for a rule about what another is about."""
    message = f"a second rule for {str(rule).partition(': ')[2]}; the first is in line {first.location.line}"
    return Finding("TD308", message, rule.location, hint="keep one of the two")


def _same_subjects(mapping: Mapping) -> list[Finding]:
    first: dict[tuple[type, object], Rule] = {}
    findings = []
    for rule in mapping.rules():
        other = first.setdefault((type(rule), rule.subject), rule)
        if other is not rule:
            findings.append(second_rule(rule, other))
    return findings


def _same_objects(mapping: Mapping) -> list[Finding]:
    first: dict[str, NameRule] = {}
    findings = []
    for rule in mapping.objects.values():
        other = first.setdefault(parse_binding(rule.target).key, rule)
        if other is not rule:
            message = f"{rule.source} and {other.source} are bound to the same object {rule.target}"
            findings.append(Finding("TD309", message, rule.location, hint="two objects cannot become one"))
    return findings
