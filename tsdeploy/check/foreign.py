"""Rules of others: objects that installed distributions register under the entry point ``tsdeploy.rules``.

An entry point names a ``Rule``, or a list of them. It runs in this process with the rights of whoever runs the
check, as any installed package does; what it breaks is a finding, so that one bad rule hides no other finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from tsdeploy.check.context import Context
from tsdeploy.check.rule import Rule
from tsdeploy.check.rules import RULES
from tsdeploy.errors import Finding

ENTRY_POINT = "tsdeploy.rules"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Registry:
    """The rules of a check, and what is wrong with those that others brought."""

    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...] = ()

    def run(self, context: Context) -> Iterator[Finding]:
        """Everything that the rules find."""
        own = {rule.code for rule in RULES}
        for rule in self.rules:
            if rule.code in own:
                yield from rule.find(context)
            else:
                yield from _run(rule, context)


def find_rules() -> Registry:
    """This package's rules and those that others registered; a code can be taken only once."""
    rules = {rule.code: rule for rule in RULES}
    findings: list[Finding] = []
    for point in sorted(entry_points(group=ENTRY_POINT), key=lambda point: (point.name, point.value)):
        loaded = _load(point)
        if isinstance(loaded, Finding):
            findings.append(loaded)
            continue
        for rule in loaded:
            if rules.setdefault(rule.code, rule) is not rule:
                findings.append(_broken(_called(point), f"the code {rule.code} is taken"))
    return Registry(tuple(rules.values()), tuple(findings))


def _load(point: EntryPoint) -> list[Rule] | Finding:
    loaded = _guarded(point.load, _called(point))
    if isinstance(loaded, Rule):
        return [loaded]
    if isinstance(loaded, Finding):
        return loaded
    if isinstance(loaded, (list, tuple)) and all(isinstance(rule, Rule) for rule in loaded):
        return list(loaded)
    return _broken(_called(point), "it is no Rule and no list of them")


def _run(rule: Rule, context: Context) -> Iterator[Finding]:
    found = _guarded(lambda: list(rule.find(context)), rule.code)
    if isinstance(found, Finding):
        yield found
        return
    for finding in found:
        if isinstance(finding, Finding) and finding.code == rule.code:
            yield finding
        else:
            yield _broken(rule.code, f"it found something that is no finding of {rule.code}")


def _guarded(call: Callable[[], _T], what: str) -> _T | Finding:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - what others wrote may raise anything
        return _broken(what, f"{type(error).__name__}: {error}")


def _broken(what: str, why: str) -> Finding:
    hint = "update or remove the package that brings the rule"
    return Finding("TD191", f"rule {what} is broken: {why}", hint=hint)


def _called(point: EntryPoint) -> str:
    origin = f" of {point.dist.name}" if point.dist else ""
    return f"{point.name}{origin}"
