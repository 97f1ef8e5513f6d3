"""The sections of a mapping file, each read into its rules. What is wrong is collected, not raised."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tsdeploy.config.secrets import Secret, expand_variables, parse_secret
from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import ConfigError, Finding, Location, UsageError
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.doubles import second_rule
from tsdeploy.mapping.locations import PARTS, TableLocation, location_parts
from tsdeploy.mapping.model import ColumnRule, PropertyRule, Scope, TableRule, TextRule
from tsdeploy.mapping.names import STAR, NameRule, NameRules
from tsdeploy.mapping.places import parse_path
from tsdeploy.tml.selector import parse_selector

_FOLDED = ("hosts",)
"""Sections whose names are the same in upper and lower case."""

_EFFECTS = ("to", "secret", "keep")
"""What a rule for a property does."""


class Sections:
    """The sections of one file. ``hidden`` are variables that may stand in none of them."""

    def __init__(self, file: ConfigFile, findings: list[Finding], hidden: Collection[str] = frozenset()) -> None:
        self._file = file
        self._findings = findings
        self._hidden = hidden

    def names(self, section: str) -> NameRules:
        """Names as a mapping, or as a list of ``{in, from, to}``."""
        return NameRules(tuple(self._names(section)))

    def objects(self) -> dict[str, NameRule]:
        """Bindings, by GUID, obj_id or ``kind:name`` of the source."""
        found: dict[str, NameRule] = {}
        for source, target, where in self._pairs("objects"):
            key = parse_binding(self._expanded(source, where)).key
            rule = NameRule(key, self._expanded(target, where), where, section="objects")
            other = found.setdefault(key, rule)
            if other is not rule:
                self._findings.append(second_rule(rule, other))
        return found

    def tables(self) -> tuple[TableRule, ...]:
        """Warehouse locations."""
        return tuple(
            TableRule(self._table(rule["from"], where), self._table(rule["to"], where), where, scope)
            for rule, where, scope in self._items("tables")
        )

    def columns(self) -> tuple[ColumnRule, ...]:
        """Columns of the warehouse; ``from`` may be short: ``table.column``, or with schema and database in front."""
        return tuple(self._column(*item) for item in self._items("columns"))

    def properties(self) -> tuple[PropertyRule, ...]:
        """Any scalar by its path."""
        return tuple(self._property(*item) for item in self._items("properties"))

    def text(self) -> tuple[TextRule, ...]:
        """Literal text."""
        return tuple(
            TextRule(rule["find"], self._expanded(rule["to"], where), rule.get("path", ""), where, scope)
            for rule, where, scope in self._items("text")
        )

    def _names(self, section: str) -> Iterator[NameRule]:
        if isinstance(self._file.value.get(section), dict):
            for source, target, where in self._pairs(section):
                yield self._name(section, source, target, where)
        else:
            for rule, where, scope in self._items(section):
                yield self._name(section, rule["from"], rule["to"], where, scope)

    def _name(self, section: str, source: str, target: str, where: Location, scope: Scope = ()) -> NameRule:
        source, target = self._expanded(source, where), self._expanded(target, where)
        if section in _FOLDED:
            source = source.lower()
        if source.count(STAR) > 1 or target.count(STAR) > source.count(STAR):
            hint = "one * stands for any text, and a * in the target repeats it"
            self._findings.append(Finding("TD303", f"{source}: {target} has a * too many", where, hint=hint))
        return NameRule(source, target, where, scope, section)

    def _column(self, rule: dict[str, Any], where: Location, scope: Scope) -> ColumnRule:
        parts = rule["from"]
        if isinstance(parts, str):
            *table, column = parts.split(".")
            parts = {**dict(zip(PARTS[-len(table) :], table, strict=True)), "column": column}
        place = self._table({part: parts[part] for part in PARTS if part in parts}, where)
        column, to = self._expanded(parts["column"], where), self._expanded(rule["to"], where)
        return ColumnRule(place, column, to, where, scope, rule.get("carry", False))

    def _property(self, rule: dict[str, Any], where: Location, scope: Scope) -> PropertyRule:
        steps = parse_path(rule["path"])
        if steps is None:
            hint = "write keys, [], [3] and [key=value], such as  properties[key=warehouse].value"
            self._findings.append(Finding("TD303", f"{rule['path']} is no path", where, hint=hint))
        if sum(key in rule for key in _EFFECTS) != 1:
            message = f"a rule for a property has one of {', '.join(_EFFECTS)}"
            self._findings.append(Finding("TD303", message, where, hint="what should become of the field?"))
        to, only = (self._expanded(rule[key], where) if key in rule else None for key in ("to", "from"))
        return PropertyRule(rule["path"], steps or (), to, where, scope, only, self._secret(rule, where))

    def _secret(self, rule: dict[str, Any], where: Location) -> Secret | None:
        try:
            secret = parse_secret(rule["secret"], where, key="secret") if "secret" in rule else None
        except ConfigError as error:
            self._findings += error.findings
            return None
        if secret is not None and secret.variable in self._hidden:
            hint = "who signs in to ThoughtSpot is nobody that a connection knows: use a variable of its own"
            message = f"{secret.variable} is what tsdeploy signs in with, and would be sent to be stored"
            self._findings.append(Finding("TD340", message, where, hint=hint))
        return secret

    def _table(self, value: Any, where: Location) -> TableLocation:
        return TableLocation(**{part: self._expanded(text, where) for part, text in location_parts(value).items()})

    def _pairs(self, section: str) -> Iterator[tuple[str, str, Location]]:
        for source, target in self._file.value.get(section, {}).items():
            yield source, target, self._file.key_at(section, source)

    def _items(self, section: str) -> Iterator[tuple[dict[str, Any], Location, Scope]]:
        for number, rule in enumerate(self._file.value.get(section, ())):
            yield rule, self._file.at(section, number), self._scope(rule.get("in", ()), section, number)

    def _scope(self, given: Any, section: str, number: int) -> Scope:
        scope = (given,) if isinstance(given, str) else tuple(given)
        where = self._file.at(section, number, "in")
        for selector in scope:
            try:
                field = parse_selector(selector).field
            except UsageError as error:
                self._findings += (Finding(f.code, f.message, where, f.at, f.hint) for f in error.findings)
                continue
            if field == "tag":
                hint = "TML does not hold tags: select by kind, name or path instead"
                message = f"which objects are tagged {selector.partition(':')[2]} is not known here"
                self._findings.append(Finding("TD012", message, where, at=selector, hint=hint))
        return () if scope == (STAR,) else scope

    def _expanded(self, text: str, where: Location) -> str:
        try:
            return expand_variables(text, where, hidden=self._hidden)
        except ConfigError as error:
            self._findings += error.findings
            return text
